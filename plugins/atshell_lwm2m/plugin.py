"""What this pack offers (``atshell.hooks``)."""

from __future__ import annotations

from atshell.hooks import Analyzer, hookimpl


@hookimpl
def atshell_analyzer() -> Analyzer:
    from atshell_lwm2m.analyzer import LwM2mAnalyzer

    return LwM2mAnalyzer()
