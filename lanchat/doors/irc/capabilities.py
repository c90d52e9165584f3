"""The capabilities that are offered (ircv3.net), and those that change how a room is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

OFFERED = {
    "account-notify": "You hear `ACCOUNT` when somebody who shares a room with you logs in.",
    "account-tag": "The tag `account`: what is said now is said by somebody who is logged in.",
    "away-notify": "You hear `AWAY` of those who share a room with you.",
    "batch": "Answers of several lines stand between two `BATCH` lines.",
    "cap-notify": "Accepted; what is offered does not change while you are connected.",
    "chghost": "You hear `CHGHOST` when somebody becomes an admin of the server, or is one no more.",
    "draft/account-registration": "`REGISTER` makes your nick an account; only where that is open to everybody.",
    "draft/chathistory": "`CHATHISTORY`; nothing is shown by itself when you join.",
    "draft/event-playback": "History has who came, left, was kicked, and what was changed.",
    "draft/message-redaction": "`REDACT`, and you hear that of others; else it is a notice.",
    "draft/read-marker": "`MARKREAD`.",
    "echo-message": "You get your own messages back, with their time and msgid.",
    "extended-join": "`JOIN` has the account (`*` for none) and the real name.",
    "invite-notify": "Ops hear who invites whom into their room.",
    "labeled-response": "The tag `label` comes back with the answer, or with an `ACK`.",
    "message-tags": "The tags `msgid` and `bot`, and those of clients (`+typing`, `+draft/reply`); `TAGMSG`.",
    "multi-prefix": "All ranks of somebody, and not the highest alone.",
    "sasl": "`AUTHENTICATE PLAIN` and, over TLS, `EXTERNAL`; not where others could read the password.",
    "server-time": "The tag `time`.",
    "setname": "`SETNAME`, and you hear that of others.",
    "standard-replies": "`FAIL` and `WARN` where there is no numeric; else it is a notice.",
    "userhost-in-names": "`NAMES` has the whole mask.",
}
"""What a client may ask for, and what it gets; `sts` is only told."""
HEARD = frozenset(
    {
        "account-notify",
        "account-tag",
        "away-notify",
        "chghost",
        "draft/message-redaction",
        "extended-join",
        "message-tags",
        "server-time",
        "setname",
    }
)
"""What makes a difference in how events are written: sessions that agree in these share a dialect."""


def offered(irc: IrcDoor) -> dict[str, str]:
    """Give what is offered to one client, each with its value.

    It is asked for no password that others could read.
    """
    values = dict.fromkeys(OFFERED, "")
    logins = irc.hub.logins
    if mechanisms(irc):
        values["sasl"] = ",".join(mechanisms(irc))
    else:
        del values["sasl"]
    if not logins.open or logins.unsafe(irc.session) is not None:
        del values["draft/account-registration"]
    return values


def mechanisms(irc: IrcDoor) -> list[str]:
    """Give the ways of logging in by SASL that a client has."""
    logins = irc.hub.logins
    if not logins.there or logins.unsafe(irc.session) is not None:
        return []
    return ["PLAIN", "EXTERNAL"] if irc.session.door.endswith("+tls") else ["PLAIN"]
