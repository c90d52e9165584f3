"""How what is heard reads as lines for a person: the text door and the terminal client say the same.

A line that begins with ``-- `` is the server's; no text of a user can begin one.
"""

from __future__ import annotations

from lanchat.core.answers import answer
from lanchat.core.events import (
    Acted,
    Alerted,
    Announced,
    AnyEvent,
    Away,
    Back,
    Changed,
    Confided,
    Deleted,
    Described,
    Handed,
    Identified,
    Invited,
    Joined,
    Kicked,
    Moved,
    Parted,
    Quit,
    Renamed,
    Said,
    Shared,
    Signalled,
    Spoken,
    Tagged,
    Told,
    Topic,
)
from lanchat.core.masks import ADDRESS
from lanchat.core.modes import Change, Mode, called
from lanchat.core.phrases import because, each_line, speaker
from lanchat.core.replies import AnyReply
from lanchat.core.times import local_clock, local_day


def lines(heard: AnyEvent | AnyReply, *, aside: bool = False) -> str:
    """Say what was heard, in lines joined by newlines; nothing where a person need not hear of it.

    ``aside`` is for a room that is not in view: its name comes first.
    """
    match heard:
        case Said():
            if heard.announcement:
                return each_line(f"-- {heard.nick} to everybody in {heard.room}: ", heard.text)
            return _spoken(heard, aside)
        case Acted() | Shared():
            return _spoken(heard, aside)
        case Told() | Handed():
            return each_line(f"[{local_clock(heard.time)}] (private) {speaker(heard)} ", heard.text)
        case Confided():
            ranked = "ops" if heard.to == Mode.OP.value else "voiced"
            return each_line(f"[{local_clock(heard.time)}] {heard.room} ({ranked}) {speaker(heard)} ", heard.text)
        case Joined():
            return f"-- {heard.nick} joined {heard.room}"
        case Parted():
            return f"-- {heard.nick} left {heard.room}{because(heard.reason)}"
        case Quit():
            return f"-- {heard.nick} left{because(heard.reason)}"
        case Renamed():
            return f"-- {heard.nick} is now {heard.new}"
        case Topic(text=""):
            return f"-- {heard.nick} took the topic of {heard.room} away"
        case Topic():
            return f"-- {heard.nick} set the topic of {heard.room}: {heard.text}"
        case Kicked():
            return f"-- {heard.nick or 'The server'} removed {heard.who} from {heard.room}{because(heard.reason)}"
        case Changed():
            return "\n".join([_changed(heard.nick, heard.room, change) for change in heard.changes])
        case Away():
            return f"-- {heard.nick} is away: {heard.text}"
        case Back():
            return f"-- {heard.nick} is back"
        case Deleted():
            where = f" in {heard.room}" if heard.room else ""
            whose = f" of {heard.who}" if heard.who not in ("", heard.nick) else ""
            return f"-- {heard.nick} took a message{whose} away{where}{because(heard.reason)}"
        case Announced():
            return each_line(f"-- {heard.nick} to everybody: ", heard.text)
        case Alerted():
            return each_line(f"-- {heard.nick} to the admins: ", heard.text)
        case Described() | Moved() | Identified() | Tagged() | Signalled():
            return ""
        case Invited():
            return f"-- {heard.nick} invites you to {heard.room}: /join {heard.room}"
        case _:
            return answer(heard)


def own(event: AnyEvent) -> str:
    """Say what somebody is told of their own doing: they know what they typed."""
    match event:
        case Said() | Acted() | Told() | Joined() | Confided() | Tagged() | Signalled() | Moved() | Identified():
            return ""
        case Handed():
            return each_line(f"[{local_clock(event.time)}] (private to {event.to}) {speaker(event)} ", event.text)
        case Described():
            return f"-- Your name is shown as {event.text} now"
        case Parted():
            return f"-- You left {event.room}"
        case Renamed():
            return f"-- You are {event.new} now"
        case Away():
            return f"-- You are away: {event.text}"
        case Back():
            return "-- You are back"
        case Invited():
            return f"-- {event.to} is invited to {event.room}"
        case _:
            return lines(event)


