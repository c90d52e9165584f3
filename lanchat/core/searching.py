"""Searching: reads what somebody types behind /search.

Words and ``"words in a row"`` (see `words`), and filters: ``from:bob``, ``in:#dev``, ``before:`` and ``after:`` with
the number of an event or a moment (see `times`).  Nothing else has a meaning: ``foo:bar`` is two words in a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lanchat.core.errors import Refused
from lanchat.core.names import fold
from lanchat.core.times import lasting, moment
from lanchat.core.words import phrases

_MOST_WORDS = 32
"""Words that are looked for at once: each costs."""
_LONGEST_NUMBER = 15
"""Digits of the number of an event, at most."""
_PART = re.compile(r'(?<!\S)(from|in|before|after):(\S*)|("[^"]*"?|[^\s"]+)', re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_EXAMPLES = {"from": "from:bob", "in": "in:#dev", "before": "before:2026-11-20", "after": "after:2h"}


class Search:
    """What is looked for.  Raises Refused ``bad-arguments``."""

    def __init__(self, typed: str, now: float) -> None:
        self.phrases: tuple[str, ...] = ()
        self.nick = ""
        """Whose words alone are wanted, folded; empty: everybody's."""
        self.rooms: list[str] = []
        """The rooms that are named, as they are typed; none: all."""
        self.after = 0
        self.before: int | None = None
        """The numbers of the events between which it was said."""
        self.earliest = ""
        self.latest = ""
        """The first moment, and the first that is too late, as stamps; empty is no bound."""
        self._kept: list[str] = []
        self._read(typed, now)

    @property
    def older(self) -> str:
        """What types the same search for what was said before an event, if its number follows."""
        return " ".join([*self._kept, "before:"])

    def _read(self, typed: str, now: float) -> None:
        wanted: list[str] = []
        filters: dict[str, Callable[[str, float], str]] = {
            "from": self._from,
            "in": self._in,
            "before": self._before,
            "after": self._after,
        }
        for name, value, part in _PART.findall(typed):
            if part:
                wanted.append(part)
                ends = part[0] != '"' or part.endswith('"', 1)
                self._kept.append(_BLANKS.sub(" ", part) + ("" if ends else '"'))  # "x* " is no beginning of a word
                continue
            key = name.lower()
            if not value:
                raise _refused(f"Write {key}: and what it means without a space, for example {_EXAMPLES[key]}")
            if kept := filters[key](value, now):
                self._kept.append(f"{key}:{kept}")
        self.phrases = phrases(" ".join(wanted))
        if sum(phrase.count(" ") + 1 for phrase in self.phrases) > _MOST_WORDS:
            raise _refused(f"At most {_MOST_WORDS} words can be looked for at once. Take the rare ones.")
        if wanted and not self.phrases:
            raise _refused("There is nothing to look for in that. Type a word with letters or digits.")
        if not wanted and not self.nick:
            raise _refused("Type what to look for: /search exam from:bob in:#dev")

    def _from(self, nick: str, now: float) -> str:
        del now
        if self.nick and self.nick != fold(nick):
            raise _refused("Name one person only behind from:")
        self.nick = fold(nick)
        return nick

    def _in(self, room: str, now: float) -> str:
        del now
        self.rooms.append(room if room.startswith("#") else f"#{room}")
        return self.rooms[-1]

    def _before(self, written: str, now: float) -> str:
        number, stamp = _bound(written, now)
        if number is not None:
            self.before = number if self.before is None else min(number, self.before)
            return ""  # `older` says it anew
        self.latest = min(self.latest or stamp, stamp)
        return lasting(written, stamp)

    def _after(self, written: str, now: float) -> str:
        number, stamp = _bound(written, now)
        if number is not None:
            self.after = max(number, self.after)
            return written
        self.earliest = max(self.earliest, stamp)
        return lasting(written, stamp)


def event_number(written: str) -> int | None:
    """Read the number of an event; None when it is none."""
    return int(written) if written.isascii() and written.isdigit() and len(written) <= _LONGEST_NUMBER else None


def _bound(written: str, now: float) -> tuple[int | None, str]:
    """Read the number of an event, or else the stamp of a moment."""
    if (number := event_number(written)) is not None:
        return number, ""
    try:
        return None, moment(written, now)
    except ValueError:
        raise _refused(f"{written} is no time. Type 2h, 15:04, 2026-11-20 or 2026-11-20T15:04.") from None


def _refused(text: str) -> Refused:
    return Refused("bad-arguments", text)
