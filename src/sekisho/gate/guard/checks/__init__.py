"""The checks, one file each: pure functions from a question to a finding."""
