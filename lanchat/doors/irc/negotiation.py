"""CAP: which capabilities a client wants (ircv3.net/specs/extensions/capability-negotiation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.doors.irc.capabilities import OFFERED
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import Unable
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor


@verb("CAP", 1, early=True)
def cap(irc: IrcDoor, message: Message) -> None:
    """Negotiate capabilities."""
    match message.params[0].upper():
        case "LS":
            irc.registration.negotiating = not irc.session.present
            irc.put(irc.line("CAP", irc.name, "LS", " ".join(sorted(OFFERED))))
        case "LIST":
            irc.put(irc.line("CAP", irc.name, "LIST", " ".join(sorted(irc.has))))
        case "REQ":
            irc.registration.negotiating = not irc.session.present
            _request(irc, message.params[1] if len(message.params) > 1 else "")
        case "END":
            irc.registration.negotiating = False
            if not irc.session.present:
                irc.registration.go_on()
        case other:
            raise Unable(Numeric.ERR_INVALIDCAPCMD, other, text="That is no CAP command: LS, LIST, REQ or END")


def _request(irc: IrcDoor, wanted: str) -> None:
    """Switch capabilities on and off, all of them or none."""
    words = wanted.split()
    if any(word.removeprefix("-") not in OFFERED for word in words):
        irc.put(irc.line("CAP", irc.name, "NAK", wanted))
        return
    for word in words:
        irc.has = irc.has - {word[1:]} if word.startswith("-") else irc.has | {word}
    irc.voice.retune()
    irc.session.speak(irc.voice)
    irc.put(irc.line("CAP", irc.name, "ACK", wanted))
