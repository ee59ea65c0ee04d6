"""Updates of the gate's own program: what may be installed, and how it is switched. Pure."""
