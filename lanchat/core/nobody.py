"""Nobody: the session whose doing is what the server does by itself.  Nobody sees it, and it writes nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.events import AnyEvent
from lanchat.core.members import Member
from lanchat.core.replies import AnyReply
from lanchat.core.session import Send, Session

if TYPE_CHECKING:
    from lanchat.core.hub import Hub


class _Nowhere:
    """A way out that takes everything, and brings it to nobody."""

    send: Send = staticmethod(len)

    def keep(self, rest: bytes) -> None:
        """Drop it."""

    def finish(self) -> None:
        """Have nothing to end."""


class _Silence:
    """A dialect without words."""

    named = 0

    @property
    def in_view(self) -> _Silence:
        """The same."""
        return self

    aside = in_view

    def encode(self, heard: AnyEvent | AnyReply) -> bytes:
        """Say nothing."""
        del heard
        return b""

    def own(self, event: AnyEvent, ref: str) -> bytes:
        """Say nothing."""
        del event, ref
        return b""

    def mirror(self, event: AnyEvent) -> bytes:
        """Say nothing."""
        del event
        return b""


def nobody(hub: Hub) -> Session:
    """Give a session for what the server does by itself: its member has no nick, and may do all."""
    session = Session(hub.pulse, _Nowhere(), _Silence(), "server", "")
    session.member = Member("", hub.stamp())
    session.member.admin = True
    return session
