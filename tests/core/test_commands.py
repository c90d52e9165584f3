"""One table of commands is read by every door."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.commands import Nick, Place, RoomName, Table, Text, Time, Whom, Word, run
from lanchat.core.errors import Refused
from lanchat.core.session import Session
from lanchat.core.verbs import TABLE
from tests.fakes import PLAIN, Chat, Outlet
from tests.governed import Governed

TRIAL = Table()


@TRIAL.command("m", "tell", example="/msg bob hi")
def msg(hub: Any, session: Any, nick: Nick, text: Text) -> None:
    """Tell somebody."""


@TRIAL.command(example="/say #dev hi")
def say(hub: Any, session: Any, room: RoomName = "", *, text: Text) -> None:
    """Say something."""


@TRIAL.command(example="/help msg")
def help_(hub: Any, session: Any, command: Word = "") -> None:
    """Explain."""


@TRIAL.command(example="/hush 10m bob")
def hush(hub: Any, session: Any, room: Place = "", time: Time = "", *, whom: Whom, reason: Text = "") -> None:
    """Silence somebody."""


@pytest.mark.parametrize(
    ("line", "name", "arguments"),
    [
        ("/msg bob hi", "msg", {"nick": "bob", "text": "hi"}),
        ("/M  bob  hi  there ", "msg", {"nick": "bob", "text": "hi  there "}),
        ("/tell bob x", "msg", {"nick": "bob", "text": "x"}),
        ("/say hi there", "say", {"text": "hi there"}),
        ("/say #dev hi", "say", {"room": "#dev", "text": "hi"}),
        ("/help", "help", {}),
        ("/help msg ", "help", {"command": "msg"}),
        ("/hush bob", "hush", {"whom": "bob"}),
        ("/hush 10m bob no adverts", "hush", {"time": "10m", "whom": "bob", "reason": "no adverts"}),
        ("/hush #dev 10x bob", "hush", {"room": "#dev", "time": "10x", "whom": "bob"}),
        ("/hush 10.0.0.1 x", "hush", {"whom": "10.0.0.1", "reason": "x"}),
        ("/hush 1*!*@* x", "hush", {"whom": "1*!*@*", "reason": "x"}),
        ("/hush 2001:db8::1", "hush", {"whom": "2001:db8::1"}),
    ],
)
def test_typed_lines_become_named_arguments(line: str, name: str, arguments: dict[str, str]) -> None:
    """Words are taken in their order; what is left is the text; a room may be left out."""
    command, found = TRIAL.parse(line)
    assert (command.name, found) == (name, arguments)


@pytest.mark.parametrize("line", ["/msg", "/msg bob", "/msg bob  ", "/say", "/say #dev", "/help msg more"])
def test_lines_with_too_little_or_too_much_show_how(line: str) -> None:
    """What is wrong is answered with the command's example and usage."""
    with pytest.raises(Refused) as refused:
        TRIAL.parse(line)
    command = TRIAL.find(line[1:].split(" ")[0])
    assert refused.value.code == "bad-arguments"
    assert refused.value.text == f"Type it like this: {command.example} ({command.usage()})"


def test_commands_describe_themselves() -> None:
    """Name, usage, help and example are read off the function."""
    described = TRIAL.find("tell").described()
    assert described.name == "msg"
    assert described.usage == "/msg NICK TEXT"
    assert described.help == "Tell somebody."
    assert described.aliases == ["m", "tell"]
    assert TRIAL.find("say").usage() == "/say [#room] TEXT"
    assert TRIAL.find("help").usage() == "/help [COMMAND]"
    assert TRIAL.find("hush").usage() == "/hush [#room] [10m] WHOM [REASON]"
    assert [each.kind for each in TRIAL.find("hush").described().arguments] == ["place", "time", "whom", "text"]


@pytest.mark.parametrize(
    ("name", "hint"), [("mgs", "Did you mean /msg?"), ("", "/help lists them all."), ("zzz", "/help lists them all.")]
)
def test_unknown_command_names_the_nearest(name: str, hint: str) -> None:
    """A typing mistake is met with the command that was meant."""
    with pytest.raises(Refused) as refused:
        TRIAL.find(name)
    assert refused.value.code == "no-such-command"
    assert refused.value.text.endswith(hint)


def test_objects_have_the_arguments_as_fields() -> None:
    """The type of a command's object has its arguments, required ones first, and a reference."""
    types = TRIAL.wire_types()
    found = msgspec.json.decode(b'{"op":"say","text":"hi","ref":"1"}', type=types["say"])
    assert (found.text, found.room, found.ref) == ("hi", "", "1")
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"op":"msg","text":"hi"}', type=types["msg"])
    assert types["msg"].__doc__ == "Tell somebody."


def test_nobody_without_a_name_can_do_anything() -> None:
    """Commands are for those who are in."""
    chat = Chat()
    session = Session(chat.hub.pulse, Outlet(), PLAIN, "test", "")
    with pytest.raises(Refused, match="Type your name first"):
        run(chat.hub, session, TABLE.find("ping"), {})


@given(st.sampled_from(sorted(TABLE._names)) | st.text(max_size=8), st.text(max_size=40))
def test_every_line_is_read_or_refused(name: str, rest: str) -> None:
    """No typed line breaks the parser, and every required argument is there."""
    try:
        command, arguments = TABLE.parse(f"/{name} {rest}")
    except Refused:
        return
    assert {argument.name for argument in command.arguments if argument.required} <= set(arguments)
    assert all(arguments.values())


def test_every_example_works() -> None:
    """What help shows can be typed."""
    for command in TABLE.commands:
        found, _ = TABLE.parse(command.example)
        assert found is command
        assert command.help.endswith(".")


def test_no_name_means_two_commands() -> None:
    """Names and aliases are all different."""
    names = [name for command in TABLE.commands for name in (command.name, *command.aliases)]
    assert len(names) == len(set(names)) == len(TABLE._names)


@pytest.mark.parametrize(
    ("kind", "shown", "hidden"),
    [
        ("outsider", {"msg", "register", "delete"}, {"kick", "founder", "kill", "logout"}),
        ("account", {"logout", "delete"}, {"kick", "founder", "kill"}),
        ("op", {"kick", "ban", "announce"}, {"founder", "kill", "serverban"}),
        ("founder", {"kick", "founder", "unfounder"}, {"kill", "serverban"}),
        ("admin", {"kick", "founder", "kill", "serverban"}, {"logout"}),
    ],
)
def test_help_shows_what_somebody_may_use(kind: str, shown: set[str], hidden: set[str]) -> None:
    """And no more."""
    person = Governed()[kind]
    person.says("/help")
    (answer,) = person.hears_of("help")
    names = {each["name"] for each in answer["commands"]}
    assert shown <= names
    assert not hidden & names


def test_what_was_said_already_is_acknowledged() -> None:
    """A client that repeats its reference is told the number of the event, and nothing is said twice."""
    chat = Chat()
    (alice,) = chat.talkers("alice")
    alice.session.client = "c"
    for _ in range(2):
        alice.says("/say hello", ref="1")
    assert len(chat.hub.lobby.recent) == 1
