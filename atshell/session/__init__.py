"""A conversation with a module: exchanges and URCs."""
