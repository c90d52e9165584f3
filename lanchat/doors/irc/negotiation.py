"""CAP: which capabilities a client wants (ircv3.net/specs/extensions/capability-negotiation).

What is offered never changes while a client is connected, so one with cap-notify never hears CAP NEW nor CAP DEL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.doors.irc import sasl
from lanchat.doors.irc.capabilities import offered
from lanchat.doors.irc.message import LINE, Message, to_wire
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.packing import rows
from lanchat.doors.irc.refusals import Unable
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

_VALUES = 302
"""The version from which on capabilities have values, lists several lines, and cap-notify is there unasked."""


@verb("CAP", 1, early=True)
def cap(irc: IrcDoor, message: Message) -> None:
    """Negotiate capabilities (ircv3.net, capability-negotiation)."""
    registration = irc.registration
    match message.params[0].upper():
        case "LS":
            registration.negotiating = not irc.session.present
            version = _number(message.params[1]) if len(message.params) > 1 else 0
            if version >= _VALUES:
                registration.version = version
                irc.has |= {"cap-notify"}
            irc.put(_listed(irc, "LS", _offered(irc, values=version >= _VALUES), several=version >= _VALUES))
        case "LIST":
            irc.put(_listed(irc, "LIST", sorted(irc.has), several=registration.version >= _VALUES))
        case "REQ":
            registration.negotiating = not irc.session.present
            _request(irc, clean(" ".join(message.params[1:])).split())
        case "END":
            registration.negotiating = False
            if not irc.session.present:
                sasl.give_up(irc)
                registration.go_on()
        case other:
            raise Unable(Numeric.ERR_INVALIDCAPCMD, other, text="Invalid CAP command: LS, LIST, REQ and END are known")


def _request(irc: IrcDoor, wanted: list[str]) -> None:
    """Switch capabilities on and off, all of them or none; of one that is named twice the last word counts."""
    kept = {"cap-notify"} if irc.registration.version >= _VALUES else set()
    known = offered(irc)
    if any(word.removeprefix("-") not in known or word[1:] in kept for word in wanted):
        irc.put(_answer(irc, "NAK", wanted))
        return
    irc.put(_answer(irc, "ACK", wanted))
    for word in wanted:
        irc.has = irc.has - {word[1:]} if word.startswith("-") else irc.has | {word}
    irc.voice.retune()
    irc.session.speak(irc.voice)


def _offered(irc: IrcDoor, *, values: bool) -> list[str]:
    """Give what is offered, with its ``values`` for clients that know these."""
    if not values:
        return sorted(offered(irc))
    words = [f"{name}={value}" if value else name for name, value in sorted(offered(irc).items())]
    return [*words, *filter(None, [_strict(irc)])]


def _strict(irc: IrcDoor) -> str:
    """Give what a client is told of TLS (ircv3.net/specs/extensions/sts).

    On a plain connection that is where it is to be had; with TLS, for how long to insist on it: 0 ends what was told
    before.
    """
    factory = irc.factory
    if irc.session.door.endswith("+tls"):
        return f"sts=duration={factory.sts_seconds if factory.sts_port else 0}"
    return f"sts=port={factory.sts_port}" if factory.sts_port else ""


def _listed(irc: IrcDoor, subcommand: str, words: list[str], *, several: bool) -> bytes:
    """Give a list, in ``several`` lines if need be: all but the last of them are marked by a star."""
    head = f":{irc.server} CAP {irc.name} {subcommand}"
    found = rows(words, LINE - len(f"{head} * :".encode())) or [""]
    if not several:
        del found[1:]
    return b"".join([*[to_wire(f"{head} * :{row}") for row in found[:-1]], to_wire(f"{head} :{found[-1]}")])


def _answer(irc: IrcDoor, subcommand: str, words: list[str]) -> bytes:
    """Repeat what was asked for, in several lines where the answer is longer than the question."""
    head = f":{irc.server} CAP {irc.name} {subcommand} :"
    return b"".join([to_wire(head + row) for row in rows(words, LINE - len(head.encode())) or [""]])


def _number(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) < 10 else 0
