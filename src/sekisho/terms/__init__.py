"""The words everyone uses: texts, dates, quantities, certainty, citations, verdicts, errors."""
