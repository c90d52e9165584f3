"""What the server tells clients of its limits and abilities: RPL_ISUPPORT.

modern.ircdocs.horse, "RPL_ISUPPORT Parameters"; what the specifications of IRCv3 add.
"""

from __future__ import annotations

import re

from lanchat.core import governing, watching
from lanchat.core.hub import Hub
from lanchat.doors.irc import extbans, history, letters, talking
from lanchat.doors.irc.message import LINE
from lanchat.doors.irc.targets import TARGETS

USER = 16
"""Characters of a user name."""
HOST = 63
"""Characters of a host (RFC 2812, section 2.3.1)."""
_NAME = 63
"""Characters of the server's name that clients are shown."""
_UNSAFE = re.compile(r"[\\\s=]")
_LISTS = "beI"
_TARGETS = {
    **TARGETS,
    "PRIVMSG": talking.TARGETS,
    "NOTICE": talking.TARGETS,
    "TAGMSG": talking.TARGETS,
    "MONITOR": "",
}
"""How many targets a command may have; no number: as many as a line holds."""


def tokens(hub: Hub) -> list[str]:
    """Give the tokens of 005.

    What has no limit has no number where that may be left out; everywhere else it is what a line can hold.
    """
    limits = hub.limits
    nick, room, text = [min(limit or LINE, LINE) for limit in (limits.nick, limits.room, limits.topic)]
    return [
        f"NETWORK={_escaped(hub.name[:_NAME])}",
        "CASEMAPPING=ascii",
        "CHANTYPES=#",
        f"PREFIX=({''.join([letters.LETTER[rank] for rank in letters.PREFIXES.values()])}){''.join(letters.PREFIXES)}",
        f"STATUSMSG={''.join(letters.STATUS)}",
        f"CHANMODES={_LISTS},k,Wl,Aimnst",
        f"EXTBAN=,{extbans.OFFERED}",
        "ACCOUNTEXTBAN=a",
        "EXCEPTS=e",
        "INVEX=I",
        f"MAXLIST={_LISTS}:{governing.LISTED}",
        f"MODES={letters.TOGETHER}",
        f"TARGMAX={','.join([f'{command}:{most}' for command, most in _TARGETS.items()])}",
        f"CHANLIMIT=#:{limits.rooms or ''}",
        f"NICKLEN={nick}",
        f"USERLEN={USER}",
        f"HOSTLEN={HOST}",
        f"NAMELEN={text}",
        f"CHANNELLEN={room}",
        f"KEYLEN={governing.LONGEST_KEY}",
        f"TOPICLEN={text}",
        f"KICKLEN={text}",
        f"AWAYLEN={text}",
        f"LINELEN={LINE + 2}",
        "UTF8ONLY",
        "ELIST=CMNTU",
        "SAFELIST",
        "WHOX",
        "BOT=B",
        f"MONITOR={watching.MOST}",
        f"CHATHISTORY={history.MOST}",
        "MSGREFTYPES=msgid,timestamp",
    ]


def _escaped(value: str) -> str:
    r"""Give a value as a token has it: ``\x20`` is a space."""
    return _UNSAFE.sub(lambda found: f"\\x{ord(found[0]):02X}", value)
