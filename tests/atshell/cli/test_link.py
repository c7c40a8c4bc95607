"""``LINK`` on the command line."""

from __future__ import annotations

import argparse

import pytest

from atshell.cli.link import add_link_arguments
from atshell.host import open_link


def parse(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_link_arguments(parser)
    return parser.parse_args(arguments)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((), "emulator:MN316"),
        (("--emulator", "MN316"), "emulator:MN316"),
        (("--port", "/dev/ttyUSB7", "--baud", "9600"), "/dev/ttyUSB7"),
        (("--replay", "x.at.jsonl"), "replay:x.at.jsonl"),
    ],
)
def test_which_link(arguments: tuple[str, ...], name: str) -> None:
    assert open_link(**vars(parse(*arguments))).name == name


@pytest.mark.parametrize("arguments", [("--baud", "fast"), ("--baud", "0"), ("--port", "x", "--emulator", "y")])
def test_what_does_not_go_together_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(argparse.ArgumentError):
        parse(*arguments)
