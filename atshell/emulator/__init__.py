"""The frame of an emulated module. Vendor packs fill it with commands."""
