"""How any requirement is stated, dated, sourced, cased and run. Machinery only: no rule is here."""
