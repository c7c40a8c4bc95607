from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from atshell.errors import AtshellError
from atshell.hooks import Platform
from atshell_quectel.platforms import OPERATORS, serve


@pytest.mark.parametrize("profile", OPERATORS)
def test_each_profile_serves(profile: str) -> None:
    async def run() -> None:
        platform: Platform = await serve(profile, "127.0.0.1:0", [])
        try:
            (address,) = platform.addresses
            assert address.startswith("coap://127.0.0.1:")
            assert await platform.operate(["clients"]) == {"ok": True, "clients": []}
        finally:
            await platform.close()

    asyncio.run(run())


@pytest.mark.parametrize("profile", OPERATORS)
def test_each_profile_serves_by_dtls_too(profile: str) -> None:
    async def run() -> None:
        platform = await serve(profile, "127.0.0.1:0", ["*:secret"])
        assert [address.partition("://")[0] for address in platform.addresses] == ["coap", "coaps"]
        await platform.close()
        with pytest.raises(AtshellError):
            await serve(profile, "127.0.0.1:0", ["no key"])

    asyncio.run(run())


@contextmanager
def atshell(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A subcommand as a process; its first line says that it listens."""
    command = [sys.executable, "-m", "atshell", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def operated(process: subprocess.Popen[str], words: str) -> dict[str, object]:
    assert process.stdin is not None
    process.stdin.write(f"{words}\n")
    process.stdin.flush()
    answer: dict[str, object] = json.loads(line(process))
    return answer


@pytest.mark.parametrize(
    ("profile", "model", "firmware"), [("cmdmp", "BC28", "BC28JAR01A10_ONT"), ("ctcc", "BC25", "BC25PAR01A04")]
)
def test_a_module_and_a_platform_in_two_processes(profile: str, model: str, firmware: str) -> None:
    with atshell("platform", profile, "--listen", "127.0.0.1:0") as platform:
        address = line(platform).removeprefix("listening on ")
        options = ("--operator", OPERATORS[profile], "--firmware", firmware, "--platform", address)
        with atshell("emulate", model, *options, "--listen", "tcp://127.0.0.1:0") as module:
            assert line(module).startswith("listening on tcp://")
            until = time.monotonic() + 20
            clients: object = []
            while not clients and time.monotonic() < until:
                clients = operated(platform, "clients")["clients"]
            assert isinstance(clients, list)
            assert clients
            if profile == "cmdmp":
                assert clients[0]["endpoint"] == "urn:imei:869975030000461"
                assert operated(platform, "read /3/0/1")["value"] == model
            else:
                assert clients[0]["reports"][0]["model"] == model
