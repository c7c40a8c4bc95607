"""What manuals say about modules, as data."""
