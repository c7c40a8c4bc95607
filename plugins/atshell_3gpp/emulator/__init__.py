"""The standard commands of an emulated module."""
