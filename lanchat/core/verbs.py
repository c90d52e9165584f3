"""The commands, one small function each.  The docstring is the help that people see."""

from __future__ import annotations

import io
from heapq import nsmallest

import segno

from lanchat.core import account_verbs, admin_verbs, file_verbs, looking_back, mod_verbs, op_verbs
from lanchat.core.commands import Nick, RoomName, Table, Text, Word
from lanchat.core.errors import Refused
from lanchat.core.hub import Hub
from lanchat.core.names import fold
from lanchat.core.replies import Help, Names, Notice, Person, Pong, RoomLine, Rooms, Whois
from lanchat.core.rules import is_seen, is_shown, rooms_shown
from lanchat.core.session import Session
from lanchat.core.times import local_moment, span

TABLE = Table()
"""Every command there is."""

command = TABLE.command

_LISTED = 200
"""How many rooms are listed."""


@command("?", example="/help msg")
def help_(hub: Hub, session: Session, command: Word = "") -> None:
    """List the commands that you may use, or explain one."""
    del hub
    usable = [each for each in TABLE.commands if each.usable(session)]
    chosen = [TABLE.find(command.lstrip("/"))] if command else usable
    session.tell(Help(ref=session.ref, commands=[each.described() for each in chosen]))


@command(example="/nick alicia")
def nick(hub: Hub, session: Session, nick: Nick) -> None:
    """Take another name."""
    hub.rename(session, nick)


@command("tell", "w", "query", "pm", example="/msg bob are you there?")
def msg(hub: Hub, session: Session, nick: Nick, text: Text) -> None:
    """Tell one other something in private."""
    hub.tell(session, hub.recipient(session, nick), text)


@command("r", example="/reply yes, I am")
def reply(hub: Hub, session: Session, text: Text) -> None:
    """Answer whoever wrote to you in private last."""
    other = session.member.reply_to
    if other is None:
        raise Refused("no-reply", "Nobody has written to you in private. /msg NICK TEXT begins.")
    if hub.people.members.get(fold(other.nick)) is not other:
        account, now = other.account, hub.accounts.find(other.nick)
        if account is None or now is None or now.created != account.created:  # the name may be somebody else's by now
            raise Refused("no-such-nick", f"{other.nick} has left.")
    hub.tell(session, hub.recipient(session, other.nick), text)


@command(example="/say #dev the build is green")
def say(hub: Hub, session: Session, room: RoomName = "", *, text: Text) -> None:
    """Say something in a room, as a bare line does in the one in view."""
    hub.say(session, hub.room_seen(session, room), text)


@command(example="/me waves")
def me(hub: Hub, session: Session, room: RoomName = "", *, text: Text) -> None:
    """Say what you do: * alice waves."""
    hub.act(session, hub.room_seen(session, room), text)


@command("j", example="/join #dev")
def join(hub: Hub, session: Session, room: RoomName, key: Word = "") -> None:
    """Go into a room (made if there is none: you are in charge of it), or look at one you are in."""
    hub.join(session, room, key)


@command("leave", example="/part #dev lunch")
def part(hub: Hub, session: Session, room: RoomName = "", reason: Text = "") -> None:
    """Leave a room."""
    hub.part(session, hub.room_of(session, room), reason)


@command("list", example="/rooms")
def rooms(hub: Hub, session: Session) -> None:
    """List the rooms, with how many are in each."""
    shown = [room for room in hub.rooms.values() if is_shown(room, session.member)]
    fullest = nsmallest(_LISTED, shown, key=lambda room: (-len(room.members), room.name))
    lines = [RoomLine(room.name, len(room.members), room.topic) for room in fullest]
    session.tell(Rooms(ref=session.ref, rooms=lines, more=len(shown) - len(lines)))


@command("who", "users", example="/names #dev")
def names(hub: Hub, session: Session, room: RoomName = "") -> None:
    """List who is in a room, its ops among them."""
    found = hub.room_seen(session, room)
    everybody = session.member in found.members
    people = [
        Person(
            member.nick,
            bool(member.away),
            rank.value if (rank := found.rank(member)) else "",
            member.account is not None,
        )
        for member in found.members
        if everybody or is_seen(member, session.member)
    ]
    people.sort(key=lambda person: person.nick.lower())
    session.tell(Names(ref=session.ref, room=found.name, people=people))


@command(example="/whois bob")
def whois(hub: Hub, session: Session, nick: Nick) -> None:
    """Tell who somebody is: rooms, away, how connected."""
    member = hub.people.find(nick)
    session.tell(
        Whois(
            ref=session.ref,
            nick=member.nick,
            rooms=sorted(room.name for room in rooms_shown(member, session.member)),
            doors=[each.door for each in member.sessions],
            since=member.since,
            away=member.away,
            name="" if member.name == member.nick else member.name,
            admin=member.admin,
            bot=member.bot,
            account=member.account.name if member.account is not None else "",
            addresses=list(member.addresses) if session.member.admin else [],
        )
    )


