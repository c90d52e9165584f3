"""The same password is the same, whatever machine it was typed on."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.opaque import LONGEST, is_possible, opaque, unfit

COMPOSED = "Z\N{LATIN SMALL LETTER U WITH DIAERESIS}rich 42"


def test_a_letter_in_two_parts_is_the_letter() -> None:
    """A Mac sends the mark by itself, a PC does not."""
    apart = unicodedata.normalize("NFD", COMPOSED)
    assert apart != COMPOSED
    assert opaque(apart) == opaque(COMPOSED) == COMPOSED


def test_every_blank_is_a_space() -> None:
    """RFC 8265, section 4.2.2, rule 2."""
    assert opaque("one\N{IDEOGRAPHIC SPACE}two\N{NO-BREAK SPACE}three") == "one two three"


def test_case_and_width_stay() -> None:
    """They are what somebody has chosen."""
    assert opaque("ＡaÄ") == "ＡaÄ"


@given(st.text(max_size=60))
def test_what_is_prepared_stays_as_it_is(text: str) -> None:
    """So it does not matter how often, or where."""
    assert opaque(opaque(text)) == opaque(text)


@pytest.mark.parametrize("password", ["", "a\x00b", "a\x07", "a\nb", "\ud800", "x" * (LONGEST + 1)])
def test_what_nobody_has_is_not_checked(password: str) -> None:
    """Nothing of that could have become a password."""
    assert not is_possible(password)


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("short", "A password has at least 8 characters. Take a longer one."),
        ("a\N{COMBINING DIAERESIS}" * 7, "A password has at least 8 characters. Take a longer one."),
        ("x" * 1025, "A password has at most 1,024 characters. Take a shorter one."),
        (" blanks about ", "A password has letters, digits, signs, and blanks only between them."),
        ("a bell \x07 in it", "A password has letters, digits, signs, and blanks only between them."),
        ("a nul \x00 in it", "A password has letters, digits, signs, and blanks only between them."),
    ],
)
def test_what_is_unfit_is_told_without_it(password: str, told: str) -> None:
    """One sentence says what to do, and never repeats the password."""
    refused = unfit(password)
    assert refused is not None
    assert (refused.code, refused.text) == ("bad-new-password", told)


@pytest.mark.parametrize("password", ["correct horse", COMPOSED, "密码密码密码密码", "x" * 1024])
def test_what_is_fit(password: str) -> None:
    assert unfit(password) is None
    assert is_possible(password)
