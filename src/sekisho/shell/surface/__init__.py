"""What of the gate is open, installed and known to be weak: asked of the machine itself."""
