"""What is stored and shown never steers anybody's terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lanchat.core.clean import clean, decode

BIDI = {chr(code) for code in [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]}
# Text in which escape sequences are likely, whole and in parts.
NASTY = st.text(st.sampled_from("\x1b\x9b\x9d[]0;31mA\x07\\ \n\r\t\u202e\u2028Pé\x03\x04,f") | st.characters())


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain text", "plain text"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1bP1$qm\x1b\\text", "text"),
        ("\x9b31mred", "red"),
        ("\x1b(Btext", "text"),
        ("\x1bctext", "text"),
        ("\x1b\x1b[31m[31m", "[31m"),
        ("unfinished \x1b[31", "unfinished "),
        ("a\tb", "a    b"),
        ("a\nb\r\nc\rd", "a b cd"),
        ("null\x00 del\x7f c1\x85", "null del c1"),
        (
            "\x02bold\x02 \x1ditalic\x1d \x1funder\x1f \x1estruck\x1e \x11mono\x11 \x16turned\x16\x0f",
            "bold italic under struck mono turned",
        ),
        ("\x034red\x03 \x0304,12on blue\x03 \x03", "red on blue "),
        ("\x03045 \x034,x \x03,5 \x0399,999", "5 ,x ,5 9"),
        ("\x0304red \x04FF0000red\x04 \x04ff0000,00FF00both \x04FF00", "red red both FF00"),
        ("\x03\x1b[31m04red", "red"),
        ("\u202eabc\u202c \u2066d\u2069", "abc d"),
        ("\ufefftext\u2028\u2029", "text"),
        ("👩\u200d👩\u200d👧 e\u0301 \u200fעברית", "👩\u200d👩\u200d👧 e\u0301 \u200fעברית"),
    ],
)
def test_what_is_taken_out(text: str, cleaned: str) -> None:
    """Escape sequences go whole, control characters go, what people write stays."""
    assert clean(text) == cleaned


def test_lines_may_stay() -> None:
    """In texts of several lines a newline stays, whatever it was on the way."""
    assert clean("a\r\nb\n\rc\x1b[31m\n", lines=True) == "a\nb\nc\n"


@given(NASTY, st.booleans())
@example("\x1b\r\n[31m", True)
@example("\x1b\n[31m", False)
@example("\x1b\x00[31m", False)
def test_nothing_that_steers_is_left(text: str, lines: bool) -> None:
    """No control character, no escape, no bidi override comes through, and cleaning twice is cleaning once."""
    cleaned = clean(text, lines=lines)
    left = {letter for letter in cleaned if unicodedata.category(letter) in ("Cc", "Zl", "Zp") or letter in BIDI}
    assert left <= ({"\n"} if lines else set())
    assert clean(cleaned, lines=lines) == cleaned


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp", "Cf", "Cn", "Co"])))
def test_everything_printable_stays(text: str) -> None:
    """Whatever people can write is heard as they wrote it."""
    assert clean(text) == text


@given(st.text())
def test_utf8_is_read_as_utf8(text: str) -> None:
    """UTF-8 comes through as it is."""
    assert decode(text.encode("utf-8", "ignore")) == text.encode("utf-8", "ignore").decode()


@given(st.binary())
def test_no_bytes_are_too_strange(line: bytes) -> None:
    """Whatever comes is read as something, of as many letters as bytes where it is no UTF-8."""
    read = decode(line)
    assert len(read) <= len(line)


@pytest.mark.parametrize(
    ("line", "text"),
    [(b"caf\xe9", "café"), (b"\x80 5", "€ 5"), (b"\x93hi\x94", "“hi”"), (b"\x81\xff", "\x81ÿ")],
)
def test_other_bytes_are_read_as_windows_1252(line: bytes, text: str) -> None:
    """Old terminals send Windows-1252, and its five gaps are read as Latin-1."""
    assert decode(line) == text
