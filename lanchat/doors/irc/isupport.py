"""What the server tells clients of its limits and abilities (RPL_ISUPPORT; modern.ircdocs.horse, "Feature Advertisement")."""

from __future__ import annotations

from lanchat.core.hub import Hub
from lanchat.core.watching import MOST


def tokens(hub: Hub) -> list[str]:
    """Give the tokens of 005."""
    limits = hub.limits
    return [
        "CASEMAPPING=ascii",
        "CHANTYPES=#",
        "PREFIX=(ov)@+",
        "CHANMODES=beI,k,l,imnst",
        "STATUSMSG=@+",
        "UTF8ONLY",
        "WHOX",
        "BOT=B",
        f"MONITOR={MOST}",
        f"NAMELEN={limits.topic or 512}",
        f"AWAYLEN={limits.topic or 512}",
        f"NICKLEN={limits.nick or 512}",
        f"CHANNELLEN={limits.room or 512}",
        f"TOPICLEN={limits.topic or 512}",
    ]
