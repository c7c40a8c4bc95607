"""China Mobile OneMO modules: the LwM2M AT commands (OneMO LwM2M manual 4.4.0)."""
