from __future__ import annotations

import asyncio

from atshell_lwm2m.endpoint.dtls.joined import JoinedWire
from atshell_lwm2m.endpoint.exchange import SecureAddress

PEER = ("192.0.2.7", 40000)


class Wire:
    def __init__(self) -> None:
        self.sent = []
        self.receive = None
        self.ended = 0

    def start(self, receive) -> None:
        self.receive = receive

    def send(self, data, address) -> None:
        self.sent.append((data, address))

    def close(self) -> None:
        self.ended += 1

    async def closed(self) -> None:
        self.ended += 1


def test_each_goes_back_the_way_it_came():
    plain, secure = Wire(), Wire()
    joined = JoinedWire(plain, secure)
    heard = []
    joined.start(lambda data, address: heard.append((data, address)))
    plain.receive(b"open", PEER)
    secure.receive(b"secret", SecureAddress(PEER, b"me"))
    assert [data for data, _ in heard] == [b"open", b"secret"]
    assert heard[0][1] != heard[1][1]
    for data, address in heard:
        joined.send(data, address)
    assert (plain.sent, secure.sent) == ([(b"open", PEER)], [(b"secret", SecureAddress(PEER, b"me"))])
    joined.close()
    asyncio.run(joined.closed())
    assert plain.ended == secure.ended == 2
