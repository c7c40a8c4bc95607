"""Quectel's NB-IoT modules: the manuals of CMDMP and of self-registration with the operators."""
