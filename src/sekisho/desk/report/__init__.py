"""An answer as documents: a summary for the terminal, and reports for three readers."""
