"""Talking: PRIVMSG, NOTICE, TAGMSG; to rooms, to those of a rank there (STATUSMSG), and to people.

What stands between two bytes 0x01 is CTCP (modern.ircdocs.horse/ctcp): programs ask each other.  ACTION is ``/me``;
everything else is passed on between IRC clients as it is, and no person is shown it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from lanchat.core.accounts import Account
from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.members import Member
from lanchat.core.modes import Mode
from lanchat.core.names import fold
from lanchat.core.room import Room
from lanchat.core.talking import Tags
from lanchat.doors.irc import nickserv
from lanchat.doors.irc.letters import STATUS
from lanchat.doors.irc.message import CLIENT_TAGS, Message, written_tags
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import Unable
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

TARGETS = 4
"""To how many one message may go at once (ISUPPORT TARGMAX)."""
_CTCP = "\x01"
MOST_TAGS = 32
"""Tags of one message that are passed on: it is kept, and a thousand small ones take twenty times what was sent."""
_KEY = re.compile(r"\+(?:[A-Za-z0-9.-]+/)?[A-Za-z0-9-]+")
"""A client-only tag's key (ircv3.net/specs/extensions/message-tags)."""


class Target(NamedTuple):
    """To whom something goes: to a room, to those of a rank there, or to one other."""

    to: Room | Member | Account
    rank: Mode | None = None


class Speech(NamedTuple):
    """What is said, as `Hub` has to be told it."""

    text: str
    notice: bool
    acted: bool
    signal: bool
    """Whether it is CTCP that is not ACTION."""
    tags: Tags


What = TypeVar("What")
"""What each of the targets is told."""


@verb("PRIVMSG")
def privmsg(irc: IrcDoor, message: Message) -> None:
    """Say something in rooms, or to people (RFC 2812, section 3.3.1)."""
    params = message.params
    if not params or not params[0]:
        raise Unable(Numeric.ERR_NORECIPIENT, text="No recipient given (PRIVMSG)")
    if len(params) < 2 or not params[1]:
        raise Unable(Numeric.ERR_NOTEXTTOSEND, text="No text to send")
    if nickserv.is_meant(params[0]):
        nickserv.hear(irc, params[1])
        return
    speech = _speech(irc, message, notice=False)
    _to_each(irc, params[0], _say, speech)


@verb("NOTICE")
def notice(irc: IrcDoor, message: Message) -> None:
    """Say something that wants no answer; nor does it get one when it is refused (RFC 2812, section 3.3.2)."""
    if len(message.params) < 2 or nickserv.is_meant(message.params[0]):
        return
    speech = _speech(irc, message, notice=True)
    for name in _names(message.params[0])[:TARGETS]:
        try:
            _say(irc, _find(irc, name), speech)
        except Refused:
            continue


@verb("TAGMSG", 1)
def tagmsg(irc: IrcDoor, message: Message) -> None:
    """Tell clients something without a text (ircv3.net/specs/extensions/message-tags)."""
    if "message-tags" not in irc.has:
        raise Unable(Numeric.ERR_UNKNOWNCOMMAND, "TAGMSG", text="Ask for the capability message-tags first")
    tags = _tags(irc, message)
    if tags and not nickserv.is_meant(message.params[0]):
        _to_each(irc, message.params[0], _tag, tags)


def _to_each(irc: IrcDoor, targets: str, run: Callable[[IrcDoor, Target, What], None], what: What) -> None:
    """Do something for each of the targets of a command, and refuse what cannot be done for one of them."""
    names = _names(targets)
    for name in names[:TARGETS]:
        irc.subject = (name,)
        try:
            run(irc, _find(irc, name), what)
        except Refused as refused:
            irc.refuse(_in_irc(name, refused))
    if len(names) > TARGETS:
        left_out = names[TARGETS]
        text = f"One message goes to {TARGETS} at most: nothing was sent to this one and those behind it"
        raise Unable(Numeric.ERR_TOOMANYTARGETS, left_out, text=text)


def _names(targets: str) -> list[str]:
    """Give the targets of a command, each once."""
    if "," not in targets:
        return [targets]
    return list({fold(name): name for name in targets.split(",") if name}.values())


def _find(irc: IrcDoor, name: str) -> Target:
    """Find a room, ``@`` or ``+`` and a room, or a person.  Raises Refused ``no-such-room`` or ``no-such-nick``."""
    if name[:1] == "#":
        return Target(irc.hub.room_seen(irc.session, clean(name)))
    room = name.lstrip("".join(STATUS))
    if room[:1] == "#":  # of several ranks the lowest counts: those above it are meant in any case
        *_, rank = [STATUS[mark] for mark in STATUS if mark in name[: -len(room)]]
        return Target(irc.hub.room_seen(irc.session, clean(room)), rank)
    return Target(irc.hub.recipient(irc.session, clean(name.partition("!")[0].partition("@")[0] or name)))


def _in_irc(name: str, refused: Refused) -> Refused:
    """Say in IRC's words why nothing can be said: whether one is in the room is no matter of its own there."""
    if refused.code != "not-there":
        return refused
    return Unable(Numeric.ERR_CANNOTSENDTOCHAN, name, text=refused.text)


def _tag(irc: IrcDoor, target: Target, tags: dict[str, str]) -> None:
    """Tell one target tags.  Raises Refused."""
    irc.hub.tag(irc.session, _here(irc, target.to), tags, rank=target.rank)


def _here(irc: IrcDoor, to: Room | Member | Account) -> Room | Member:
    """Give whom programs can be told something: nothing of that waits for who is not here.  Raises Refused."""
    return irc.hub.people.find(to.name) if isinstance(to, Account) else to


def _say(irc: IrcDoor, target: Target, speech: Speech) -> None:
    """Say something to one target.  Raises Refused."""
    hub, session = irc.hub, irc.session
    text, said, acted, signal, tags = speech
    to, rank = target
    if signal:
        hub.signal(session, _here(irc, to), text, rank=rank, notice=said, tags=tags)
    elif not isinstance(to, Room):
        hub.tell(session, to, text, acted=acted, notice=said, tags=tags)
    elif rank is not None:
        hub.confide(session, to, rank, text, acted=acted, notice=said, tags=tags)
    elif acted:
        hub.act(session, to, text, tags=tags)
    else:
        hub.say(session, to, text, notice=said, tags=tags)


def _speech(irc: IrcDoor, message: Message, *, notice: bool) -> Speech:
    """Read a text: CTCP has to be recognised before it is cleaned."""
    text = message.params[1]
    tags = _tags(irc, message) if message.tags else None
    if text[:1] != _CTCP:
        return Speech(clean(text), notice, acted=False, signal=False, tags=tags)
    asked = text[1:].partition(_CTCP)[0]
    command, _, rest = asked.partition(" ")
    if command == "ACTION" and not notice:
        return Speech(clean(rest), notice, acted=True, signal=False, tags=tags)
    return Speech(clean(asked), notice, acted=False, signal=True, tags=tags)


def _tags(irc: IrcDoor, message: Message) -> Tags:
    """Give what clients tell each other, without the ``+``: no other tag is passed on.

    Tags that only as UTF-8 are longer than they may be are left out too: the limit is theirs on the way out as well.
    So are too many of them.
    """
    if "message-tags" not in irc.has:
        return None
    found = {key: clean(value) for key, value in message.tags.items() if _KEY.fullmatch(key)}
    if not found or len(found) > MOST_TAGS or len(written_tags(found).encode()) > CLIENT_TAGS:
        return None
    return {key[1:]: value for key, value in found.items()}
