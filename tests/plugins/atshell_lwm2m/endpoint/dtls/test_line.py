from __future__ import annotations

from atshell.emulator.clock import ManualClock
from atshell_lwm2m.endpoint.dtls.association import Association
from atshell_lwm2m.endpoint.dtls.line import Line
from atshell_lwm2m.endpoint.dtls.security import Credentials

PEER = ("192.0.2.2", 5684)


def _line(clock: ManualClock, sent: list[bytes], changes: list[str]) -> Line:
    association = Association.client(Credentials(b"me", b"secret"))
    return Line(
        association,
        PEER,
        lambda data, _: sent.append(data),
        clock,
        lambda line: changes.append(line.association.failure),
    )


def test_its_timer_turns_with_the_clock():
    clock, sent, changes = ManualClock(), [], []
    line = _line(clock, sent, changes)
    line.start()
    counts = []
    for _ in range(8):
        counts.append(len(sent))
        clock.advance(1)
    assert counts == [1, 2, 2, 3, 3, 3, 3, 4]
    clock.advance(200)
    assert changes == ["no answer to the handshake"]
    assert not line.open


def test_an_abandoned_one_is_silent():
    clock, sent, changes = ManualClock(), [], []
    line = _line(clock, sent, changes)
    line.start()
    line.abandon()
    clock.advance(500)
    assert (len(sent), changes) == (1, [])


def test_what_cannot_be_sent_is_lost():
    clock, sent, changes = ManualClock(), [], []
    line = _line(clock, sent, changes)
    line.send(b"early")
    assert (sent, changes) == ([], [])
    line.close()
    assert (sent, changes) == ([], ["closed"])
