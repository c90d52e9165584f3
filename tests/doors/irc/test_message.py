"""The wire of IRC: what is written parses back, and nothing that comes in is too strange."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lanchat.core.clean import decode
from lanchat.doors.irc.message import LINE, PARAMETERS, Message, parse, to_wire, written, written_tags

SPLIT = [
    ("foo bar baz asdf", Message("FOO", ["bar", "baz", "asdf"], {})),
    (":coolguy foo bar baz asdf", Message("FOO", ["bar", "baz", "asdf"], {}, "coolguy")),
    ("foo bar baz :asdf quux", Message("FOO", ["bar", "baz", "asdf quux"], {})),
    ("foo bar baz :", Message("FOO", ["bar", "baz", ""], {})),
    ("foo bar baz ::asdf", Message("FOO", ["bar", "baz", ":asdf"], {})),
    (":coolguy foo bar baz :asdf quux", Message("FOO", ["bar", "baz", "asdf quux"], {}, "coolguy")),
    (":coolguy foo bar baz :  asdf quux ", Message("FOO", ["bar", "baz", "  asdf quux "], {}, "coolguy")),
    (":coolguy PRIVMSG bar :lol :) ", Message("PRIVMSG", ["bar", "lol :) "], {}, "coolguy")),
    (":coolguy foo bar baz :", Message("FOO", ["bar", "baz", ""], {}, "coolguy")),
    (":coolguy foo bar baz :  ", Message("FOO", ["bar", "baz", "  "], {}, "coolguy")),
    ("@a=b;c=32;k;rt=ql7 foo", Message("FOO", [], {"a": "b", "c": "32", "k": "", "rt": "ql7"})),
    (r"@a=b\\and\nk;c=72\s45;d=gh\:764 foo", Message("FOO", [], {"a": "b\\and\nk", "c": "72 45", "d": "gh;764"})),
    ("@c;h=;a=b :quux ab cd", Message("AB", ["cd"], {"c": "", "h": "", "a": "b"}, "quux")),
    (":src JOIN #chan", Message("JOIN", ["#chan"], {}, "src")),
    (":src JOIN :#chan", Message("JOIN", ["#chan"], {}, "src")),
    (":src AWAY", Message("AWAY", [], {}, "src")),
    (":src AWAY ", Message("AWAY", [], {}, "src")),
    (":cool\tguy foo bar baz", Message("FOO", ["bar", "baz"], {}, "cool\tguy")),
    (
        ":coolguy!ag@net\x035w\x03ork.admin PRIVMSG foo :bar baz",
        Message("PRIVMSG", ["foo", "bar baz"], {}, "coolguy!ag@net\x035w\x03ork.admin"),
    ),
    (
        "@tag1=value1;tag2;vendor1/tag3=value2;vendor2/tag4= :irc.example.com COMMAND param1 param2 :param3 param3",
        Message(
            "COMMAND",
            ["param1", "param2", "param3 param3"],
            {"tag1": "value1", "tag2": "", "vendor1/tag3": "value2", "vendor2/tag4": ""},
            "irc.example.com",
        ),
    ),
    ("COMMAND", Message("COMMAND", [], {})),
    (r"@foo=\\\\\:\\s\s\r\n COMMAND", Message("COMMAND", [], {"foo": "\\\\;\\s \r\n"})),
    (
        ":gravel.mozilla.org 432  #momo :Erroneous Nickname: Illegal characters",
        Message("432", ["#momo", "Erroneous Nickname: Illegal characters"], {}, "gravel.mozilla.org"),
    ),
    (":gravel.mozilla.org MODE #tckk +n ", Message("MODE", ["#tckk", "+n"], {}, "gravel.mozilla.org")),
    (
        ":services.esper.net MODE #foo-bar +o foobar  ",
        Message("MODE", ["#foo-bar", "+o", "foobar"], {}, "services.esper.net"),
    ),
    (r"@tag1=value\\ntest COMMAND", Message("COMMAND", [], {"tag1": "value\\ntest"})),
    (r"@tag1=value\1 COMMAND", Message("COMMAND", [], {"tag1": "value1"})),
    ("@tag1=value1\\ COMMAND", Message("COMMAND", [], {"tag1": "value1"})),
    ("@tag1=1;tag2=3;tag3=4;tag1=5 COMMAND", Message("COMMAND", [], {"tag1": "5", "tag2": "3", "tag3": "4"})),
    (
        "@tag1=1;tag2=3;tag3=4;tag1=5;vendor/tag2=8 COMMAND",
        Message("COMMAND", [], {"tag1": "5", "tag2": "3", "tag3": "4", "vendor/tag2": "8"}),
    ),
    (":SomeOp MODE #channel :+i", Message("MODE", ["#channel", "+i"], {}, "SomeOp")),
    (
        ":SomeOp MODE #channel +oo SomeUser :AnotherUser",
        Message("MODE", ["#channel", "+oo", "SomeUser", "AnotherUser"], {}, "SomeOp"),
    ),
    ("@+example.com/foo=x;=y;;+a ping", Message("PING", [], {"+example.com/foo": "x", "+a": ""})),
    ("   ping   x  ", Message("PING", ["x"], {})),
    (
        "ping " + "x " * 14 + "fifteen sixteen :the last",
        Message("PING", ["x"] * 14 + ["fifteen sixteen the last"], {}),
    ),
]
"""What the parser tests of ircdocs have (github.com/ircdocs/parser-tests, msg-split), and some besides."""
JOIN = [
    (("foo", "bar", "baz", "asdf"), "", {}, "foo bar baz asdf"),
    (("foo", "bar", "baz", "asdf quux"), "src", {}, ":src foo bar baz :asdf quux"),
    (("foo", "bar", "baz", ""), "src", {}, ":src foo bar baz :"),
    (("foo", "bar", "baz", ":asdf"), "src", {}, ":src foo bar baz ::asdf"),
    (("foo", "bar", "baz", " asdf"), "src", {}, ":src foo bar baz : asdf"),
    (("foo",), "", {}, "foo"),
    (("foo",), "", {"a": "b"}, "@a=b foo"),
    (("foo", "bar"), "src", {"a": "b\\and\nk", "d": "gh;764"}, r"@a=b\\and\nk;d=gh\:764 :src foo bar"),
    (("foo", "par1", "par2"), "", {"c": "72 45", "h": ""}, r"@c=72\s45;h foo par1 par2"),
]
"""The same for msg-join."""


@pytest.mark.parametrize(("line", "message"), SPLIT)
def test_lines_are_read(line: str, message: Message) -> None:
    """modern.ircdocs.horse, "Message Format"; ircv3.net, message-tags."""
    assert parse(line) == message


@pytest.mark.parametrize("line", ["", "   ", "@a=b", "@a=b ", "@", ":src", ":src  ", "@a :src ", ":src :text", " :"])
def test_lines_without_a_command(line: str) -> None:
    """A line of tags, a source or spaces alone is no message."""
    assert parse(line) is None


@pytest.mark.parametrize(("words", "source", "tags", "line"), JOIN)
def test_messages_are_written(words: tuple[str, ...], source: str, tags: dict[str, str], line: str) -> None:
    """modern.ircdocs.horse, "Message Format"; ircv3.net, message-tags."""
    assert written_tags(tags) + written(*words, source=source) == line


@given(st.binary() | st.text(st.sampled_from("@:;=\\ abé\x00\t+/")).map(str.encode))
@example(b"@ :")
@example(b": : :")
def test_no_bytes_are_too_strange(line: bytes) -> None:
    """Whatever comes is a message or none, and only its last parameter is empty, has spaces or begins with a colon."""
    message = parse(decode(line.replace(b"\n", b"")))
    if message is not None:
        assert message.command == message.command.upper() != ""
        assert " " not in message.command
        assert not message.command.startswith(":")
        assert len(message.params) <= PARAMETERS
        assert not any(not param or " " in param or param.startswith(":") for param in message.params[:-1])
        assert "" not in message.tags


WORD = st.text(st.characters(blacklist_characters=" \n\r\x00:", blacklist_categories=["Cs"]), min_size=1)
TEXT = st.text(st.characters(blacklist_characters="\n\r\x00", blacklist_categories=["Cs"]))
KEY = st.from_regex(r"\+?([a-z.]+/)?[a-z-]+", fullmatch=True)
COMMAND = st.from_regex(r"[A-Z]+|[0-9]{3}", fullmatch=True)


@given(
    COMMAND,
    st.lists(WORD, max_size=PARAMETERS - 1),
    st.none() | TEXT,
    st.just("") | WORD,
    st.dictionaries(KEY, st.text(st.characters(blacklist_categories=["Cs"]))),
)
def test_what_is_written_parses_back(
    command: str, words: list[str], last: str | None, source: str, tags: dict[str, str]
) -> None:
    """Whatever is put into a message comes out of it."""
    params = words if last is None else [*words, last]
    line = written_tags(tags) + written(command, *params, source=source)
    assert parse(line) == Message(command, params, tags, source)


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\r")))
@example("é" * 300)
@example("a\nQUIT")
def test_a_line_stays_one(text: str) -> None:
    """Whatever is written is one line of 512 bytes at most, cut at a character."""
    data = to_wire(text)
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == 1
    assert len(data) <= LINE + 2
    assert text.replace("\n", " ").startswith(data[:-2].decode())
