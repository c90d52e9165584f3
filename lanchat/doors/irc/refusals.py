"""What is refused, in IRC's own words: which numeric stands for which code of the core."""

from __future__ import annotations

import re

from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.verbs import TABLE
from lanchat.doors.irc.numerics import Numeric

_WORD = 100
"""Characters of a word that is repeated to the client; the sentence behind it has to fit too."""
ASKED = 350
"""Characters of what was asked for, at the end of the answer: clients know it again by that."""
_TYPED = re.compile(r"(?<![^\s(])/([a-z]+)\b")
"""A command in a sentence, as people type it on the other doors."""
_OF_CLIENTS = frozenset({"away", "invite", "join", "msg", "names", "nick", "oper", "part", "quit", "topic", "voice"})
"""Those that every IRC client has under the same name."""


def for_clients(sentence: str) -> str:
    """Give a sentence with the commands in it as somebody types them who sits at an IRC client.

    What the client does not know, or does by itself (``/help``, ``/ignore``), reaches the server by ``/quote``.
    """
    return _TYPED.sub(_as_typed, sentence)


def _as_typed(found: re.Match[str]) -> str:
    name = found[1]
    if name == "rooms":
        return "/list"
    if name in _OF_CLIENTS or all(command.name != name for command in TABLE.commands):
        return found[0]
    return f"/quote {name.upper()}"


def word(text: str, most: int = _WORD) -> str:
    """Give what a client sent so that it can stand before the last parameter: as one word, and never as none."""
    return clean(text).lstrip(": ").partition(" ")[0][:most] or "*"


class Unable(Refused):
    """The client asked for what IRC has a numeric against: ``params`` stand between the nick and the text."""

    def __init__(self, numeric: Numeric, *params: str, text: str) -> None:
        super().__init__(numeric.name, text)
        self.numeric = numeric
        self.params = tuple(map(word, params))


def too_few(command: str) -> Unable:
    """Give what refuses a command that lacks parameters."""
    return Unable(Numeric.ERR_NEEDMOREPARAMS, command, text="Not enough parameters")


NUMERICS = {
    "no-such-nick": Numeric.ERR_NOSUCHNICK,
    "no-such-room": Numeric.ERR_NOSUCHCHANNEL,
    "bad-room": Numeric.ERR_NOSUCHCHANNEL,
    "may-not-speak": Numeric.ERR_CANNOTSENDTOCHAN,
    "too-many-rooms": Numeric.ERR_TOOMANYCHANNELS,
    "no-text": Numeric.ERR_NOTEXTTOSEND,
    "too-long": Numeric.ERR_INPUTTOOLONG,
    "bad-nick": Numeric.ERR_ERRONEUSNICKNAME,
    "nick-taken": Numeric.ERR_NICKNAMEINUSE,
    "nick-registered": Numeric.ERR_NICKNAMEINUSE,
    "not-in-room": Numeric.ERR_USERNOTINCHANNEL,
    "not-there": Numeric.ERR_NOTONCHANNEL,
    "already-there": Numeric.ERR_USERONCHANNEL,
    "already-in": Numeric.ERR_ALREADYREGISTERED,
    "room-full": Numeric.ERR_CHANNELISFULL,
    "invite-only": Numeric.ERR_INVITEONLYCHAN,
    "banned": Numeric.ERR_BANNEDFROMCHAN,
    "wrong-key": Numeric.ERR_BADCHANNELKEY,
    "list-full": Numeric.ERR_BANLISTFULL,
    "too-soon": Numeric.ERR_CANNOTSENDTOCHAN,
    "not-op": Numeric.ERR_CHANOPRIVSNEEDED,
    "not-founder": Numeric.ERR_CHANOPRIVSNEEDED,
    "is-founder": Numeric.ERR_CHANOPRIVSNEEDED,
    "is-admin": Numeric.ERR_CHANOPRIVSNEEDED,
    "last-founder": Numeric.ERR_CHANOPRIVSNEEDED,
    "lobby-open": Numeric.ERR_CHANOPRIVSNEEDED,
    "not-admin": Numeric.ERR_NOPRIVILEGES,
    "bad-password": Numeric.ERR_PASSWDMISMATCH,
    "no-admins": Numeric.ERR_NOOPERHOST,
    "too-many-waiting": Numeric.ERR_CANNOTSENDTOUSER,
    "too-many-watched": Numeric.ERR_MONLISTFULL,
}
"""The numeric for a code.  What was asked for (a nick, a room) stands before the text: `IrcDoor.subject`."""
BARE = frozenset(
    {
        Numeric.ERR_INPUTTOOLONG,
        Numeric.ERR_NOTEXTTOSEND,
        Numeric.ERR_ALREADYREGISTERED,
        Numeric.ERR_PASSWDMISMATCH,
        Numeric.ERR_YOUREBANNEDCREEP,
        Numeric.ERR_NOPRIVILEGES,
        Numeric.ERR_NOOPERHOST,
    }
)
"""Numerics that have nothing before the text; without what they are about, all others are none."""
