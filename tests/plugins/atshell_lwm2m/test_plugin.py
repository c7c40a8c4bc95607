"""The analyzer comes in by the plugin door."""

from __future__ import annotations

from atshell.host import host
from atshell_lwm2m.analyzer import LwM2mAnalyzer
from atshell_lwm2m.plugin import atshell_analyzer


def test_the_hosts_analyzer_is_this_packs() -> None:
    assert isinstance(atshell_analyzer(), LwM2mAnalyzer)
    assert isinstance(host().analyzer, LwM2mAnalyzer)
