"""The capabilities that are offered (ircv3.net), and those that change how a room is heard."""

from __future__ import annotations

OFFERED = frozenset(
    {
        "account-notify",
        "account-tag",
        "away-notify",
        "batch",
        "cap-notify",
        "chghost",
        "draft/chathistory",
        "draft/event-playback",
        "draft/read-marker",
        "echo-message",
        "extended-join",
        "invite-notify",
        "labeled-response",
        "message-tags",
        "multi-prefix",
        "server-time",
        "setname",
        "standard-replies",
        "userhost-in-names",
    }
)
"""What a client may ask for; `sts` is only told."""
HEARD = frozenset({"away-notify", "chghost", "extended-join", "message-tags", "server-time", "setname"})
"""What makes a difference in how events are written: sessions that agree in these share a dialect."""
