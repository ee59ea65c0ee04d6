"""A made-up product with a fault for every ★1 criterion: what the probe and the judge are tried on."""
