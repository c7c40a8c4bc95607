from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from atshell.cli import main
from atshell.cli.doc import page_width

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            status = main(["doc", *arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


@pytest.mark.parametrize("asked", ["AT+MIPLOPEN", "+MIPLOPEN", "miplopen", "MiplOpen=0,300"])
def test_a_command_is_found_in_any_writing(run: Run, asked: str) -> None:
    status, out, err = run(asked, "--model", "mn316")
    assert (status, err) == (0, "")
    assert out.startswith("AT+MIPLOPEN · ")
    assert "AT+MIPLOPEN=<ref>,<lifetime>[,<timeout>]" in out


def test_in_chinese(run: Run) -> None:
    _, out, _ = run("miplopen", "--lang", "zh")
    assert "登录平台" in out.splitlines()[0]


def test_with_a_model_an_object_without_one_a_list(run: Run) -> None:
    _, out, _ = run("MIPLOBERVE", "--model", "MN316-DBRS", "--format", "json")
    assert json.loads(out)["command"] == "+MIPLOBSERVE"
    _, out, _ = run("MIPLOBERVE", "--format", "json")
    assert [record["command"] for record in json.loads(out)] == ["+MIPLOBSERVE"]


@pytest.mark.parametrize(
    ("asked", "commands"),
    [("AT+MIPLNMI", ["AT+MIPLNMI"]), ("+MIPLNMI", ["+MIPLNMI"]), ("MIPLNMI", ["AT+MIPLNMI", "+MIPLNMI"])],
)
def test_a_name_that_is_command_and_urc(run: Run, asked: str, commands: list[str]) -> None:
    _, out, _ = run(asked, "--format", "json")
    assert [record["command"] for record in json.loads(out)] == commands


def test_a_command_that_the_model_does_not_have(run: Run) -> None:
    status, out, err = run("AT+MIPLUPDATESET", "--model", "ML302A", "--format", "json")
    assert (status, out) == (1, "")
    assert err == "atshell: ML302A does not have AT+MIPLUPDATESET: MN318, ML305A, ML307A, ML307R have it\n"


def test_error_codes(run: Run) -> None:
    status, out, _ = run("602", "--model", "MN316", "--format", "json")
    record = json.loads(out)
    assert status == 0
    assert (record["code"], record["kind"], record["manual"], record["section"]) == (
        "602",
        "error",
        "onemo-lwm2m-4.4.0",
        "6",
    )
    _, out, _ = run("100", "--format", "json")
    assert [record["manual"] for record in json.loads(out)] == ["onemo-lwm2m-4.4.0", "3gpp-27.007"]
    _, out, _ = run("50", "--lang", "zh")
    assert "50 · 参数不正确\n3GPP TS 27.007 §9.2" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["miplnotfy"], "no manual has 'miplnotfy': did you mean AT+MIPLNOTIFY?"),
        (["\x1b[31mquark"], r"no manual has '\x1b[31mquark'"),
        (["99999"], "no manual has the error code 99999"),
        ([""], "nothing to look up"),
        (["miplopen", "--model", "MN317"], "there is no model 'MN317': did you mean"),
        ([], "required: COMMAND|CODE"),
        (["platfroms"], "did you mean platforms?"),
    ],
)
def test_what_cannot_be_answered_is_one_line(run: Run, arguments: list[str], said: str) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert "\x1b" not in err


def test_a_topic_is_a_page(run: Run) -> None:
    status, out, _ = run("DTLS", "--model", "MN319", "--format", "json")
    record = json.loads(out)
    assert status == 0
    assert set(record) >= {"topic", "manual", "section", "models", "title", "text", "facts"}
    assert list(record["facts"]["cipher_suites"]) == ["MN319"]
    assert {key: record[key] for key in ("topic", "manual", "section")} == {
        "topic": "dtls",
        "manual": "onemo-lwm2m-4.4.0",
        "section": "4.6",
    }
    _, out, _ = run("platforms", "--format", "json")
    manuals = [record["manual"] for record in json.loads(out)]
    assert len(manuals) == len(set(manuals)) == 5


def test_a_topic_of_several_procedures_is_a_list_and_of_one_an_object(run: Run) -> None:
    _, out, _ = run("self-registration", "--model", "bc25", "--format", "json")
    assert [record["facts"]["operator"] for record in json.loads(out)] == ["ctcc", "cucc", "cmcc"]
    _, out, _ = run("self-registration", "--model", "bc25-b5", "--format", "json")
    assert json.loads(out)["facts"]["operator"] == "ctcc"
    _, out, _ = run("self-registration", "--model", "BC25", "--lang", "zh")
    assert out.startswith("self-registration · 中国电信自注册\nBC25 · ")


def test_a_topic_that_the_model_does_not_have(run: Run) -> None:
    status, out, err = run("dtls", "--model", "BC28")
    assert (status, out) == (1, "")
    assert err.startswith("atshell: BC28 does not have the topic dtls: MN316, ")


def test_a_code_means_what_the_models_own_table_says(run: Run) -> None:
    def meaning(code: str, model: str) -> str:
        _, out, _ = run(code, "--model", model, "--format", "json")
        return str(json.loads(out)["meaning"]["en"])

    assert meaning("50", "BC25") == "execution failed"
    assert meaning("50", "BC28") == "incorrect parameters"
    assert meaning("53", "BC32-B8") == "invalid parameter"


def test_colour_is_for_those_who_ask(run: Run) -> None:
    assert "\x1b[" not in run("miplopen")[1]
    assert "\x1b[" in run("miplopen", "--color", "always")[1]


def test_a_page_is_no_wider_than_the_terminal_and_than_one_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    assert page_width() == 72
    monkeypatch.setenv("COLUMNS", "300")
    assert page_width() == 110
