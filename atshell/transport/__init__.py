"""Links: duplex byte channels to a module."""
