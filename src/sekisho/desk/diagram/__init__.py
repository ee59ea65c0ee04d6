"""The system diagram (システム構成図): from a site and what is known of its labels to a picture."""