@command(example="/topic exam at nine")
def topic(hub: Hub, session: Session, room: RoomName = "", text: Text = "") -> None:
    """Show the room's topic, or give it one; /topic - takes it away."""
    found = hub.room_of(session, room)
    if text:
        hub.set_topic(session, found, "" if text == "-" else text)
    else:
        shown = f"Topic of {found.name}: {found.topic}" if found.topic else f"{found.name} has no topic."
        session.tell(Notice(ref=session.ref, text=shown))


@command(example="/invite bob #dev")
def invite(hub: Hub, session: Session, nick: Nick, room: RoomName = "") -> None:
    """Ask somebody into a room."""
    member, found = hub.people.find(nick), hub.room_of(session, room)
    hub.invite(session, member, found)


@command("afk", example="/away lunch")
def away(hub: Hub, session: Session, text: Text = "") -> None:
    """Say that you are away, and why; who writes to you is told."""
    hub.away(session, text or "away")


@command(example="/back")
def back(hub: Hub, session: Session) -> None:
    """Say that you are back."""
    hub.back(session)


@command(example="/ignore bob")
def ignore(hub: Hub, session: Session, nick: Nick = "") -> None:
    """Hear nothing from somebody any more, without a word to them; alone, list whom you ignore."""
    ignored = session.member.ignores
    if nick:
        member = hub.people.find(nick)
        if member is session.member:
            raise Refused("bad-arguments", "You cannot ignore yourself. Name somebody else.")
        hub.people.ignore(session.member, member.nick)
        text = f"You hear nothing from {member.nick} any more. /unignore {member.nick} takes it back."
    elif ignored:
        text = "You ignore " + ", ".join(ignored.values()) + "."
    else:
        text = "You ignore nobody."
    session.tell(Notice(ref=session.ref, text=text))


@command(example="/unignore bob")
def unignore(hub: Hub, session: Session, nick: Nick) -> None:
    """Hear somebody again."""
    hub.people.unignore(session.member, nick)
    session.tell(Notice(ref=session.ref, text=f"You hear {nick} again."))


@command(example="/history 50")
def history(
    hub: Hub,
    session: Session,
    room: RoomName = "",
    nick: Nick = "",
    count: Word = "",
    before: Word = "",
    after: Word = "",
) -> None:
    """Show what was said in a room, or what you and NICK told each other: so many lines, or since 30m, 15:04."""
    if nick and not room:
        looking_back.private(hub, session, nick, count, before, after)
    else:
        looking_back.history(hub, session, hub.room_of(session, room), count or nick, before, after)


@command(example="/missed")
def missed(hub: Hub, session: Session, before: Word = "") -> None:
    """Show what was said in your rooms while you were gone or away."""
    looking_back.missed(hub, session, before)


@command(example="/mentions")
def mentions(hub: Hub, session: Session, before: Word = "") -> None:
    """Show where others named you."""
    looking_back.mentions(hub, session, before)


@command("find", example='/search "exam at" nin* from:bob in:#dev after:2d')
def search(hub: Hub, session: Session, words: Text) -> None:
    """Find what was said in your rooms: words, "some in a row", begin*; from:bob in:#dev before:1d after:15:04."""
    looking_back.search(hub, session, words)


@command(example="/time")
def time(hub: Hub, session: Session) -> None:
    """Tell the server's time."""
    session.tell(Notice(ref=session.ref, text=f"It is {local_moment(hub.now())} on {hub.name}."))


@command(example="/uptime")
def uptime(hub: Hub, session: Session) -> None:
    """Tell how long the server has been up, and how many are here."""
    people = len(hub.people.members)
    text = f"{hub.name} has been up for {span(hub.now() - hub.started)}, with {people} here now."
    session.tell(Notice(ref=session.ref, text=text))


@command(example="/version")
def version(hub: Hub, session: Session) -> None:
    """Tell which lanchat this is."""
    session.tell(Notice(ref=session.ref, text=f"lanchat {hub.version}"))


@command(example="/ping")
def ping(hub: Hub, session: Session) -> None:
    """Ask whether the server is there."""
    del hub
    session.tell(Pong(ref=session.ref))


@command(example="/qr")
def qr(hub: Hub, session: Session) -> None:
    """Show this server's address as a code that phones read."""
    if not hub.url:
        raise Refused("no-address", "This server has no address that a phone could open.")
    code = io.StringIO()
    segno.make(hub.url, micro=False).terminal(code, border=2, compact=True)
    session.tell(Notice(ref=session.ref, text=f"{hub.url}\n{code.getvalue().rstrip()}"))


@command("exit", "bye", example="/quit see you tomorrow")
def quit_(hub: Hub, session: Session, reason: Text = "") -> None:
    """Leave the chat; so do a bare exit or quit, and Ctrl-D."""
    hub.close(session, reason)


TABLE.add(account_verbs.TABLE)
TABLE.add(file_verbs.TABLE)
TABLE.add(op_verbs.TABLE)
TABLE.add(mod_verbs.TABLE)
TABLE.add(admin_verbs.TABLE)
