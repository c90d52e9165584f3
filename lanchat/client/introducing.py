"""Introducing ourselves: what a hello says, and what is to be done where the server does not let us in by it.

Nothing here sends anything or ends anything: the link does (`link`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lanchat.client.conversation import Conversation
from lanchat.client.endings import CannotConnect, Ending, NickRefused
from lanchat.client.own_nick import OwnNick
from lanchat.client.proof import AGAIN, Proof, Secret
from lanchat.client.resume import HELLO, Resume
from lanchat.core.names import fold
from lanchat.core.replies import Refusal

_WELCOME = 30.0
"""Seconds in which a server has to let us in."""
_LOGIN = 180.0
"""Seconds in which it has to look at a password: everybody may log in at once, and each takes it its time."""


class Hello(NamedTuple):
    """A command, and the seconds in which it has to be answered."""

    op: dict[str, object]
    wait: float


class Again(NamedTuple):
    """Another hello is to be said, under this nick."""

    nick: str


class Ask(NamedTuple):
    """A person has to be asked for a password; ``said`` is how the server says so."""

    secret: Secret
    said: str


class Later(NamedTuple):
    """The line is to be dropped, and to be had again in a while; ``why`` is what the server says."""

    why: str


class Introduction:
    """What we say of ourselves to one server.

    ``rooms`` are those that are asked for at the start; ``private`` says whether nobody else can read what is sent.
    """

    def __init__(
        self,
        nick: OwnNick,
        proof: Proof,
        resume: Resume,
        conversation: Conversation,
        rooms: Sequence[str],
        *,
        private: bool,
    ) -> None:
        self._nick = nick
        self._proof = proof
        self._resume = resume
        self._conversation = conversation
        self._rooms = list(rooms)
        """Those that were asked for at the start and not answered yet."""
        self._private = private
        self._said = ""
        """The nick of the last hello."""

    def hello(self, nick: str) -> Hello:
        """Give what is said under this nick."""
        self._said = nick
        rooms = [*self._rooms, *self._conversation.to_rejoin()]
        proof = self._proof.hello(nick)
        op = {"op": "hello", "nick": nick, "rooms": rooms, "ref": HELLO, **self._resume.hello(), **proof}
        return Hello(op, _LOGIN if proof else _WELCOME)

    def answered(self, room: str) -> None:
        """Ask for a room no more: we are there, or were told why not."""
        self._rooms = [each for each in self._rooms if fold(each) != fold(room)]

    def refused(self, refusal: Refusal, *, known: bool) -> Again | Ask | Later | Ending:
        """Say what is to be done now; ``known``: we have been in before, and come back."""
        if refusal.code == "bad-token":
            self._proof.forget(self._said)
            return Again(self._said)
        if refusal.code == "not-secure":
            return CannotConnect(f"{refusal.text} Join with --tls, or by an ssl: endpoint.")
        secret = self._proof.wanted(refusal.code)
        if secret is not None:
            if self._private and self._proof.has_spare(secret):
                return Again(self._said)
            return Ask(secret, _asking(refusal))
        if not known:
            return CannotConnect(refusal.text) if refusal.code in AGAIN else NickRefused(refusal.text)
        if refusal.code == "banned":
            return CannotConnect(refusal.text)
        nick = self._nick.another() if refusal.code == "nick-taken" else None
        return Later(refusal.text) if nick is None else Again(nick)


def _asking(refusal: Refusal) -> str:
    """Give what a person is told who is asked for a password: not how it would be typed as a command."""
    if refusal.code in AGAIN:
        return refusal.text
    return refusal.text.partition(". ")[0].rstrip(".") + "."
