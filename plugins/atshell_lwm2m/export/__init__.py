"""Decoded traffic for other programs: spreadsheets and packet analyzers."""
