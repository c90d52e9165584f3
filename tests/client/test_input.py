from __future__ import annotations

import pytest

from lanchat.client.input import Leave, read_line
from lanchat.client.outbox import Asked
from lanchat.core.errors import Refused


def op(line: str) -> dict[str, str]:
    asked = read_line(line, "#dev", 4096)
    assert isinstance(asked, Asked)
    return asked.op


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("hi", {"op": "say", "room": "#dev", "text": "hi"}),
        ("//etc", {"op": "say", "room": "#dev", "text": "/etc"}),
        ("two\nlines", {"op": "say", "room": "#dev", "text": "two\nlines"}),
        ("\x1b[31mred", {"op": "say", "room": "#dev", "text": "red"}),
        ("/me waves", {"op": "me", "room": "#dev", "text": "waves"}),
        ("/say #ops hi", {"op": "say", "room": "#ops", "text": "hi"}),
        ("/names", {"op": "names", "room": "#dev"}),
        ("/PART", {"op": "part", "room": "#dev"}),
        ("/topic #ops exam", {"op": "topic", "room": "#ops", "text": "exam"}),
        ("/w bob psst", {"op": "msg", "nick": "bob", "text": "psst"}),
        ("/j #x", {"op": "join", "room": "#x"}),
        ("/help", {"op": "help"}),
    ],
)
def test_a_line_becomes_a_command_that_names_its_room(line: str, expected: dict[str, str]) -> None:
    assert op(line) == expected


@pytest.mark.parametrize("line", ["", "  ", "\n", "\x07"])
def test_an_empty_line_asks_for_nothing(line: str) -> None:
    assert read_line(line, "#dev", 4096) is None


@pytest.mark.parametrize(
    ("line", "reason"), [("exit", ""), (" Quit ", ""), ("/quit", ""), ("/bye", ""), ("/quit see you", "see you")]
)
def test_there_are_many_ways_to_leave(line: str, reason: str) -> None:
    assert read_line(line, "#dev", 4096) == Leave(reason)


@pytest.mark.parametrize(
    ("line", "code"), [("/joni", "no-such-command"), ("/msg bob", "bad-arguments"), ("é" * 2049, "too-long")]
)
def test_what_cannot_be_is_refused_as_the_server_would(line: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        read_line(line, "#dev", 4096)
    assert caught.value.code == code


def test_without_a_limit_a_line_still_has_one() -> None:
    assert read_line("é" * 3000, "#dev", 0) is not None
    with pytest.raises(Refused, match="in parts"):
        read_line("é" * 300_000, "#dev", 0)


def test_a_password_stands_in_the_command_alone() -> None:
    asked = read_line("/login alice correct horse", "#dev", 4096)
    assert asked == Asked({"op": "login", "name": "alice", "password": "correct horse"}, "/login alice ", secret=True)


def test_a_password_is_not_said_to_everybody_by_a_blank_before_it() -> None:
    with pytest.raises(Refused, match="everybody would read your password"):
        read_line(" /login alice correct horse", "#dev", 4096)
    assert op(" /names") == {"op": "say", "room": "#dev", "text": " /names"}
