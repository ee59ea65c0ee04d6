"""Papers: whether the equipment of a battery project satisfies every rule on the day that counts."""
