"""What this pack offers (``atshell.hooks``)."""

from __future__ import annotations
