"""What may be a nick or the name of a room, and which two of them are the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from confusable_homoglyphs.confusables import confusables_data

from lanchat.core.errors import Refused

LOBBY = "#lobby"
# Words that mean something else where a nick is asked for; and the services of IRC networks, to which clients tell
# passwords by themselves.
RESERVED = frozenset({"exit", "quit", "bye", "help", "server", "lanchat"}) | frozenset(
    {"nickserv", "chanserv", "operserv", "memoserv", "hostserv", "botserv", "saslserv", "authserv"}
)
_IRC_MARKS = frozenset("-_[]{}\\|^`")
_BYTES = 2
"""How many bytes a character of a name may take, on average: two nicks and a room have to fit a line of IRC."""
# Letters and marks that show nothing (Unicode's Default_Ignorable_Code_Point): a name with them looks like another.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U00016fe4\U0001bc9d\U000e0100-\U000e01ef]"
)
_DOTTED = re.compile("(?<=[ij])\u0307")  # a dot above what has one already


@lru_cache(8192)
def fold(name: str) -> str:
    """Give the form by which names are compared: NFKC, then casefold, then NFKC again (Unicode 3.13, D146)."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _look_alikes() -> dict[int, str]:
    """Map each character of Unicode's confusables table (UTS 39) to what stands for its kind.

    The library lists every character with those that look like it; the one with the longest list is
    the prototype: ``0 -> O``, Cyrillic ``а -> a``.  What looks like several letters stands for those: ``ǁ -> ll``.
    """
    kinds = {
        letter: [alike["c"] for alike in found if len(alike["c"]) == 1]
        for letter, found in confusables_data.items()
        if _is_single(letter)
    }

    def weight(letter: str) -> tuple[int, int]:
        return len(kinds.get(letter, ())), -ord(letter)

    found = {letter: max([letter, *alike], key=weight) for letter, alike in kinds.items()}
    found["\u04cf"] = found["l"]  # the table has it like an i, as it once looked; what fonts draw is an l
    for letter in filter(_is_single, confusables_data):
        for alike in confusables_data[letter]:
            if len(alike["c"]) > 1 and alike["c"].isascii() and alike["c"].isalnum() and not letter.isascii():
                found[letter] = "".join([found.get(each, each) for each in alike["c"]])
    return {ord(letter): best for letter, best in found.items() if best != letter}


def _is_single(text: str) -> bool:
    return len(text) == 1


_PROTOTYPES = _look_alikes()


@lru_cache(8192)
def skeleton(nick: str) -> str:
    """Give the form by which look-alikes are compared: two nicks that look the same have the same skeleton."""
    shown = unicodedata.normalize("NFKC", nick).translate(_PROTOTYPES).casefold()
    return _DOTTED.sub("", shown).replace("m", "rn")


def check_nick(nick: str, longest: int) -> str:
    """Give the nick in the form in which it is shown (NFC).

    ``longest`` counts characters, 0 is without limit.  Raises Refused ``bad-nick`` with what is wrong.
    """
    nick = unicodedata.normalize("NFC", nick)
    if not nick:
        raise Refused("bad-nick", "Type a name, for example: alice")
    if " " in nick:
        raise Refused("bad-nick", f"A name has no spaces. Try {nick.replace(' ', '_')[: longest or None]}")
    if longest and len(nick) > longest:
        raise Refused("bad-nick", f"A name has at most {longest} characters. Type a shorter one.")
    if longest and len(nick.encode()) > longest * _BYTES:
        raise Refused("bad-nick", f"A name has at most {longest * _BYTES} bytes. Type a shorter one.")
    if nick[0] == "-" or unicodedata.category(nick[0])[0] in "NM":
        raise Refused("bad-nick", "A name begins with a letter. Try another one.")
    if _INVISIBLE.search(nick):
        raise Refused("bad-nick", "A name has no invisible characters. Type it again.")
    for letter in nick:
        if letter not in _IRC_MARKS and unicodedata.category(letter)[0] not in "LNM":
            raise Refused(
                "bad-nick",
                f"A name has letters, digits and -_[]{{}}\\|^` only, no {letter!r}. Try another one.",
            )
    if fold(nick) in RESERVED or nick.upper().startswith("SSH-"):
        raise Refused("bad-nick", f"{nick} means something else here. Type another name.")
    return nick


def check_room(room: str, longest: int) -> str:
    """Give the room's name in the form in which it is shown (NFC).

    ``longest`` counts characters, 0 is without limit.  Raises Refused ``bad-room`` with what is wrong.
    """
    room = unicodedata.normalize("NFC", room)
    if not room.startswith("#"):
        raise Refused("bad-room", f"A room's name begins with #. Try #{room}" if room else "Name a room: #dev")
    if len(room) == 1:
        raise Refused("bad-room", "A room has a name behind the #, for example: #dev")
    if longest and len(room) > longest:
        raise Refused("bad-room", f"A room's name has at most {longest} characters. Try a shorter one.")
    if longest and len(room.encode()) > longest * _BYTES:
        raise Refused("bad-room", f"A room's name has at most {longest * _BYTES} bytes. Try a shorter one.")
    if " " in room or "," in room or not room.isprintable() or _INVISIBLE.search(room):
        raise Refused("bad-room", "A room's name has no spaces, commas or control characters. Try another one.")
    return room


def named_in(nick: str, text: str) -> list[tuple[int, int]]:
    """Give where a text names somebody, as a word of its own, in whatever case.

    Where folding changes how long the text is (``ß`` is ``ss``), the places are those in the folded text.
    """
    if not nick:
        return []
    word = re.compile(rf"(?<!\w)(?<!\w[-|^`\[\]{{}}\\]){re.escape(fold(nick))}(?!\w|[-|^`\[\]{{}}\\]\w)")
    return [match.span() for match in word.finditer(fold(text))]
