"""The platform that takes reports, asked by aiocoap's own client and by libcoap's."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable

import aiocoap
import pytest

from atshell_lwm2m.endpoint.dtls.keyring import Keyring
from atshell_quectel.reports import MAX_CLIENTS, MAX_REPORTS, ReportPlatform

FIELDS = ("reason", "manufacturer", "model", "firmware", "imei", "imsi", "iccid")
Ask = Callable[..., Awaitable[str]]


def report(**values: str) -> bytes:
    return json.dumps({**dict.fromkeys(FIELDS, "1"), **values}).encode()


def with_platform(talk: Callable[[ReportPlatform, Ask], Awaitable[None]]) -> None:
    async def run() -> None:
        platform = await ReportPlatform.start()
        client = await aiocoap.Context.create_client_context()

        async def ask(
            payload: bytes, *, path: str = "selfregister", code: aiocoap.Code = aiocoap.POST, form: int | None = 50
        ) -> str:
            message = aiocoap.Message(code=code, uri=f"{platform.addresses[0]}/{path}", payload=payload)
            message.opt.content_format = form
            return str((await client.request(message).response).code.dotted)

        try:
            await talk(platform, ask)
        finally:
            await client.shutdown()
            await platform.close()

    asyncio.run(run())


def test_a_report_is_taken_and_listed() -> None:
    async def talk(platform: ReportPlatform, ask: Ask) -> None:
        assert await ask(report(imei="8" * 15, reason="register")) == "2.04"
        assert await ask(report(imei="8" * 15, reason="update"), form=None) == "2.04"
        assert await ask(report(imei="9" * 15)) == "2.04"
        listed = await platform.operate(["clients"])
        first, second = listed["clients"]  # type: ignore[misc]
        assert (first["imei"], first["count"], second["imei"], second["count"]) == ("8" * 15, 2, "9" * 15, 1)
        assert [one["reason"] for one in first["reports"]] == ["register", "update"]
        assert first["address"].startswith("127.0.0.1:")

    with_platform(talk)


def test_what_is_refused() -> None:
    async def talk(platform: ReportPlatform, ask: Ask) -> None:
        assert await ask(b"{") == "4.00"
        assert await ask(json.dumps({"imei": "1"}).encode()) == "4.00"
        assert await ask(report(model="x" * 1000)) == "4.13"
        assert await ask(report(model="x" * 70_000)) in ("4.13", "4.08")  # as aiocoap's client goes on or gives up
        assert await ask(report(), form=60) == "4.15"
        assert await ask(report(), path="rd") == "4.04"
        assert await ask(b"", code=aiocoap.GET, form=None) == "4.05"
        assert await platform.operate(["clients"]) == {"ok": True, "clients": []}
        for words in (["read", "/3/0"], [], ["clients", "all"], ["dance"]):
            answer = await platform.operate(words)
            assert answer["ok"] is False
            assert "error" in answer

    with_platform(talk)


def test_what_it_keeps_is_bounded() -> None:
    async def talk(platform: ReportPlatform, ask: Ask) -> None:
        for number in range(MAX_CLIENTS + 3):
            assert await ask(report(imei=str(number))) == "2.04"
        for _ in range(MAX_REPORTS + 3):
            assert await ask(report(imei="3")) == "2.04"
        listed = await platform.operate(["clients"])
        clients = listed["clients"]
        assert isinstance(clients, list)
        assert [client["imei"] for client in clients] == [str(n) for n in range(4, MAX_CLIENTS + 3)] + ["3"]
        assert (clients[-1]["count"], len(clients[-1]["reports"])) == (MAX_REPORTS + 4, MAX_REPORTS)

    with_platform(talk)


@pytest.mark.skipif(shutil.which("coap-client-openssl") is None, reason="libcoap's client is not installed")
def test_libcoaps_client_by_dtls() -> None:
    """What an identity has reported is its own: neither another nor anybody in the open goes on with it."""

    async def run() -> None:
        platform = await ReportPlatform.start(keys=Keyring({b"me": b"key", b"you": b"key"}.get))
        plain, secure = platform.addresses

        async def said(identity: str) -> str:
            client = await asyncio.create_subprocess_exec(
                *("coap-client-openssl", "-v", "6", "-B", "5", "-m", "post", "-t", "json", "-e", report().decode()),
                *(("-u", identity, "-k", "key", f"{secure}/selfregister") if identity else (f"{plain}/selfregister",)),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            printed, _ = await client.communicate()
            return next(code for code in ("2.04", "4.03", "nothing") if code in printed.decode() or code == "nothing")

        said_to = [await said(identity) for identity in ("me", "me", "you", "")]
        (client,) = (await platform.operate(["clients"]))["clients"]  # type: ignore[misc, attr-defined]
        assert (said_to, client["count"]) == (["2.04", "2.04", "4.03", "4.03"], 2)  # type: ignore[index]
        await platform.close()

    asyncio.run(run())


@pytest.mark.skipif(shutil.which("coap-client-notls") is None, reason="libcoap's client is not installed")
def test_libcoaps_client() -> None:
    async def talk(platform: ReportPlatform, ask: Ask) -> None:
        payload = report(imei="7" * 15).decode()
        client = await asyncio.create_subprocess_exec(
            *("coap-client-notls", "-v", "6", "-B", "5", "-m", "post", "-t", "json", "-e", payload),
            f"{platform.addresses[0]}/selfregister",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await client.communicate()
        assert b"2.04" in said, said
        listed = await platform.operate(["clients"])
        assert [one["imei"] for one in listed["clients"]] == ["7" * 15]  # type: ignore[attr-defined]

    with_platform(talk)
