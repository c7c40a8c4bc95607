"""libcoap's client by DTLS (Debian: libcoap3-bin, built with OpenSSL and with GnuTLS) at the platform: both suites of
the OneMO manual, and what was registered in secret stays its identity's."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from atshell_lwm2m.endpoint.dtls import listener
from atshell_lwm2m.endpoint.dtls.binding import server_context
from atshell_lwm2m.endpoint.dtls.keyring import Keyring, Keyrings
from atshell_lwm2m.endpoint.dtls.security import SUITES
from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.platform import Platform

KEYS = {b"me": b"key", b"you": b"other"}
Ask = Callable[..., Awaitable[str]]


def play(build: str, session: Callable[[Platform, Ask], Awaitable[None]]) -> None:
    program = f"coap-client-{build}"
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")

    async def ask(plain: str, secure: str, identity: str, method: str, path: str, *options: str) -> str:
        """What the client prints, its messages in it; without an identity it comes in the open."""
        secret = ("-u", identity, "-k", KEYS[identity.encode()].decode()) if identity else ()
        command = (program, "-v", "6", "-B", "3", "-m", method, *options, *secret)
        process = await asyncio.create_subprocess_exec(
            *command, f"{secure if identity else plain}{path}", stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        printed, _ = await process.communicate()
        return printed.decode("utf-8", "replace")

    async def main() -> None:
        ring = Keyring(KEYS.get)
        platform = await Platform.start(Habits(), keys=Keyrings(ring, ring))
        try:
            await session(platform, partial(ask, *platform.addresses))
        finally:
            await platform.close()

    asyncio.run(main())


@pytest.mark.parametrize("build", ["openssl", "gnutls"])
@pytest.mark.parametrize("suite", SUITES)
def test_the_life_of_a_registration_by_each_suite(build, suite, monkeypatch):
    monkeypatch.setattr(listener, "server_context", lambda suites: server_context((suite,)))

    async def session(platform: Platform, ask: Ask) -> None:
        printed = await ask("me", "post", "/rd?ep=lib&lt=60", "-t", "40", "-e", "</3/0>,</3303/0>")
        location = "/rd/" + printed.split("Location-Path:rd, Location-Path:")[1][:8]
        assert "c:2.04" in await ask("me", "post", f"{location}?lt=90")
        (client,) = (await platform.operate(["clients"]))["clients"]
        assert (client["lifetime"], client["objects"]) == (90, ["/3/0", "/3303/0"])
        assert "c:2.02" in await ask("me", "delete", location)
        assert (await platform.operate(["clients"]))["clients"] == []

    play(build, session)


@pytest.mark.parametrize("other", ["", "you"])
def test_nobody_else_goes_on_with_a_registration(other):
    async def session(platform: Platform, ask: Ask) -> None:
        printed = await ask("me", "post", "/rd?ep=lib&lt=60", "-t", "40", "-e", "</3/0>")
        location = "/rd/" + printed.split("Location-Path:rd, Location-Path:")[1][:8]
        assert "c:4.04" in await ask(other, "post", f"{location}?lt=90")
        assert "c:4.04" in await ask(other, "delete", location)
        assert "c:4.03" in await ask(other, "post", "/rd?ep=lib&lt=90")
        (client,) = (await platform.operate(["clients"]))["clients"]
        assert (client["location"], client["lifetime"]) == (location, 60)
        assert "c:2.01" in await ask("me", "post", "/rd?ep=lib&lt=90")

    play("openssl", session)
