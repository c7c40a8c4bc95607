from __future__ import annotations

import argparse
import asyncio
import os
import signal
from collections.abc import Awaitable, Sequence
from functools import partial
from types import SimpleNamespace

import pluggy
import pytest

from atshell import hooks
from atshell.cli import platform
from atshell.errors import AtshellError


class TwoDoors:
    """A platform that ends the process when its lines of standard input have been done."""

    def __init__(self, ends: bool) -> None:
        self.ends = ends
        self.closed = False
        self.operated: list[list[str]] = []

    @property
    def addresses(self) -> Sequence[str]:
        if self.ends:
            asyncio.get_running_loop().call_soon(partial(os.kill, os.getpid(), signal.SIGTERM))
        return ["coap://127.0.0.1:5683", "coaps://127.0.0.1:5684"]

    async def operate(self, words: Sequence[str]) -> dict[str, object]:
        self.operated.append(list(words))
        os.kill(os.getpid(), signal.SIGTERM)
        return {"clients": []}

    async def close(self) -> None:
        self.closed = True


class Plugin:
    def __init__(self, server: TwoDoors) -> None:
        self.server = server
        self.asked: list[object] = []

    @hooks.hookimpl
    def atshell_platform(self, profile: str, listen: str, psk: Sequence[str]) -> Awaitable[hooks.Platform] | None:
        self.asked = [profile, listen, psk]

        async def start() -> hooks.Platform:
            return self.server

        return start() if profile == "onenet" else None


def run(plugin: Plugin, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    plugins = pluggy.PluginManager(hooks.PROJECT)
    plugins.add_hookspecs(hooks)
    plugins.register(plugin)
    monkeypatch.setattr("atshell.host.host", lambda: SimpleNamespace(plugins=plugins))
    parser = argparse.ArgumentParser()
    platform.add_arguments(parser)
    return platform.run(parser.parse_args(arguments))


def test_a_line_for_each_address(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    plugin = Plugin(TwoDoors(ends=True))
    assert run(plugin, monkeypatch) == 0
    assert plugin.asked == ["onenet", "127.0.0.1", []]
    assert plugin.server.closed
    assert capsys.readouterr().out == ("listening on coap://127.0.0.1:5683\nlistening on coaps://127.0.0.1:5684\n")


def test_standard_input_operates_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    reading, writing = os.pipe()
    os.write(writing, b'write /3/0/15 "a b"\n')
    os.close(writing)
    stdin = os.dup(0)
    os.dup2(reading, 0)
    plugin = Plugin(TwoDoors(ends=False))
    try:
        assert run(plugin, monkeypatch, "--listen", "127.0.0.1:0", "--psk", "a:b", "--psk", "*:0x00") == 0
    finally:
        os.dup2(stdin, 0)
        os.close(stdin)
        os.close(reading)
    assert plugin.asked == ["onenet", "127.0.0.1:0", ["a:b", "*:0x00"]]
    assert plugin.server.operated == [["write", "/3/0/15", '"a b"']]
    assert '{"line": "write /3/0/15 \\"a b\\"", "clients": []}' in capsys.readouterr().out


def test_an_unknown_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AtshellError, match="'nowhere' is no platform profile"):
        run(Plugin(TwoDoors(ends=True)), monkeypatch, "nowhere")
