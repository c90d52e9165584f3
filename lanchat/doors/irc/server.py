"""What the server tells of itself: LUSERS, MOTD, INFO, VERSION, TIME, ADMIN, STATS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.times import local_moment, span
from lanchat.doors.irc import greeting
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import Unable, word
from lanchat.doors.irc.targets import check_target
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

_WHAT = "A chat for the network you are on"


@verb("LUSERS")
def lusers(irc: IrcDoor, message: Message) -> None:
    """Tell how many are here (RFC 2812, section 3.4.2)."""
    check_target(irc, message, 1)
    irc.put(greeting.users(irc))


@verb("MOTD")
def motd(irc: IrcDoor, message: Message) -> None:
    """Show the message of the day (RFC 2812, section 3.4.1)."""
    check_target(irc, message)
    irc.put(greeting.motd(irc))


@verb("VERSION")
def version(irc: IrcDoor, message: Message) -> None:
    """Tell which lanchat this is, and what it supports (RFC 2812, section 3.4.3)."""
    check_target(irc, message)
    irc.put(irc.numeric(Numeric.RPL_VERSION, greeting.version(irc), irc.server, _WHAT), greeting.supported(irc))


@verb("TIME")
def time(irc: IrcDoor, message: Message) -> None:
    """Tell the server's time (RFC 2812, section 3.4.6)."""
    check_target(irc, message)
    irc.reply(Numeric.RPL_TIME, irc.server, local_moment(irc.hub.now()))


@verb("INFO")
def info(irc: IrcDoor, message: Message) -> None:
    """Tell what this server is (RFC 2812, section 3.4.10)."""
    check_target(irc, message)
    hub = irc.hub
    told = [
        f"{hub.name} runs lanchat {hub.version}. {_WHAT}: nothing leaves it.",
        f"It has been up for {span(hub.now() - hub.started)}.",
        "HELP lists the commands, HELP JOIN explains one, ADMIN says who runs the server.",
    ]
    lines = [irc.numeric(Numeric.RPL_INFO, line) for line in told]
    irc.put(*lines, irc.numeric(Numeric.RPL_ENDOFINFO, "End of /INFO list"))


@verb("ADMIN")
def admin(irc: IrcDoor, message: Message) -> None:
    """Tell who runs this server (RFC 2812, section 3.4.9)."""
    check_target(irc, message)
    hub = irc.hub
    if not hub.contact:
        raise Unable(Numeric.ERR_NOADMININFO, irc.server, text="No administrative info available: it has no --admin")
    irc.put(
        irc.numeric(Numeric.RPL_ADMINME, irc.server, "Administrative info"),
        irc.numeric(Numeric.RPL_ADMINLOC1, hub.name),
        irc.numeric(Numeric.RPL_ADMINLOC2, f"lanchat {hub.version}"),
        irc.numeric(Numeric.RPL_ADMINEMAIL, hub.contact),
    )


@verb("STATS", 1)
def stats(irc: IrcDoor, message: Message) -> None:
    """Tell how long the server has been up: STATS u (RFC 2812, section 3.4.4)."""
    check_target(irc, message, 1)
    asked = clean(message.params[0])[:1]
    if asked == "u":
        minutes, seconds = divmod(int(irc.hub.now() - irc.hub.started), 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        irc.reply(Numeric.RPL_STATSUPTIME, f"Server Up {days} days {hours}:{minutes:02}:{seconds:02}")
    irc.reply(Numeric.RPL_ENDOFSTATS, word(asked), "End of /STATS report")
