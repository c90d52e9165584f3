"""A member is one person who is present: what is known of them, and where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakSet

from lanchat.core.masks import ACCOUNT, ADDRESS

if TYPE_CHECKING:
    from lanchat.core.accounts import Account
    from lanchat.core.room import Room
    from lanchat.core.session import Session


class Member:
    """One person who is present, with one or more sessions."""

    __slots__ = (
        "__weakref__",
        "_traits",
        "account",
        "addresses",
        "admin",
        "away",
        "bot",
        "host",
        "hosts",
        "ignores",
        "invisible",
        "missed_from",
        "missed_until",
        "name",
        "named",
        "nick",
        "read",
        "reply_to",
        "rooms",
        "sessions",
        "since",
        "spoke",
        "told_away",
        "user",
    )

    def __init__(self, nick: str, since: str, user: str = "", host: str = "", name: str = "") -> None:
        self.nick = nick
        self.named = 0
        """The event since which they have this nick: what was said under it before was said by somebody else."""
        self.since = since
        self.user = user
        """The user name, as masks have it: ``nick!user@host``."""
        self.host = host
        """What stands for the address; it tells nobody the address."""
        self.name = name
        """The real name that they gave."""
        self.account: Account | None = None
        """The account that they are logged in to: its name is their nick.  None: a guest."""
        self.hosts: tuple[str, ...] = (host,)
        """The hosts of all their sessions, whatever is shown."""
        self.addresses: tuple[str, ...] = ()
        """The addresses of all their sessions: nobody else is told."""
        self._traits: tuple[object, tuple[str, ...]] = (None, ())
        self.spoke = since
        """When they said something last, as events carry a time."""
        self.admin = False
        """Whether they are an admin of the server."""
        self.bot = False
        """Whether they say that they are a program."""
        self.invisible = False
        """Whether those who share no room with them see them only when they know the nick."""
        self.sessions: dict[Session, None] = {}
        self.rooms: dict[Room, None] = {}
        self.away = ""
        self.ignores: dict[str, str] = {}
        """Folded nick to the nick as it was shown."""
        self.read: dict[str, str] = {}
        """Until when they have read what was said, as events carry a time: by the folded name of a room or nick."""
        self.reply_to: Member | None = None
        """Who told them something last."""
        self.told_away: WeakSet[Member] | None = None
        """Who has been told that they are away; None: they are here."""
        self.missed_from: int | None = None
        """The event after which they were not here, or away; None: nobody knows when they were here last."""
        self.missed_until = 0
        """The event with which they were here again; while they are away it means nothing."""

    @property
    def mask(self) -> str:
        """Who this is, as IRC names it and as bans are checked (RFC 2812, section 2.3.1): ``nick!user@host``."""
        return f"{self.nick}!{self.user}@{self.host}"

    @property
    def traits(self) -> tuple[str, ...]:
        """All by which a mask may know them: ``nick!user@host`` for each host, the account, the addresses."""
        known = (self.nick, self.user, self.host, self.hosts, self.account, self.addresses)
        if self._traits[0] != known:
            hosts = dict.fromkeys((self.host, *self.hosts))
            found = [f"{self.nick}!{self.user}@{host}" for host in hosts]
            if self.account is not None:
                found.append(ACCOUNT + self.account.name)
            found += [ADDRESS + address for address in self.addresses]
            self._traits = known, tuple(found)
        return self._traits[1]
