"""The laboratory's sockets: plants, brokers and authorities to throw away."""
