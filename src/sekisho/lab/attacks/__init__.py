"""What attackers try, and how it is judged: from what the plant did, not from the gate's word."""