def mirrored(event: AnyEvent) -> str:
    """Say what somebody has done in private with another of their clients."""
    if isinstance(event, Confided):
        return lines(event)
    if isinstance(event, Told):
        return each_line(f"[{local_clock(event.time)}] (private to {event.to}) {speaker(event)} ", event.text)
    return own(event)


def greeting(server: str, people: int, *, private: bool = False, guests: bool = True) -> str:
    """Ask somebody who has said nothing yet for a name; a ``private`` server for its password, or for an account."""
    if private:
        return f"-- lanchat on {server} is private. Type /password PASSWORD, and then your name; /help for help."
    here = "nobody is here yet" if not people else "1 person is here" if people == 1 else f"{people} people are here"
    how = "your name" if guests else "/login NICK PASSWORD"
    return f"-- lanchat on {server}: {here}. Type {how} to join, /help for help."


_SWITCHED = {
    Mode.INVITE_ONLY: ("locked {}: only who is invited may come in", "unlocked {}: everybody may come in"),
    Mode.MODERATED: ("silenced {}: only ops and who has voice may speak", "let everybody speak in {} again"),
    Mode.MEMBERS_ONLY: ("closed {} to words from outside", "opened {} to words from outside"),
    Mode.HIDDEN: ("hid {}: it is in no list any more", "shows {} in lists again"),
    Mode.TOPIC_LOCKED: ("locked the topic of {}: only ops may change it", "lets everybody change the topic of {}"),
    Mode.KEY: ("gave {} a key: only who knows it may come in", "took the key of {} away"),
    Mode.LIMIT: ("limited {} to {} people", "took the limit of {} away"),
    Mode.SLOW: ("lets everybody speak in {} once in {} seconds", "lets everybody speak in {} as often as they like"),
    Mode.READ_ONLY: ("lets only ops speak in {}", "lets everybody speak in {} again"),
    Mode.MUTE: ("muted {1} in {0}", "lets {1} speak in {0} again"),
    Mode.FOUNDER: ("made {1} a founder of {0}", "took founder in {0} from {1}"),
    Mode.BAN: ("banned {1} from {0}", "lifted the ban of {1} from {0}"),
    Mode.EXEMPT: ("exempts {1} from the bans of {0}", "exempts {1} from the bans of {0} no more"),
    Mode.ALLOWED: ("lets {1} into {0} without an invitation", "lets {1} into {0} only by invitation again"),
    Mode.OP: ("made {1} an op of {0}", "took op in {0} from {1}"),
    Mode.VOICE: ("gave {1} voice in {0}", "took voice in {0} from {1}"),
}
"""What somebody did who switched a mode on, or off: {0} is the room, {1} the value."""


_RANKED = {
    Mode.FOUNDER: "{1} is a founder of {0}",
    Mode.OP: "{1} is an op of {0}",
    Mode.VOICE: "{1} has voice in {0}",
}
"""What somebody is who comes and has had that rank all the time: nobody did anything."""


def _changed(nick: str, room: str, change: Change) -> str:
    if not nick and change.on and change.mode in _RANKED:
        return f"-- {_RANKED[change.mode].format(room, change.value)}"
    on, off = _SWITCHED[change.mode]
    until = f" until {local_day(change.until)} {local_clock(change.until)}" if change.until else ""
    value = "an address" if change.value.startswith(ADDRESS) else called(change.value, change.whom)
    done = (on if change.on else off).format(room, value)
    return f"-- {nick or 'The server'} {done}{until}{because(change.reason)}"


def _spoken(event: Spoken, aside: bool) -> str:
    room = f"{event.room} " if aside else ""
    return each_line(f"[{local_clock(event.time)}] {room}{speaker(event)} ", event.text)
