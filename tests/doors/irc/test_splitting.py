"""Long texts in pieces: at words, never inside of a character."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lanchat.doors.irc.splitting import LINES, pieces, spoken

FAMILY = "\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1e9\U0001f1ea"
THUMB = "\U0001f44d\U0001f3fd"
ACCENTED = "e\u0301"
HEART = "\u2764\ufe0f"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
LETTERS = st.sampled_from(
    ["a", "é", " ", "  ", "€", "\n", FAMILY, FLAG, THUMB, ACCENTED, HEART, ENGLAND, "word", "\u200d"]
)


@pytest.mark.parametrize(
    ("text", "most", "found"),
    [
        ("short", 20, ["short"]),
        ("one two three", 8, ["one two", "three"]),
        ("one two three", 7, ["one two", "three"]),
        ("one   two", 4, ["one", "two"]),
        ("one\ntwo\n\nthree", 100, ["one", "two", "three"]),
        ("unbreakable", 4, ["unbr", "eaka", "ble"]),
        ("  unbreakable", 8, ["  unbrea", "kable"]),
        ("éééé", 5, ["éé", "éé"]),
        ("one two ", 7, ["one two"]),
        ("abcd", 1, ["abcd"]),
        (FAMILY * 2, 15, [FAMILY, FAMILY]),
        (FLAG * 3, 20, [FLAG * 2, FLAG]),
        (f"a{FLAG * 2}", 13, [f"a{FLAG}", FLAG]),
        (THUMB * 2, 12, [THUMB, THUMB]),
        (ACCENTED * 3, 7, [ACCENTED * 2, ACCENTED]),
        (f"aaa{HEART}", 6, ["aaa", HEART]),
        (f"a{ENGLAND}", 28, ["a", ENGLAND]),
        ("a" + "\u0301" * 5, 5, ["a\u0301\u0301", "\u0301\u0301", "\u0301"]),
    ],
)
def test_where_texts_are_cut(text: str, most: int, found: list[str]) -> None:
    """At newlines and between words; a long word between characters as readers see them, as long as one fits."""
    assert pieces(text, most) == found


@given(st.lists(LETTERS).map("".join) | st.text(st.characters(blacklist_categories=["Cs"])), st.integers(-5, 40))
@example(" " * 50, 10)
def test_pieces_are_the_text(text: str, most: int) -> None:
    """Nothing is lost but spaces and newlines at the cuts, and no piece is too long (a character has to fit)."""
    found = pieces(text, most)
    assert re.sub("[ \n]", "", "".join(found)) == re.sub("[ \n]", "", text)
    assert all(len(piece.encode()) <= max(most, 4) for piece in found)
    assert "" not in found[1:]


def test_many_lines_of_a_message_stand_together() -> None:
    """The first are lines of their own; a message of nothing but newlines is not made into thousands of lines."""
    text = "\n\n".join(map(str, range(2_000)))
    found = spoken(text, 440)
    assert found[: LINES - 1] == tuple(map(str, range(LINES - 1)))
    assert len(found) < 80
    assert " ".join(found).split() == text.split()
    assert spoken("one\n\ntwo three", 5) == ("one", "two", "three")


def test_thousands_of_marks_are_cut_anywhere() -> None:
    """What nobody can read is not looked through again and again for a place to cut it."""
    assert [len(piece) for piece in pieces("a" + "\u0301" * 500, 201)] == [101, 100, 100, 100, 100]
