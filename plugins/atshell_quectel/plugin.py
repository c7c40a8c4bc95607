"""What this pack offers (``atshell.hooks``)."""

from __future__ import annotations

from pathlib import Path

from atshell.hooks import hookimpl


@hookimpl
def atshell_manuals() -> list[Path]:
    manuals = Path(__file__).parent / "manuals"
    return [
        manuals / "bc35g-bc28-bc95r2-cmdmp.toml",
        manuals / "bc26-bc20-cmdmp.toml",
        manuals / "bc260y-self-registration.toml",
        manuals / "bc25-bc32-self-registration.toml",
    ]
