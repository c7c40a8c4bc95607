"""One language service for every front door: complete, explain, check. No I/O."""
