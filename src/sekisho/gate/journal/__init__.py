"""What the gate writes down."""
