"""REDACT: taking away what was said (ircv3.net/specs/extensions/message-redaction).

A long message stands in several lines, each with a msgid of its own; whichever of them is named, all are gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core import deleting
from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.names import fold
from lanchat.core.replies import Refusal
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import Unable, word
from lanchat.doors.irc.selectors import numbered
from lanchat.doors.irc.standard_replies import Failed, fail
from lanchat.doors.irc.targets import shortened
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

_CODES = {"no-such-message": "UNKNOWN_MSGID", "not-yours": "REDACT_FORBIDDEN"}


@verb("REDACT", 2)
def redact(irc: IrcDoor, message: Message) -> None:
    """Take a message away (ircv3.net, message-redaction): ``REDACT target msgid [reason]``."""
    if "draft/message-redaction" not in irc.has:
        text = "Ask for the capability draft/message-redaction first, or say DELETE"
        raise Unable(Numeric.ERR_UNKNOWNCOMMAND, "REDACT", text=text)
    target, msgid = word(message.params[0]), word(message.params[1])
    reason = shortened(irc, message.params[2]) if len(message.params) > 2 else ""
    room, nick = None, ""
    if target.startswith("#"):
        try:
            room = deleting.room_of(irc.hub, irc.session, target)
        except Refused as refused:
            raise Failed("INVALID_TARGET", target, text=refused.text) from None
    elif fold(target) not in irc.hub.people.members and irc.hub.accounts.find(target) is None:
        raise Failed("INVALID_TARGET", target, text=f"There is no {target} here.")
    else:
        nick = target
    place = numbered(clean(message.params[1]))
    if place is None:
        raise Failed("UNKNOWN_MSGID", target, msgid, text="There is no such message.")
    irc.subject = (target, msgid)
    deleting.delete_number(irc.hub, irc.session, place.number, reason, room, nick)


def failed(irc: IrcDoor, refusal: Refusal) -> bytes:
    """Give what says that a message stays, in the words of the specification."""
    code = _CODES.get(refusal.code, refusal.code.upper().replace("-", "_"))
    return fail(irc, "REDACT", Failed(code, *irc.subject, text=refusal.text))
