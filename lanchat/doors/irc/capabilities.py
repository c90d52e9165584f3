"""The capabilities that are offered (ircv3.net), and those that change how a room is heard."""

from __future__ import annotations

OFFERED = {
    "account-notify": "Accepted; there are no accounts yet.",
    "account-tag": "Accepted; there are no accounts yet.",
    "away-notify": "You hear `AWAY` of those who share a room with you.",
    "batch": "Answers of several lines stand between two `BATCH` lines.",
    "cap-notify": "Accepted; what is offered does not change while the server runs.",
    "chghost": "You hear `CHGHOST` when somebody becomes an admin of the server, or is one no more.",
    "draft/chathistory": "`CHATHISTORY`; nothing is shown by itself when you join.",
    "draft/event-playback": "History has who came, left, was kicked, and what was changed.",
    "draft/read-marker": "`MARKREAD`.",
    "echo-message": "You get your own messages back, with their time and msgid.",
    "extended-join": "`JOIN` has the account (`*`) and the real name.",
    "invite-notify": "Ops hear who invites whom into their room.",
    "labeled-response": "The tag `label` comes back with the answer, or with an `ACK`.",
    "message-tags": "The tags `msgid` and `bot`, and those of clients (`+typing`, `+draft/reply`); `TAGMSG`.",
    "multi-prefix": "All ranks of somebody, and not the highest alone.",
    "server-time": "The tag `time`.",
    "setname": "`SETNAME`, and you hear that of others.",
    "standard-replies": "`FAIL` and `WARN` where there is no numeric; else it is a notice.",
    "userhost-in-names": "`NAMES` has the whole mask.",
}
"""What a client may ask for, and what it gets; `sts` is only told."""
HEARD = frozenset({"away-notify", "chghost", "extended-join", "message-tags", "server-time", "setname"})
"""What makes a difference in how events are written: sessions that agree in these share a dialect."""
