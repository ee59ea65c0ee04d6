"""MQTT over mutual TLS."""
