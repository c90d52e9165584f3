"""Words are found however they are written, and nothing that is typed means anything but words."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lanchat.core.words import found_in, holds, phrases, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("Hello, WORLD!", ["hello", "world"]),
        ("it's 3.14_x", ["it", "s", "3", "14", "x"]),
        ("Café Straße ΣΊΓΜΑΣ", ["cafe", "strasse", "σιγμασ"]),
        ("cafe\u0301 \ufb01sh １２", ["cafe", "fish", "12"]),
        ("й ё", ["и", "е"]),
        ("日本語 です", ["日", "本", "語", "で", "す"]),
        ("release日v2", ["release", "日", "v2"]),
        ("สวัสดี", ["ส", "ว", "ั", "ส", "ด", "ี"]),
        ("한국어 text", ["한국어", "text"]),
        ("ship it 🚀🚀", ["ship", "it", "🚀", "🚀"]),
        ("-- \x1b[0m \"' ();*", ["0m"]),
    ],
)
def test_texts_are_made_of_words(text: str, words: list[str]) -> None:
    """Letters and digits in a row, folded, without accents; alone where no spaces are written."""
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("exam", ("exam",)),
        ("exam at nine", ("exam", "at", "nine")),
        ('"exam at" nine', ("exam at", "nine")),
        ('exam "at nine', ("exam", "at nine")),
        ("nin*", ("nin*",)),
        ('"at nin*"', ("at nin*",)),
        ("C++ e-mail", ("c", "e mail")),
        ("foo AND bar OR NOT baz NEAR(x y, 2)", ("foo", "and", "bar", "or", "not", "baz", "near x", "y", "2")),
        ("text:foo ^bar {a b}: - + ' ; --", ("text foo", "bar", "a", "b")),
        ('* ** !! "" "*', ()),
    ],
)
def test_what_is_typed_is_words(typed: str, found: tuple[str, ...]) -> None:
    """Quotes hold words in a row, a star ends the beginning of one; there are no operators."""
    assert phrases(typed) == found


@pytest.mark.parametrize(
    ("text", "phrase", "held"),
    [
        ("the build is green", "build", True),
        ("the build is green", "build is", True),
        ("the build is green", "build green", False),
        ("the build is green", "gre", False),
        ("the build is green", "gre*", True),
        ("the build is green", "is gre*", True),
        ("the build is green", "green is", False),
        ("a a b", "a b", True),
        ("", "a", False),
    ],
)
def test_phrases_stand_among_words(text: str, phrase: str, held: bool) -> None:
    """All of its words in a row; of the last one only the beginning, if there is a star."""
    assert holds(words_of(text), phrase) is held


@given(st.text())
@example("\u0345 \u1e9e \u0130 ﷺ \u1fc1 \u00b4 \u2100 \u00bd \u037a")
def test_words_have_nothing_that_could_mean_anything_else(text: str) -> None:
    """No space, no quote, nothing of ASCII but small letters and digits: so they need no escapes anywhere."""
    for word in words_of(text):
        assert word
        assert not any(letter.isspace() or (letter.isascii() and not letter.isalnum()) for letter in word)
        assert word == word.casefold() or not word.isascii()


@given(st.text())
def test_texts_hold_what_is_copied_from_them(text: str) -> None:
    """Who types a whole text finds it; who puts it in quotes, too."""
    words = words_of(text)
    assert all(holds(words, phrase) for phrase in phrases(text))
    assert all(holds(words, phrase) for phrase in phrases('"' + text.replace('"', " ") + '"'))


@given(st.text(alphabet="aAbB .é"), st.lists(st.text(alphabet='ab *é"', max_size=4), max_size=3))
def test_what_is_found_is_what_is_held(text: str, typed: list[str]) -> None:
    """All of the phrases, whatever is done to be fast."""
    wanted = phrases(" ".join(typed))
    assert found_in(text, wanted) == all(holds(words_of(text), phrase) for phrase in wanted)


@given(st.text(alphabet=st.characters(max_codepoint=0x24F)))
def test_case_and_accents_make_no_difference(text: str) -> None:
    """Whoever is in a hurry leaves them out."""
    assert words_of(text.casefold()) == words_of(text)
    plain = text.translate(str.maketrans("àéîõüÀÉÎÕÜ", "aeiouAEIOU"))
    assert words_of(plain) == words_of(text)


@given(st.text())
def test_words_of_words_are_the_same(text: str) -> None:
    """What was made of words once can be read again."""
    words = words_of(text)
    assert words_of(" ".join(words)) == words
