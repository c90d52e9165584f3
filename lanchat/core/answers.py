"""How an answer reads as lines for a person.  What happens is worded in `wording`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lanchat.core.events import Told, Words
from lanchat.core.phrases import because, each_line, speaker
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


def answer(reply: AnyReply) -> str:
    """Say what was answered, in lines joined by newlines; nothing where a person need not hear of it."""
    match reply:
        case Welcome():
            return each_line("-- ", reply.motd) if reply.motd else ""
        case LoggedIn():
            admin = ", and an admin of this server" if reply.admin else ""
            return f"-- You are logged in as {reply.account}{admin}."
        case Entered(aside=True):
            return f"-- You are in {reply.room} too."
        case Entered():
            return _entered(reply)
        case Refusal() | Notice():
            return each_line("-- ", reply.text)
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
            return each_line("-- ", reply.text)


def _named(person: Person) -> str:
    notes = ", ".join(filter(None, (person.rank, "away" if person.away else "")))
    return f"{person.nick} ({notes})" if notes else person.nick


def _counted(doors: Sequence[str]) -> str:
    return ", ".join([f"{door} ({count})" if count > 1 else door for door, count in Counter(doors).items()])


def _who(reply: Whois) -> str:
    name = f" ({reply.name})" if reply.name else ""
    rooms, doors = ", ".join(reply.rooms) or "no room that you see", _counted(reply.doors)
    admin = " An admin of this server." if reply.admin else ""
    account = f" Logged in as {reply.account}." if reply.account else ""
    addresses = f" From {', '.join(reply.addresses)}." if reply.addresses else ""
    bot = " A program." if reply.bot else ""
    away = f" Away: {reply.away}" if reply.away else ""
    notes = f"{account}{admin}{bot}{addresses}"
    return f"-- {reply.nick}{name} is in {rooms}, by {doors}, since {local_clock(reply.since)}.{notes}{away}"


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
        + because(line.reason)
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
        said.append(each_line(f"-- [{local_clock(event.time)}] {room}{speaker(event)} ", event.text))
    return "\n".join(said)


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
