"""libcoap's programs (Debian: libcoap3-bin) as the platform of an emulated module: ``coap-rd``, a resource directory
(RFC 9176), takes its registration, and ``coap-client`` at the same port asks it what a server may ask.

A registration is all that the directory is good for here: LwM2M's Update by POST it does not know, and a DELETE ends
its version 4.3.1 (a double free). Built with OpenSSL it has of the two suites the one with CCM_8 alone (its cipher
list holds only what came with TLS 1.2), with GnuTLS it has both.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from atshell.testing import Emulator, Session

KEY = "key12345"


@contextmanager
def directory(build: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A running one, and its port."""
    program = f"coap-rd-{build}"
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    secret = () if build == "notls" else ("-k", KEY, "-h", "hint")
    command = ("stdbuf", "-oL", program, "-A", "127.0.0.1", "-p", str(port), "-v", "7", *secret)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        try:
            said(process, "created TLS" if secret else "created TCP")
            yield process, port
        finally:
            process.kill()


def said(process: subprocess.Popen[str], pattern: str) -> re.Match[str]:
    """What it says next that is like that."""
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"it never said {pattern!r}")


def log_in(session: Session, *, secret: bool) -> None:
    where = f'"nbiotacc.heclouds.com:5684",0,,"{KEY}"' if secret else '"nbiotacc.heclouds.com",0'
    for line in (
        f"AT+MIPLCREATEEX={where}",
        'AT+MIPLADDOBJ=0,3303,1,"1",0,1',
        'AT+MIPLDISCOVERRSP=0,3303,1,4,"5700"',
        "AT+MIPLOPEN=0,3000,30",
    ):
        assert session.send(line).ok
    session.expect("+MIPLEVENT: 0,6")


REGISTERED = r"Uri-Path:rd, Content-Format:application/link-format, Uri-Query:ep=([^,]+), Uri-Query:lt=3000.*</3303/0>"


@pytest.mark.parametrize(
    ("build", "model"), [("notls", "MN316"), ("openssl", "MN319"), ("gnutls", "MN316"), ("gnutls", "MN319")]
)
def test_a_login(build: str, model: str) -> None:
    secret = build != "notls"
    with directory(build) as (process, port):
        address = f"coaps://127.0.0.1:{port + 1}" if secret else f"coap://127.0.0.1:{port}"
        with Emulator(model, platform=address) as emulator:
            session = emulator.session()
            log_in(session, secret=secret)
            assert said(process, REGISTERED)[1].startswith(emulator.imei)


@pytest.mark.skipif(shutil.which("coap-client-notls") is None, reason="coap-client-notls is not installed")
def test_what_its_client_asks_of_the_module() -> None:
    """It comes from the server's address, so the module takes it for the server."""
    with directory("notls") as (process, port), Emulator("MN316", platform=f"coap://127.0.0.1:{port}") as emulator:
        session = emulator.session()
        log_in(session, secret=False)
        there = said(process, rf"127.0.0.1:{port} <-> 127.0.0.1:(\d+)")[1]
        process.kill()
        process.wait()

        def client(method: str, path: str, *options: str) -> subprocess.Popen[str]:
            command = ("coap-client-notls", "-v", "6", "-B", "5", "-p", str(port), "-m", method, *options)
            uri = f"coap://127.0.0.1:{there}{path}"
            return subprocess.Popen(
                (*command, uri), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
            )

        def printed(process: subprocess.Popen[str]) -> str:
            text, _ = process.communicate(timeout=20)
            return text

        assert "MN316" in printed(client("get", "/3/0/1"))
        session.expect("+MIPLREAD")  # the module has answered for Device, and tells of it
        assert "4.01" in printed(client("get", "/0/1/0"))
        assert "4.05" in printed(client("delete", "/3303/0/5700"))
        read = client("get", "/3303/0/5700")
        mid = session.expect("+MIPLREAD").text.split(",")[1]
        assert session.send(f'AT+MIPLREADRSP=0,{mid},1,3303,0,5700,4,4,"20.5",0,0').ok
        assert "2.05" in printed(read)
        written = client("put", "/3303/0/5750", "-t", "0", "-e", "hello")
        mid = session.expect("+MIPLWRITE").text.split(",")[1]
        assert session.send(f"AT+MIPLWRITERSP=0,{mid},2").ok
        assert "2.04" in printed(written)
