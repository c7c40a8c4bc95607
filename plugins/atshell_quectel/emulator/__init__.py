"""The emulated Quectel modules: what they save, what is in force, and how they restart."""
