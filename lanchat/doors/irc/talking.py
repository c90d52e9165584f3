"""Talking: PRIVMSG, NOTICE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor


@verb("PRIVMSG", 2)
def privmsg(irc: IrcDoor, message: Message) -> None:
    """Say something in a room, or to somebody (RFC 2812, section 3.3.1)."""
    text = clean(message.params[1])
    for target in message.params[0].split(","):
        irc.subject = (clean(target),)
        try:
            if target.startswith("#"):
                irc.hub.say(irc.session, irc.hub.room_of(irc.session, target), text)
            else:
                irc.hub.tell(irc.session, irc.hub.people.find(target), text)
        except Refused as refused:
            irc.refuse(refused)
