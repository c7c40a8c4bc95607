from __future__ import annotations

from atshell.at.reply import Final, Result, parse_information
from atshell.session.exchange import Exchange, Unsolicited
from atshell_quectel.intents import read_intents

OK, ERROR = Final(Result.OK, text="OK"), Final(Result.ERROR, text="ERROR")


def exchange(line: str, final: Final = OK) -> Exchange:
    return Exchange(line, 1.0, 1.1, final=final, entries=(2, 3))


def test_reports_and_commands() -> None:
    sent, written = read_intents(
        [
            exchange("AT+QLWDATASEND=19,0,0,3,020011,0x0100"),
            Unsolicited(5.0, parse_information("+QLWDATARECV: 19,1,0,2,AA00"), entries=(7,)),
        ]
    )
    assert (sent.operations, sent.sender, sent.target, sent.values) == (
        ("Notify",), "client", "/19/0/0", (("/19/0/0", "020011"),),
    )  # fmt: skip
    assert (sent.kind, sent.time, sent.entries) == ("at", 1.0, (2, 3))
    assert (written.operations, written.sender, written.target, written.values) == (
        ("Write",), "server", "/19/1/0", (("/19/1/0", "aa00"),),
    )  # fmt: skip


def test_a_refused_report_makes_no_traffic() -> None:
    (refused,) = read_intents([exchange("AT+QLWDATASEND=19,0,0,3,020011,0x0100", ERROR)])
    assert (refused.operations, refused.summary) == ((), "refused")


def test_lines_whose_platform_nobody_knows() -> None:
    assert read_intents([exchange("AT+NMGS=3,AA11BB"), exchange("AT+NSOST=0,1.2.3.4,5683,1,AA"), exchange("AT")]) == []
