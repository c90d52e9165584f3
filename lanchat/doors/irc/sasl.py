"""SASL: logging in, as one comes in or later (ircv3.net/specs/extensions/sasl-3.1 and sasl-3.2).

    C: AUTHENTICATE PLAIN
    S: AUTHENTICATE +
    C: AUTHENTICATE YWxpY2UAYWxpY2UAY29ycmVjdCBob3JzZQ==
    S: 900, 903; or 904 and why

What a client sends is base64, in pieces of 400 bytes: a shorter one, or ``+`` for an empty one, is the last.  ``*``
gives up.  PLAIN (RFC 4616) is a name and its password, EXTERNAL (RFC 4422, appendix A) is the certificate that the
client came with.  While a password is checked nothing more is heard, so CAP END waits for the answer by itself; who
ends CAP in the middle, or takes longer for it than for coming in, has not logged in (906).
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from lanchat.core.errors import Refused
from lanchat.core.names import fold
from lanchat.core.proving import Certificate, Credentials, Password
from lanchat.doors.irc import accounts
from lanchat.doors.irc.capabilities import mechanisms
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import Unable, for_clients
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

PIECE = 400
"""Bytes of one AUTHENTICATE."""
LARGEST = 20 * PIECE
"""Bytes of all of them together: the longest password, twice the longest name, and what base64 adds."""
_READS = {"PLAIN": "name and password", "EXTERNAL": "certificate"}


class Exchange:
    """One login that is under way: what the client has sent until now, as far as it has."""

    def __init__(self, mechanism: str, began: float) -> None:
        self.mechanism = mechanism
        self.began = began
        self._pieces: list[str] = []

    def take(self, piece: str) -> bool:
        """Take a piece, and say whether it was the last one.  Raises Unable."""
        if len(piece) > PIECE or sum(map(len, self._pieces)) + len(piece) > LARGEST:
            raise Unable(
                Numeric.ERR_SASLTOOLONG, text=f"SASL message too long: {PIECE} bytes at once, {LARGEST} in all"
            )
        if piece != "+":
            self._pieces.append(piece)
        return len(piece) < PIECE

    def credentials(self, certificate: str) -> Credentials | None:
        """Give what was sent; None where it is no such thing.  ``certificate`` is the one the client came with."""
        try:
            sent = base64.b64decode("".join(self._pieces), validate=True).decode()
        except ValueError:
            return None
        if self.mechanism == "EXTERNAL":
            return Certificate(certificate, sent)
        match sent.split("\0"):
            case [authorized, name, password] if fold(authorized) in ("", fold(name)):
                return Password(name, password)
        return None


@verb("AUTHENTICATE", 1, early=True)
def authenticate(irc: IrcDoor, message: Message) -> None:
    """Log in by SASL (ircv3.net, sasl): PLAIN with a password, EXTERNAL with a client certificate."""
    given = message.params[0]
    if "sasl" not in irc.has:
        why = "ask for the capability sasl first" if mechanisms(irc) else "it is not to be had on this connection"
        raise Unable(Numeric.ERR_SASLFAIL, text=f"SASL authentication failed: {why}")
    if irc.session.account is not None:
        raise Unable(Numeric.ERR_SASLALREADY, text="You have already authenticated using SASL")
    if given == "*":
        irc.sasl = None
        raise _aborted()
    exchange, irc.sasl = irc.sasl, None
    if exchange is None:
        _begin(irc, given.upper())
    elif exchange.take(given):
        _log_in(irc, exchange)
    else:
        irc.sasl = exchange


def give_up(irc: IrcDoor) -> None:
    """End a login that is under way: the client wants to come in without it."""
    if irc.sasl is not None:
        irc.sasl = None
        irc.refuse(_aborted())


def expire(irc: IrcDoor, now: float) -> None:
    """Give up a login that takes too long; who has no name yet has no more time for it anyway."""
    limit = irc.hub.limits.handshake
    if irc.sasl is not None and limit and now - irc.sasl.began >= limit:
        give_up(irc)


def _begin(irc: IrcDoor, mechanism: str) -> None:
    offered = mechanisms(irc)
    if mechanism not in offered:
        irc.put(irc.numeric(Numeric.RPL_SASLMECHS, ",".join(offered), "are available SASL mechanisms"))
        raise Unable(Numeric.ERR_SASLFAIL, text=f"SASL authentication failed: there are {' and '.join(offered)}")
    irc.sasl = Exchange(mechanism, irc.factory.clock.seconds())
    irc.put(to_client("+"))


def to_client(piece: str) -> bytes:
    """Give what the server says in a login."""
    return f"AUTHENTICATE {piece}\r\n".encode()


def _log_in(irc: IrcDoor, exchange: Exchange) -> None:
    """Have it checked what the client sent."""
    session = irc.session
    credentials = exchange.credentials(session.certificate)
    if credentials is None:
        text = f"SASL authentication failed: that is no {_READS[exchange.mechanism]}"
        raise Unable(Numeric.ERR_SASLFAIL, text=text)

    def then(refused: Refused | None) -> None:
        if refused is None:
            told = accounts.told(irc) + irc.numeric(Numeric.RPL_SASLSUCCESS, "SASL authentication successful")
        else:
            irc.note_refused(refused)
            text = f"SASL authentication failed: {for_clients(refused.text)}"
            told = irc.numeric(Numeric.ERR_SASLFAIL, text)
        irc.put(told)

    irc.hub.logins.login(irc.hub, session, credentials, then)


def _aborted() -> Unable:
    return Unable(Numeric.ERR_SASLABORTED, text="SASL authentication aborted")
