"""The link to the chat: it comes back by itself, hears what was said meanwhile, and says what was typed once.

It introduces itself, follows the conversation, and keeps the rooms, the nick and the away text over a drop of
the line.  What the person is shown is the business of a front (`plain`, `terminal`).
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterable, Sequence

import msgspec
from twisted.application.internet import ClientService
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IReactorTime, IStreamClientEndpoint
from twisted.python.failure import Failure

from lanchat.client.connection import Connection, Connections
from lanchat.client.conversation import Conversation
from lanchat.client.endings import CannotConnect, Ending, GaveUp, KeyRefused, SecretWanted
from lanchat.client.front import Front, State
from lanchat.client.heard import Heard
from lanchat.client.introducing import Again, Ask, Introduction, Later
from lanchat.client.outbox import Asked, Outbox
from lanchat.client.own_nick import OwnNick
from lanchat.client.proof import Proof, Secret
from lanchat.client.resume import HELLO, Part, Resume
from lanchat.client.timers import Timers
from lanchat.core.events import Away, Changed, Joined, Kicked, Parted, Quit, Renamed
from lanchat.core.names import LOBBY, fold
from lanchat.core.replies import Acknowledged, Closed, Entered, Help, LoggedIn, Refusal, Welcome
from lanchat.core.times import span

MOST = 500
"""Commands that may be waiting or unacknowledged."""
_SLOWEST = 60.0
"""Seconds between two attempts, at most."""
_SETTLED = 0.5
"""Seconds after a change until we ask what we may do now."""
_GOODBYE = 3.0
"""Seconds in which it has to let us go."""
# References of what the link says by itself; those of what a person typed are numbers.
_NICK, _VIEW, _AWAY, _QUIT, _HELP = "nick", "view", "away", "quit", "help"


class Link:
    """One person's way into a chat.

    `start` gives a Deferred that fires when the person is in, or fails with an Ending; ``ended`` fires when it
    is all over: with None, or an Ending.  ``patience`` is for how many seconds a dropped line may stay away.
    ``client`` is a name that nobody else can guess, ``proof`` what is shown to the server of who we are; ``private``
    says whether nobody else can read it.  ``helped`` asks which commands we may use (`Conversation.commands`).
    """

    def __init__(
        self,
        endpoint: IStreamClientEndpoint,
        clock: IReactorTime,
        conversation: Conversation,
        front: Front,
        *,
        rooms: Sequence[str] = (),
        diagnose: Callable[[BaseException], Ending],
        patience: float = 0.0,
        jitter: Callable[[], float] = random.random,
        client: str = "",
        proof: Proof | None = None,
        private: bool = True,
        helped: bool = False,
    ) -> None:
        self.state = State.CONNECTING
        self.outbox = Outbox(MOST)
        self.uncertain = 0
        """How many messages may not have arrived."""
        self.conversation = conversation
        self.ended: Deferred[Ending | None] = Deferred()
        self._entered: Deferred[None] = Deferred()
        self._clock = clock
        self._front = front
        self._diagnose = diagnose
        self._patience = patience
        self._jitter = jitter
        self._nick = OwnNick(conversation.nick, clock, self._ask_for)
        self._resume = Resume(client or secrets.token_urlsafe(16), self.outbox, front.mark)
        self.proof = proof or Proof()
        self.proof.trouble = front.note
        self.private = private
        """Whether nobody else can read what is sent."""
        self._introduction = Introduction(self._nick, self.proof, self._resume, conversation, rooms, private=private)
        self._helped = helped
        self._been_in = False
        self._returning = False
        self._leaving = False
        self._turned = False
        """Whether we were made to leave the room in view: what we are shown next is where we are."""
        self._failures = 0
        self._dropped_at = 0.0
        self._said_why = ""
        self._connection: Connection | None = None
        self._timers = Timers(clock)
        self._service = ClientService(endpoint, Connections(self, clock), self._delay, clock)

    # -- for the front -----------------------------------------------------------------------------------------

    def start(self) -> Deferred[None]:
        """Go in."""
        self._service.whenConnected(failAfterFailures=1).addErrback(self._unreachable)
        self._service.startService()
        return self._entered

    def send(self, asked: Asked) -> bool:
        """Send a command, now or as soon as the line is back; False when too many are waiting already."""
        if self.outbox.full:
            return False
        self.outbox.put(asked)
        self._send()
        self._front.changed()
        return True

    def leave(self, reason: str = "") -> None:
        """Leave the chat; ``ended`` fires when that is done."""
        if self._leaving:
            return
        self._leaving = True
        if self.state is State.UP and self._connection is not None:
            self._connection.command({"op": "quit", "reason": reason, "ref": _QUIT})
            self._timers.later("goodbye", _GOODBYE, lambda: self._drop("The server does not let go."))
        else:
            self._over(None)

    def abort(self) -> None:
        """End at once, and say nothing more."""
        self._leaving = True
        self.outbox.give_back()
        self._over(None)

    def prove(self, secret: Secret, value: str, nick: str = "") -> None:
        """Try again with what a person was asked for (`Front.wants`), or under another nick."""
        if self.state is not State.LOCKED:
            return
        if value:
            self.proof.give(secret, value)
        if nick:
            self._nick.wanted = nick
        self.state = State.DOWN
        self._service.startService()
        self._front.changed()

    @property
    def wanted_nick(self) -> str:
        """The nick that we come in under as soon as we can."""
        return self._nick.wanted

    def pause(self) -> None:
        """Read no more until `resume`."""
        if self._connection is not None:
            self._connection.pause()

    def resume(self) -> None:
        """Read again."""
        if self._connection is not None:
            self._connection.resume()

    # -- what the connection tells -----------------------------------------------------------------------------

    def connected(self, connection: Connection) -> None:
        """Introduce ourselves."""
        self._connection = connection
        self._returning = self._been_in
        self._turned = False
        self._said_why = ""
        self._nick.arrive(self.conversation.longest_nick)
        self._hello(self._nick.wanted)

    def heard(self, line: bytes, heard: Heard | None, ref: str) -> None:
        """Follow the conversation, and pass it on."""
        repeated = self._returning and ref in (HELLO, _VIEW, _AWAY)
        quiet = repeated and isinstance(heard, Welcome | LoggedIn | Joined | Entered | Away)
        mirrored = self.conversation.is_mirrored(heard)
        match heard:
            case Welcome() if self.state is State.UP:
                self._moved(heard)
            case Welcome():
                self._welcomed(heard)
            case LoggedIn():
                line = self._logged_in(heard)
            case Help() if ref == _HELP:
                quiet = True
            case Refusal() if self.state is not State.UP:
                quiet = self._turned_away(heard)
            case Refusal() if ref == _NICK:
                quiet = True
            case Joined() | Entered() | Refusal() if ref == HELLO:
                self._introduction.answered(heard.room)
            case Parted() if mirrored and not ref:
                self._turned = fold(heard.room) == fold(self.conversation.view)
            case Kicked() if self.conversation.is_own(heard.who):
                self._turned = fold(heard.room) == fold(self.conversation.view)
            case Joined() if self.conversation.is_own(heard.nick) and not ref:
                quiet = True  # nobody asked: it was the last room that we were made to leave
            case Entered(aside=True):
                pass  # it was another client of ours that went there, or has been there all the time
            case Entered() if self._turned:
                self._turned = repeated = False
            case Entered() if not self.outbox.awaits(ref):
                quiet = repeated = True  # nobody asked: it says who is there
            case Closed():
                self._said_why = heard.text
            case Renamed() | Quit():
                self._nick.noticed(heard, own=bool(ref) or mirrored)
            case Changed() if mirrored or any(self.conversation.is_own(each.value) for each in heard.changes):
                self._ask_what_we_may()
            case _:
                pass
        part = self._resume.hear(heard, ref)
        if heard is not None and part in (Part.LIVE, Part.MISSED):
            self.conversation.hear(heard, follow=not repeated)
        # Who comes into a room or leaves one is also told where they are then: that is the end of the answer.
        acknowledged = None if isinstance(heard, Joined | Parted) else self.outbox.acknowledge(ref)
        if acknowledged and acknowledged.then and heard is not None:
            quiet = acknowledged.then(heard) or quiet
        if isinstance(heard, Closed) and acknowledged and acknowledged.op["op"] == "logout":
            self.proof.forget()
            self._leaving = True  # nobody is to be asked for the password that brings us back
        own = bool(ref) or part is Part.OURS or mirrored
        self._front.heard(line, heard, own=own, quiet=quiet or part is Part.PASSED)
        if isinstance(heard, Acknowledged) and acknowledged and not self._resume.was_shown(heard.id):
            self._front.note(f"Arrived before the line dropped: {acknowledged.typed}")
        if isinstance(heard, Welcome):
            self._go_on()
        elif acknowledged:
            self._front.changed()

    def lost(self, connection: Connection, why: Failure) -> None:
        """End, or wait for the line to come back."""
        del connection
        self._connection = None
        self._timers.cancel("welcome")
        self._nick.rest()
        ending = self._diagnose(why.value or CancelledError())
        if self._leaving:
            self._over(None)
        elif isinstance(ending, KeyRefused):
            self._over(ending)
        elif not self._been_in:
            self._over(CannotConnect(self._said_why) if self._said_why else ending)
        elif self.state is State.UP:
            self._dropped(str(ending) if ending is why.value else "")

    # -- coming in ---------------------------------------------------------------------------------------------

    def _hello(self, nick: str) -> None:
        assert self._connection is not None
        op, wait = self._introduction.hello(nick)
        self._timers.later("welcome", wait, lambda: self._drop("No lanchat answers there. Check the port."))
        self._connection.command(op)

    def _welcomed(self, welcome: Welcome) -> None:
        """Be in: say so when it is not for the first time."""
        self.state = State.UP
        self._failures = 0
        self.proof.taken()
        self._timers.cancel("welcome")
        self._timers.cancel("patience")
        if not self._been_in:
            self._nick.wanted = welcome.nick
            self._resume.welcomed(welcome, returning=False)
            return
        self._front.note(f"Connected again after {span(max(self._clock.seconds() - self._dropped_at, 1.0))}.")
        known = self._resume.welcomed(welcome, returning=True)
        self._lost(self.outbox.again(known=known))
        assert self._connection is not None
        if self.conversation.away:
            self._connection.command({"op": "away", "text": self.conversation.away, "ref": _AWAY})
        if fold(self.conversation.view) == LOBBY and len(self.conversation.rooms) > 1:
            self._connection.command({"op": "join", "room": LOBBY, "ref": _VIEW})
        if fold(welcome.nick) != fold(self._nick.wanted):
            self._front.note(
                f"{self._nick.wanted} is still here (your old connection, perhaps): "
                f"you are {welcome.nick} until it goes."
            )
            self._nick.borrowed()
            self.conversation.wanted = self._nick.wanted

    def _moved(self, welcome: Welcome) -> None:
        """Be somebody else from now on: the account that we have just logged in to is here with another client."""
        self._nick.wanted = welcome.nick
        self._nick.rest()
        self._turned = True
        self.conversation.moved()

    def _logged_in(self, heard: LoggedIn) -> bytes:
        """Remember the token, and give the line as others may see it: without."""
        self.proof.logged_in(heard.account, heard.token)
        self.outbox.settle("login", "register")
        self._ask_what_we_may()
        return msgspec.json.encode(msgspec.structs.replace(heard, token=""))

    def _ask_what_we_may(self) -> None:
        """Ask, in a moment, for the commands that we may use: it may change several times in a row."""
        if self._helped:
            self._timers.later("help", _SETTLED, self._ask_help)

    def _ask_help(self) -> None:
        if self._connection is not None and self.state is State.UP:
            self._connection.command({"op": "help", "ref": _HELP})

    def _ask_for(self, nick: str) -> None:
        if self._connection is not None:
            self._connection.command({"op": "nick", "nick": nick, "ref": _NICK})

    def _go_on(self) -> None:
        """Send what is waiting, after the welcome was shown."""
        self._been_in = True
        self._send()
        self._ask_what_we_may()
        self._front.changed()
        if not self._entered.called:
            self._entered.callback(None)

    def _turned_away(self, refusal: Refusal) -> bool:
        """Find another way in; say whether a person need not hear of the refusal."""
        match self._introduction.refused(refusal, known=self._been_in):
            case Again(nick):
                self._hello(nick)
            case Ask(secret, said):
                self._ask_person(secret, said)
            case Later(why):
                self._drop(why)
                return refusal.code == "nick-taken"
            case ending:
                self._over(ending)
        return True

    def _ask_person(self, secret: Secret, said: str) -> None:
        """Have a person asked for a password, and leave the line until it is given (`prove`)."""
        if self._been_in and self._front.wants(secret, said):
            self.state = State.LOCKED
            self._timers.cancel("welcome")
            self._clock.callLater(0, self._service.stopService)  # it is what is telling us
            self._front.changed()
        else:
            self._over(SecretWanted(secret, said))

    # -- the line ----------------------------------------------------------------------------------------------

    def _send(self) -> None:
        if self.state is State.UP and self._connection is not None and not self._leaving:
            for op in self.outbox.take():
                self._connection.command(op)

    def _dropped(self, why: str) -> None:
        self.state = State.DOWN
        self._dropped_at = self._clock.seconds()
        because = f" ({why.rstrip('.')})" if why else ""
        self._front.note(f"The line dropped{because}. Trying again; what you type is sent when it is back.")
        if self._patience:
            text = f"The line dropped, and was not back within {span(self._patience)}."
            self._timers.later("patience", self._patience, lambda: self._over(GaveUp(text)))
        self._front.changed()

    def _lost(self, lost: Iterable[Asked]) -> None:
        """Say what was sent, and nobody can know whether it has arrived."""
        for asked in lost:
            self.uncertain += 1
            self._front.note(f"May not have arrived: {asked.typed}")

    def _delay(self, attempt: int) -> float:
        """Give the seconds until the next attempt: more after each one since we were in last."""
        del attempt  # counts connections that were made, in vain or not
        self._failures += 1
        return float(min(_SLOWEST, 1.5 ** min(self._failures - 1, 20))) * (0.75 + self._jitter() / 2)

    def _unreachable(self, failure: Failure) -> None:
        if not failure.check(CancelledError):
            self._over(self._diagnose(failure.value or CancelledError()))

    def _drop(self, why: str) -> None:
        if self._connection is not None:
            self._connection.drop(why)

    def _over(self, ending: Ending | None) -> None:
        """Be over, whatever was under way."""
        if self.state is State.OVER:
            return
        self.state = State.OVER
        self._nick.rest()
        self._timers.cancel_all()
        self._lost(self.outbox.give_back())
        self._clock.callLater(0, self._service.stopService)  # it may be what is telling us
        if not self._entered.called:
            self._entered.errback(ending or CannotConnect("You left."))
        self.ended.callback(ending)
