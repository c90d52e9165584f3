"""The commands for admins of the server.  The docstring is the help."""

from __future__ import annotations

from lanchat.core import admins
from lanchat.core.commands import Nick, Rank, Table, Text, Time, Whom, Word
from lanchat.core.errors import Refused
from lanchat.core.hub import Hub
from lanchat.core.modes import called, why
from lanchat.core.replies import Notice, Refusal
from lanchat.core.restricting import end_of
from lanchat.core.session import Session
from lanchat.core.times import local_clock, local_day
from lanchat.core.whom import listed_for, meant

TABLE = Table()
"""The commands of this file; `verbs.TABLE` has them too."""

command = TABLE.command


@command(example="/oper root PASSWORD", secret=True)
def oper(hub: Hub, session: Session, name: Word, password: Text) -> None:
    """Become an admin of this server, with a name and a password that who runs it has given you."""
    ref = session.ref

    def then(refused: Refused | None) -> None:
        if refused is None:
            text = "You are an admin of this server now: /help lists what is yours."
            session.answer(Notice(ref=ref, text=text))
        else:
            session.answer(Refusal(ref=ref, code=refused.code, text=refused.text))

    hub.admins.authenticate(hub, session, name, password, then)


@command(example="/kill mallory spam", rank=Rank.ADMIN)
def kill(hub: Hub, session: Session, nick: Nick, reason: Text = "") -> None:
    """Admins: end all connections of somebody."""
    admins.kill(hub, session, hub.people.find(nick), reason)


@command(example="/rehash", rank=Rank.ADMIN)
def rehash(hub: Hub, session: Session) -> None:
    """Admins: read the server's files again, as SIGHUP does."""
    problems = admins.rehash(hub, session)
    session.tell(Notice(ref=session.ref, text="\n".join(problems) or "Everything was read again."))


@command(example="/wallops the server restarts at nine", rank=Rank.ADMIN)
def wallops(hub: Hub, session: Session, text: Text) -> None:
    """Admins: tell all admins of the server something."""
    admins.alert(hub, session, text)


@command("kline", example="/serverban 1d mallory adverts", rank=Rank.ADMIN)
def serverban(hub: Hub, session: Session, time: Time = "", *, whom: Whom, reason: Text = "") -> None:
    """Admins: end the connections of somebody and keep them out of the server; whom that means is as for /ban."""
    masks, _, named = meant(hub, session, whom)
    ended = admins.ban(hub, session, masks, end_of(hub, time), reason, named)
    who = ", ".join([called(mask, named) for mask in masks])
    text = f"{who} may not come in any more; {ended} connection{'' if ended == 1 else 's'} ended."
    session.tell(Notice(ref=session.ref, text=text))


@command("unkline", example="/serverunban mallory", rank=Rank.ADMIN)
def serverunban(hub: Hub, session: Session, whom: Whom) -> None:
    """Admins: let somebody into the server again, whichever bans it was; or lift the ban of a mask."""
    found = listed_for(hub, session, whom, hub.server_bans.listed())
    if not found:
        raise Refused("not-listed", f"{whom} is not banned from this server. /serverbans shows who is.")
    admins.unban(hub, session, found)
    session.tell(
        Notice(
            ref=session.ref, text=f"{', '.join([called(each.mask, each.whom) for each in found])} may come in again."
        )
    )


@command("klines", example="/serverbans", rank=Rank.ADMIN)
def serverbans(hub: Hub, session: Session) -> None:
    """Admins: list who is banned from this server, by whom, until when and why."""
    lines = [
        f"{called(ban.mask, ban.whom)} is banned{why(ban)}, by {ban.by or 'the server'}, "
        f"{local_day(ban.time)} {local_clock(ban.time)}"
        for ban in hub.server_bans.listed()
    ]
    session.tell(Notice(ref=session.ref, text="\n".join(lines) or "Nobody is banned from this server."))
