"""The Jupyter front door. No logic: the engine does the work, the kernel speaks Jupyter's messages."""
