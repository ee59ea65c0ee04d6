"""The made-up product on real sockets: HTTPS, HTTP, SSH's first words, Modbus."""
