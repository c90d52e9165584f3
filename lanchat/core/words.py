"""Words: what a text is made of, for those who search.

The journals compare words and nothing else, so they all find the same.  A word is a run of letters and digits of any
script, folded, without accents; in scripts that are written without spaces each character is one, and so is each
symbol (an emoji).  A *phrase* is words in a row, joined by spaces: ``build is green``; one that ends in ``*`` is also
found where its last word is only the beginning of one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_ALONE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai and Lao, Burmese, Khmer
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # kana, Chinese characters
)
_SYMBOLS = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_WORD = re.compile(rf"[{_ALONE}{_SYMBOLS}]|(?:(?![{_ALONE}])[^\W_])+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_PART = re.compile(r'"([^"]*)"?|([^\s"]+)')


def words_of(text: str) -> list[str]:
    """Give the words of a text, in their order."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", text)))
    return _WORD.findall(text.casefold())


def phrases(text: str) -> tuple[str, ...]:
    """Read what somebody looks for: words, and ``"words in a row"``; nothing in it has a meaning but the ``*``."""
    found: list[str] = []
    for row, word in _PART.findall(text):
        part = row or word
        words = words_of(part)
        if words:
            found.append(" ".join(words) + ("*" if part.endswith("*") else ""))
    return tuple(found)


def found_in(text: str, wanted: Sequence[str]) -> bool:
    """Say whether all of these phrases stand in a text.

    Most texts have not even the letters of what is looked for, and that is seen much faster.
    """
    if text.isascii():
        letters = text.lower()
        if not all(word in letters for phrase in wanted for word in phrase.removesuffix("*").split(" ")):
            return False
    words = words_of(text)
    return all(holds(words, phrase) for phrase in wanted)


def holds(words: list[str], phrase: str) -> bool:
    """Say whether a phrase stands among the words of a text."""
    wanted = phrase.removesuffix("*").split(" ")
    last = len(wanted) - 1
    for start in range(len(words) - last):
        if words[start : start + last] == wanted[:last]:
            word = words[start + last]
            if word == wanted[last] or (phrase.endswith("*") and word.startswith(wanted[last])):
                return True
    return False
