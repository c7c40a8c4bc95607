"""What goes wrong around an emulated module, on purpose: each fault is a line of data, and a run can be repeated."""
