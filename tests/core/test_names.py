"""Which names there can be, and which two are the same or look so."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.errors import Refused
from lanchat.core.names import RESERVED, check_nick, check_room, fold, named_in, skeleton


@pytest.mark.parametrize(
    "nick", ["alice", "Ünïcödé", "дима", "д" * 32, "日" * 21, "日本", "a-_[]{}\\|^`", "a1", "_x", "`tick", "e\u0301a"]
)
def test_nicks_that_are_fine(nick: str) -> None:
    """Letters and digits of any script, and IRC's marks."""
    assert fold(check_nick(nick, 32)) == fold(nick)


def test_nick_is_shown_composed() -> None:
    """The same letters are the same characters, however they were typed."""
    assert check_nick("e\u0301va", 4) == "éva"


@pytest.mark.parametrize(
    "nick",
    [
        *("", " ", "a b", "a" * 33, "-a", "1a", "²a", "\u0301a", "a!", "a@b", "a.b", "#a", "a,b", "a:b", "a\u00a0b"),
        *("exit", "QUIT", "Bye", "help", "server", "LanChat", "ssh-2", "SSH-x", "ﬀ\u3164", "a\ufe0fb", "a\u200db"),
        *("a\u034fb", "👋", "a\u202eb", "𐐀" * 17, "日" * 22, "NickServ"),
    ],
)
def test_nicks_that_are_refused(nick: str) -> None:
    """Whatever is no name is refused with a sentence that says what to do."""
    with pytest.raises(Refused) as refused:
        check_nick(nick, 32)
    assert refused.value.code == "bad-nick"
    assert refused.value.text[-1] in "._" or refused.value.text[-1].isalnum()


def test_nick_without_limit() -> None:
    """0 switches the limit off."""
    assert check_nick("a" * 1_000, 0) == "a" * 1_000
    with pytest.raises(Refused, match="Try a_b"):
        check_nick("a b", 0)


@pytest.mark.parametrize("room", ["#lobby", "#a", "#日本", "#a.b!?", "##", "#👋", "#" + "x" * 63])
def test_rooms_that_are_fine(room: str) -> None:
    """A # and then anything that can be seen."""
    assert check_room(room, 64) == room


@pytest.mark.parametrize(
    "room",
    ["", "dev", "#", "#a b", "#a,b", "#a\u200bb", "#a\x07", "#" + "x" * 64, "#a\u3164", "#\u202ex", "#a\u00a0b"],
)
def test_rooms_that_are_refused(room: str) -> None:
    """Whatever is no room's name is refused."""
    with pytest.raises(Refused) as refused:
        check_room(room, 64)
    assert refused.value.code == "bad-room"


def test_room_without_limit() -> None:
    """0 switches the limit off."""
    assert check_room("#" + "x" * 1_000, 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Alice", "aLICE"), ("STRASSE", "straße"), ("ﬁx", "fix"), ("Ａlice", "alice"), ("ΣΑΣ", "σας"), ("#Dev", "#dev")],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    """Case and compatibility forms make no difference."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("alice", "аlice"), ("alice", "a1ice"), ("alice", "aIice"), ("modern", "modem"), ("bob", "b0b")),
        *(("paypal", "раураl"), ("x", "х"), ("rnodern", "modern"), ("alice", "aӏice"), ("bill", "biǁ"), ("abl", "aЫ")),
        *(("alice", "ali\u0307ce"), ("alice", "al\u0131\u0307ce"), ("Lice", "L\u0130ce")),
    ],
)
def test_names_that_look_alike(one: str, other: str) -> None:
    """A look-alike of somebody has the same skeleton."""
    assert skeleton(one) == skeleton(other)
    assert fold(one) != fold(other)


@pytest.mark.parametrize(("one", "other"), [("alice", "alicia"), ("bob", "rob"), ("anna", "hanna"), ("uwe", "owe")])
def test_names_that_look_different(one: str, other: str) -> None:
    """Names that nobody confuses do not stand in each other's way."""
    assert skeleton(one) != skeleton(other)


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(name: str) -> None:
    """The folded form is a fixed point, or names could change by being compared."""
    assert fold(fold(name)) == fold(name)


@given(st.text(max_size=40))
def test_every_name_is_taken_or_refused(name: str) -> None:
    """No text whatever breaks the check, and a nick that was taken is taken again as it is."""
    for check in (check_nick, check_room):
        try:
            shown = check(name, 32)
        except Refused:
            continue
        assert check(shown, 32) == shown
        assert shown.isprintable()
        assert " " not in shown


def test_reserved_words_are_folded() -> None:
    """The words are compared by their folded form, so they have to be in it."""
    assert {fold(word) for word in RESERVED} == RESERVED


@pytest.mark.parametrize(
    ("nick", "text", "places"),
    [
        ("ann", "ann: hi", [(0, 3)]),
        ("ann", "hi ANN, Ann's", [(3, 6), (8, 11)]),
        ("ann", "annoy Susann ann-marie x|ann", []),
        ("ann", "thanks ann- see you", [(7, 10)]),
        ("a[b]", "is a[b] there", [(3, 7)]),
        ("ﬁ", "a fi a", [(2, 4)]),
        ("", "x", []),
    ],
)
def test_who_is_named_is_named_as_a_word(nick: str, text: str, places: list[Any]) -> None:
    assert named_in(nick, text) == places
