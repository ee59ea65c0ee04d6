"""JC-STAR itself as dated data: its levels, its ★1 criteria, and whom it recognises."""
