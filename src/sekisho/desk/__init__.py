"""Papers: whether a project's equipment satisfies every rule on the day that counts."""
