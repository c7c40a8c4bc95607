"""The engine behind every front door: a cell of text in, results out."""
