"""Coming back to where one was: what was heard last, and what the server tells of the time since.

To a hello that says what was heard last the server answers in three parts: each room (`Entered`), then everything
that happened in them since, in order and each once, then each room once more, as it is now.  From there on it is
live (docs/protocol.md).  This follows those parts, says of everything that is heard what it is, and marks for the
person where the line was down.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from lanchat.client.heard import Heard
from lanchat.client.outbox import Outbox
from lanchat.core.events import Acted, Changed, Deleted, Event, Joined, Kicked, Parted, Said, Shared, Told, Topic
from lanchat.core.names import fold
from lanchat.core.replies import Entered, Missed, Welcome

HELLO = "hello"
"""The reference of the hello."""
NOTHING = "The line was down; you missed nothing."
BEGINS = "The line was down; this was said meanwhile:"
ENDS = "That was all; from here on it is live."
MISSING = "The line was down; what was said meanwhile is missing here."


class Part(Enum):
    """What something is that was heard."""

    LIVE = "live"
    """It happens now, or it is an answer."""
    MISSED = "missed"
    """It happened while the line was down."""
    OURS = "ours"
    """We said it before the line dropped, and did not hear that it had arrived; or the server takes it only now."""
    PASSED = "passed"
    """Somebody came or went meanwhile: who is there now is told at the end."""


class Resume:
    """One person's place in the talk, over drops of the line.

    ``client`` is a name that nobody else can guess: under it the server knows again what was sent before.
    ``mark`` shows a line at this place in the talk.
    """

    def __init__(self, client: str, outbox: Outbox, mark: Callable[[str], None]) -> None:
        self._client = client
        self._outbox = outbox
        self._mark = mark
        self._journal = ""
        self._newest = 0
        """The newest event of that journal that was heard."""
        self._nicks: set[str] = set()
        """Under which we may have spoken, folded."""
        self._ours: dict[int, Said | Acted | Told] = {}
        """What we heard ourselves say, before it was acknowledged."""
        self._asked = False
        self._under_way = False
        self._missed = False
        """Whether anything was said meanwhile."""
        self._rooms: set[str] = set()
        """Those that will be told once more."""
        self._gone: set[str] = set()
        """Those of them that we were made to leave meanwhile, perhaps to come back."""

    def hello(self) -> dict[str, object]:
        """Give what a hello says about where we were."""
        self._under_way = False
        self._asked = bool(self._journal and self._newest)
        place = {"since": self._newest, "journal": self._journal} if self._asked else {}
        return {"client": self._client, **place}

    def welcomed(self, welcome: Welcome, *, returning: bool) -> bool:
        """Begin; say whether the journal is that of before, so that the server knows what we sent."""
        same = bool(welcome.journal) and welcome.journal == self._journal
        self._journal = welcome.journal
        self._under_way = same and self._asked
        self._missed = False
        self._rooms.clear()
        self._gone.clear()
        if not same:
            self._newest = 0
        if returning and not self._under_way:
            self._mark(MISSING)
        return same

    def hear(self, heard: Heard | None, ref: str) -> Part:
        """Say what something is; to be asked before it is shown, for there may be a mark before it."""
        part = self._part(heard, ref) if self._under_way else Part.LIVE
        if isinstance(heard, Said | Acted | Told) and not ref and self._is_ours(heard):
            self._ours[heard.id] = heard
            part = Part.OURS
        if isinstance(heard, Deleted) and (ours := self._ours.pop(heard.of, None)) is not None:
            self._outbox.forget(*_words(ours))
        match heard:
            case Welcome() | Entered():
                self._nicks.add(fold(heard.nick))
            case Missed():
                self._newest = max(self._newest, heard.until)
            case Event():
                self._newest = max(self._newest, heard.id)
            case _:
                pass
        return part

    def was_shown(self, number: int) -> bool:
        """Say whether an event of ours was heard before it was acknowledged."""
        return number in self._ours

    def _part(self, heard: Heard | None, ref: str) -> Part:
        if ref not in ("", HELLO):
            self._finish()  # commands are answered when all is told
            return Part.LIVE
        match heard:
            case Joined() if ref:
                # A hello is answered with that only where we are new: the journal has been put back to an
                # earlier state, and does not know what we heard.
                self._under_way = False
                self._newest = 0
                self._mark(MISSING)
            case Kicked() if fold(heard.who) in self._nicks:
                self._gone.add(fold(heard.room))
            case Joined() | Parted() | Kicked():
                return Part.PASSED
            case Said() | Acted() | Told() if self._is_ours(heard):
                pass  # it was said before, not meanwhile
            case Said() | Acted() | Shared() | Told(kept=True) | Deleted() | Topic() | Changed() | Missed():
                if not self._missed:
                    self._missed = True
                    self._mark(BEGINS)
                return Part.MISSED
            case Entered():
                self._entered(fold(heard.room), again=not ref)
            case Event():
                self._finish()  # no others are kept: it happens now
            case _:
                pass
        return Part.LIVE

    def _is_ours(self, heard: Said | Acted | Told) -> bool:
        return fold(heard.nick) in self._nicks and self._outbox.says(*_words(heard))

    def _entered(self, room: str, *, again: bool) -> None:
        """Note a room: the hello is answered with all of them, with some perhaps twice, before one is told again."""
        if not again:
            self._rooms.add(room)
            return
        self._rooms.discard(room)
        if self._rooms <= self._gone:
            self._finish()

    def _finish(self) -> None:
        self._under_way = False
        self._mark(ENDS if self._missed else NOTHING)


def _words(heard: Said | Acted | Told) -> tuple[str, str, str]:
    """Give the command that says it, where, and what."""
    if isinstance(heard, Told):
        return "msg", heard.to, heard.text
    return "say" if isinstance(heard, Said) else "me", heard.room, heard.text
