"""A refusal has a word for programs and a sentence for people."""

from __future__ import annotations

from lanchat.core.errors import Refused


def test_refused_has_a_code_and_a_text() -> None:
    """Both are there for whoever answers, and in the log."""
    refused = Refused("no-such-nick", "There is no zoe here.")
    assert (refused.code, refused.text) == ("no-such-nick", "There is no zoe here.")
    assert refused.args == ("no-such-nick", "There is no zoe here.")
