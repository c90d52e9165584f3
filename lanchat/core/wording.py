"""How what is heard reads as lines for a person: the text door and the terminal client say the same.

A line that begins with ``-- `` is the server's; no text of a user can begin one.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    Words,
)
from lanchat.core.masks import ADDRESS
from lanchat.core.modes import Change, Mode
from lanchat.core.replies import (
    Absent,
    Acknowledged,
    AnyReply,
    Audit,
    AwayHere,
    Backlog,
    Closed,
    Entered,
    Files,
    Help,
    History,
    Inviting,
    LoggedIn,
    Marked,
    Missed,
    Names,
    Notice,
    Person,
    Ping,
    Pong,
    Refusal,
    Rooms,
    Upload,
    Waiting,
    Watched,
    Welcome,
    Whois,
)
from lanchat.core.sizes import shown
from lanchat.core.times import local_clock, local_day

NAMED = 12
"""How many of those who are in a room are named to a person who comes in."""
_NOTHING = {
    "missed": "-- You missed nothing.",
    "mentions": "-- Nobody named you in your rooms.",
    "search": "-- Nothing was found.",
}
"""What is said where a command found nothing of what was said before."""


def lines(heard: AnyEvent | AnyReply, *, aside: bool = False) -> str:
    """Say what was heard, in lines joined by newlines; nothing where a person need not hear of it.

    ``aside`` is for a room that is not in view: its name comes first.
    """
    match heard:
        case Said(announcement=True):
            return _each(f"-- {heard.nick} to everybody in {heard.room}: ", heard.text)
        case Said(text=text):
            return _spoken(heard, text, aside)
        case Acted(text=text):
            return _spoken(heard, text, aside)
        case Shared():
            return _spoken(heard, heard.text, aside)
        case Told() | Handed():
            return _each(f"[{local_clock(heard.time)}] (private) {speaker(heard)} ", heard.text)
        case Confided():
            ranked = "ops" if heard.to == Mode.OP.value else "voiced"
            return _each(f"[{local_clock(heard.time)}] {heard.room} ({ranked}) {speaker(heard)} ", heard.text)
        case Joined():
            return f"-- {heard.nick} joined {heard.room}"
        case Parted():
            return f"-- {heard.nick} left {heard.room}{_because(heard.reason)}"
        case Quit():
            return f"-- {heard.nick} left{_because(heard.reason)}"
        case Renamed():
            return f"-- {heard.nick} is now {heard.new}"
        case Topic(text=""):
            return f"-- {heard.nick} took the topic of {heard.room} away"
        case Topic():
            return f"-- {heard.nick} set the topic of {heard.room}: {heard.text}"
        case Kicked():
            return f"-- {heard.nick or 'The server'} removed {heard.who} from {heard.room}{_because(heard.reason)}"
        case Changed():
            return "\n".join([_changed(heard.nick, heard.room, change) for change in heard.changes])
        case Away():
            return f"-- {heard.nick} is away: {heard.text}"
        case Back():
            return f"-- {heard.nick} is back"
        case Deleted():
            where = f" in {heard.room}" if heard.room else ""
            return f"-- {heard.nick} took a message away{where}{_because(heard.reason)}"
        case Announced():
            return _each(f"-- {heard.nick} to everybody: ", heard.text)
        case Alerted():
            return _each(f"-- {heard.nick} to the admins: ", heard.text)
        case Described() | Moved() | Identified() | Tagged() | Signalled():
            return ""
        case Invited():
            return f"-- {heard.nick} invites you to {heard.room}: /join {heard.room}"
        case _:
            return _reply(heard)


def own(event: AnyEvent) -> str:
    """Say what somebody is told of their own doing: they know what they typed."""
    match event:
        case Said() | Acted() | Told() | Joined() | Confided() | Tagged() | Signalled() | Moved() | Identified():
            return ""
        case Handed():
            return _each(f"[{local_clock(event.time)}] (private to {event.to}) {speaker(event)} ", event.text)
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
        return _each(f"[{local_clock(event.time)}] (private to {event.to}) {speaker(event)} ", event.text)
    return own(event)


def greeting(server: str, people: int, *, private: bool = False, guests: bool = True) -> str:
    """Ask somebody who has said nothing yet for a name; a ``private`` server for its password, or for an account."""
    if private:
        return f"-- lanchat on {server} is private. Type /password PASSWORD, and then your name; /help for help."
    here = "nobody is here yet" if not people else "1 person is here" if people == 1 else f"{people} people are here"
    how = "your name" if guests else "/login NICK PASSWORD"
    return f"-- lanchat on {server}: {here}. Type {how} to join, /help for help."


def _reply(reply: AnyReply) -> str:
    match reply:
        case Welcome():
            return _each("-- ", reply.motd) if reply.motd else ""
        case LoggedIn():
            admin = ", and an admin of this server" if reply.admin else ""
            return f"-- You are logged in as {reply.account}{admin}."
        case Entered(aside=True):
            return f"-- You are in {reply.room} too."
        case Entered():
            return _entered(reply)
        case Refusal() | Notice():
            return _each("-- ", reply.text)
        case Ping() | Marked():
            return ""
        case Pong():
            return "-- pong"
        case Names(people=[]):
            return f"-- Nobody is in {reply.room}."
        case Names():
            return f"-- {len(reply.people)} in {reply.room}: {', '.join(map(_named, reply.people))}"
        case Rooms():
            listed = [f"-- {room.room} ({room.people}) {room.topic}".rstrip() for room in reply.rooms]
            return "\n".join([*listed, f"-- and {reply.more:,} more"] if reply.more else listed)
        case Whois():
            return _who(reply)
        case Absent(waits=True):
            return f"-- {reply.nick} is not here; they get it when they come back."
        case Absent():
            return f"-- {reply.nick} is away: {reply.text}"
        case AwayHere(text=""):
            return "-- You are back"
        case AwayHere():
            return f"-- You are away here: {reply.text}. The others see you by another client of yours."
        case Inviting():
            return f"-- {reply.nick} invites {reply.to} to {reply.room}"
        case Watched():
            return f"-- {reply.nick} is here now" if reply.present else f"-- {reply.nick} is not here any more"
        case Help():
            return _help(reply)
        case Missed():
            return "-- Some messages are missing here: they are not kept any more."
        case Backlog():
            return _old(reply.events, f" in {reply.room}")
        case History():
            return _history(reply)
        case Waiting():
            more = f"\n-- Older: {reply.more}" if reply.more else ""
            return _old(reply.events, " in private") + more
        case Audit():
            return _audited(reply)
        case Upload():
            most = f" of at most {shown(reply.most)}" if reply.most else ""
            return (
                f"-- To send a file{most} to {reply.to}, type this in a shell before {local_clock(reply.until)}:\n"
                f"--   curl -T FILE {reply.url}"
            )
        case Files():
            return _files(reply)
        case Acknowledged():
            return ""
        case Closed():
            return _each("-- ", reply.text)


def _named(person: Person) -> str:
    notes = ", ".join(filter(None, (person.rank, "away" if person.away else "")))
    return f"{person.nick} ({notes})" if notes else person.nick


def _who(reply: Whois) -> str:
    name = f" ({reply.name})" if reply.name else ""
    rooms, doors = ", ".join(reply.rooms) or "no room that you see", ", ".join(reply.doors)
    admin = " An admin of this server." if reply.admin else ""
    account = f" Logged in as {reply.account}." if reply.account else ""
    addresses = f" From {', '.join(reply.addresses)}." if reply.addresses else ""
    bot = " A program." if reply.bot else ""
    away = f" Away: {reply.away}" if reply.away else ""
    notes = f"{account}{admin}{bot}{addresses}"
    return f"-- {reply.nick}{name} is in {rooms}, by {doors}, since {local_clock(reply.since)}.{notes}{away}"


def speaker(event: Words | Handed | Confided) -> str:
    """Say who spoke, and how: this stands before the text."""
    if isinstance(event, Shared | Handed):
        return f"<{event.nick}>"
    if isinstance(event, Acted) or (not isinstance(event, Said) and event.acted):
        return f"* {event.nick}"
    return f"-{event.nick}-" if event.notice else f"<{event.nick}>"


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


def _changed(nick: str, room: str, change: Change) -> str:
    on, off = _SWITCHED[change.mode]
    until = f" until {local_day(change.until)} {local_clock(change.until)}" if change.until else ""
    value = "an address" if change.value.startswith(ADDRESS) else change.value
    done = (on if change.on else off).format(room, value)
    return f"-- {nick or 'The server'} {done}{until}{_because(change.reason)}"


def _history(reply: History) -> str:
    where = f" in {reply.room}" if reply.room else f" between you and {reply.nick}" if reply.nick else ""
    if reply.events:
        said = _old(reply.events, where, named=not reply.room)
    elif reply.more:
        said = "-- Nothing of this page can be shown."
    else:
        said = _NOTHING.get(reply.what) or f"-- There is nothing to show{where}."
    return f"{said}\n-- Older: {reply.more}" if reply.more else said


def _files(reply: Files) -> str:
    if not reply.files:
        return f"-- Nothing was sent to {reply.room} that is there still. /send says how."
    said = [f"-- and {reply.more:,} older"] if reply.more else []
    for file in reply.files:
        until = f", until {local_day(file.until)} {local_clock(file.until)}" if file.until else ""
        said.append(f"-- <{file.nick}> {file.name} ({shown(file.size)}{until}): {file.url}")
    return "\n".join(said)


def _audited(reply: Audit) -> str:
    said = [
        f"-- {local_day(line.time)} {local_clock(line.time)} {line.room or 'everywhere'}: "
        f"{line.nick or 'the server'} {line.act} {line.whom}".rstrip()
        + _because(line.reason)
        for line in reply.lines
    ]
    return "\n".join(said) or "-- Nothing was done."


def _old(events: Sequence[Words], where: str, *, named: bool = False) -> str:
    """Say what was said before, marked as old: no line of it looks like one that is said now."""
    said: list[str] = []
    day = ""
    for event in events:
        if local_day(event.time) != day:
            day = local_day(event.time)
            said.append(f"-- On {day}{where}:")
        room = f"(private to {event.to}) " if isinstance(event, Told) else f"{event.room} " if named else ""
        said.append(_each(f"-- [{local_clock(event.time)}] {room}{speaker(event)} ", event.text))
    return "\n".join(said)


def _spoken(event: Spoken, text: str, aside: bool) -> str:
    room = f"{event.room} " if aside else ""
    return _each(f"[{local_clock(event.time)}] {room}{speaker(event)} ", text)


def _each(prefix: str, text: str) -> str:
    """Put the prefix before each line, so that no line of a text can pass for anything else."""
    if "\n" not in text:
        return prefix + text
    return "\n".join([prefix + line for line in text.split("\n")])


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""


def _entered(reply: Entered) -> str:
    named = [nick for nick in reply.nicks[: NAMED + 1] if nick != reply.nick][:NAMED]
    company = f" with {', '.join(named)}" if named else ", alone for now"
    more = reply.people - 1 - len(named)
    if more:
        company += f" and {more:,} {'others' if more > 1 else 'other'} (/names)"
    topic = f" Topic: {reply.topic}" if reply.topic else ""
    return f"-- You are {reply.nick}, in {reply.room}{company}.{topic}"


def _help(reply: Help) -> str:
    if len(reply.commands) == 1:
        (one,) = reply.commands
        also = f" Also /{', /'.join(one.aliases)}." if one.aliases else ""
        return f"-- {one.usage}  {one.help}{also} Example: {one.example}"
    width = max([len(each.usage) for each in reply.commands], default=0)
    said = [f"-- {each.usage:{width}}  {each.help}" for each in reply.commands]
    return "\n".join([*said, "-- Anything else is said in the room in view; //text says /text."])
