"""The emulated OneMO module: the LwM2M commands of the OneMO manual on top of a live LwM2M client."""

MODELS = frozenset({"MN316", "MN316-S", "MN316A", "MN318", "MN319", "MN326", "ML302A", "ML305A", "ML307A", "ML307R"})
"""OneMO LwM2M manual 4.4.0, table 1."""
