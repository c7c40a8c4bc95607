"""The terminal front door: parts of prompt-toolkit around one engine. No logic of AT lives here."""
