"""What is refused, in IRC's own words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import lanchat
from lanchat.doors.irc.refusals import BARE, NUMERICS, for_clients, word


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        (
            "No #a. /rooms lists them, /join makes one.",
            "No #a. /list lists them, /join makes one.",
        ),
        ("There is no command /foo. /help lists them all.", "There is no command /foo. /quote HELP lists them all."),
        (
            "Not ignored. /ignore lists whom you do.",
            "Not ignored. /quote IGNORE lists whom you do.",
        ),
        ("Type it like this: /lock limit 20", "Type it like this: /quote LOCK limit 20"),
        ("Name a folder/search or (/bans)", "Name a folder/search or (/quote BANS)"),
    ],
)
def test_a_sentence_says_what_to_type_in_an_irc_client(sentence: str, shown: str) -> None:
    """What clients have they keep; what they have not, or do by themselves, goes to the server by /quote."""
    assert for_clients(sentence) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bob", "bob"),
        ("", "*"),
        (":)", ")"),
        ("  bob", "bob"),
        ("two words", "two"),
        ("x" * 200, "x" * 100),
        (" :", "*"),
    ],
)
def test_what_is_repeated_is_one_word(text: str, shown: str) -> None:
    """RFC 2812, 2.3.1: a parameter before the last one has no space, no colon in front, and is not empty."""
    assert word(text) == shown


def test_only_what_is_refused_has_a_numeric() -> None:
    """A code that nobody raises any more would stand for nothing."""
    raised = {
        node.args[0].value
        for path in Path(lanchat.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Refused"
        and isinstance(node.args[0], ast.Constant)
    }
    assert NUMERICS.keys() <= raised
    assert set(NUMERICS.values()) >= BARE
