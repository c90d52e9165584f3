"""The options of ``lanchat join`` and ``lanchat forget``: strings become values here."""

from __future__ import annotations

import getpass
import ipaddress
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from twisted.python import usage

from lanchat.core.errors import Refused
from lanchat.core.names import check_nick, check_room
from lanchat.usages import CommandOptions, options_first

DEFAULT_PORT = 5555
_ENDPOINTS = ("tcp:", "tls:", "ssl:", "unix:")
_FINGERPRINT = re.compile(r"(?:SHA256:)?([A-Za-z0-9+/]{43})=?")
_NICK = 32
"""The longest nick that is guessed; the server says how long one may be."""


@dataclass(frozen=True, slots=True)
class Address:
    """A machine and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        """Write it as a person would, and as `known_servers` does: ``room-1:5555``, ``[::1]:5555``."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Description:
    """A Twisted client endpoint string, which says itself how to connect."""

    text: str

    def __str__(self) -> str:
        return self.text


def read_address(text: str) -> Address:
    """Read HOST, HOST:PORT, [v6]:PORT or a bare IPv6 address.  Raises UsageError."""
    text = text.strip()
    match = re.fullmatch(r"\[(?P<v6>[^\]]+)\](?::(?P<port6>.*))?|(?P<host>[^:\[\]]+)(?::(?P<port>.*))?", text)
    if _is_ipv6(text):
        return Address(text.lower(), DEFAULT_PORT)
    if match is None or (match["v6"] and not _is_ipv6(match["v6"])) or re.search(r"[\s/@]", text):
        raise usage.UsageError(f"{text!r} is no address. Write HOST, HOST:PORT or [IPV6]:PORT, as in room-1:5555.")
    port = match["port6"] if match["v6"] else match["port"]
    if port is not None and not (re.fullmatch("[0-9]{1,5}", port) and 0 < int(port) < 65536):
        raise usage.UsageError(f"{port!r} is no port. Give a number from 1 to 65535, as in room-1:5555.")
    return Address((match["v6"] or match["host"]).lower(), int(port) if port else DEFAULT_PORT)


def read_target(text: str) -> Address | Description:
    """Read where to connect to.  Raises UsageError."""
    if text.startswith(_ENDPOINTS) and not re.fullmatch("[a-z]+:[0-9]*", text):
        return Description(text)
    return read_address(text)


def login_nick() -> str:
    """Make a valid nick of the login name: what is asked for, or taken when nobody can be asked."""
    try:
        login = getpass.getuser()
    except (OSError, KeyError):  # no such user, as in a container
        login = ""
    kept = "".join([letter for letter in login if letter in "-_" or unicodedata.category(letter)[0] in "LN"])
    try:
        return check_nick(kept.lstrip("-0123456789")[:_NICK], _NICK)
    except Refused:
        return "guest"


class JoinOptions(CommandOptions):
    """What a client is told.  After `postOptions` the values stand in attributes."""

    synopsis = "lanchat join [HOST[:PORT]] [options]"
    longdesc = (
        f"Join a chat. The port is {DEFAULT_PORT} unless you say otherwise, with and without TLS. HOST may also be "
        "any Twisted client endpoint string (tcp:, tls:, ssl:, unix:), which then says itself what TLS it wants. On a "
        "terminal you are asked for what you leave out; on a pipe lines are read and written, and your name is your "
        "login name unless you give --nick. The exit status is 0, 1 when it did not work, 2 when it was not typed "
        "right."
    )
    optFlags: ClassVar[list[list[str | None]]] = [
        ["tls", None, "Encrypt. A server that is new to you shows its key first."],
        ["json", None, "On a pipe: write events as JSON, one a line."],
    ]
    optParameters: ClassVar[list[list[str | None]]] = [
        ["nick", None, None, "Your name in the chat."],
        ["ca", None, None, "PEM file with the CA that signed the server's certificate; implies --tls."],
        ["fingerprint", None, None, "The server's key, SHA256:..., as the server shows it; implies --tls."],
    ]
    compData = usage.Completions(optActions={"ca": usage.CompleteFiles("*.pem")})

    def __init__(self) -> None:
        super().__init__()
        self.target: Address | Description | None = None
        self.nick = ""
        self.rooms: list[str] = []
        self.tls = False
        self.ca: Path | None = None
        self.fingerprint = ""
        self.json = False

    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        """Take options behind the address too, as people type them."""
        super().parseOptions(options_first(self, options or ()))

    def opt_room(self, room: str) -> None:
        """Room to go into besides the lobby (the # may be left out); may be repeated."""
        try:
            self.rooms.append(check_room(room if room.startswith("#") else f"#{room}", 0))
        except Refused as refused:
            raise usage.UsageError(f"--room {room}: {refused.text}") from None

    def parseArgs(self, target: str = "", *rest: str) -> None:
        """Take where to connect to."""
        if rest:
            raise usage.UsageError(f"lanchat join takes one address, and {rest[0]!r} is one more.")
        self.target = read_target(target) if target else None

    def postOptions(self) -> None:
        """Make values of everything."""
        self.json = bool(self["json"])
        self.tls = bool(self["tls"] or self["ca"] or self["fingerprint"])
        if self.tls and isinstance(self.target, Description):
            raise usage.UsageError(f"--tls, --ca and --fingerprint go with HOST:PORT; {self.target} says itself how.")
        if self["ca"] and self["fingerprint"]:
            raise usage.UsageError("Give --ca or --fingerprint, not both: each of them is enough.")
        if self["nick"] is not None:
            try:
                self.nick = check_nick(self["nick"], 0)
            except Refused as refused:
                raise usage.UsageError(f"--nick {self['nick']}: {refused.text}") from None
        if self["ca"]:
            self.ca = Path(self["ca"])
        if self["fingerprint"]:
            match = _FINGERPRINT.fullmatch(self["fingerprint"])
            if match is None:
                raise usage.UsageError("--fingerprint: write it as the server shows it, SHA256: and 43 characters.")
            self.fingerprint = f"SHA256:{match[1]}"


class ForgetOptions(CommandOptions):
    """Whose key is to be forgotten."""

    synopsis = "lanchat forget HOST[:PORT]"
    longdesc = "Forget the key of a server, so that the next one it shows can be trusted, and your logins there."

    def __init__(self) -> None:
        super().__init__()
        self.address: Address | None = None

    def parseArgs(self, *address: str) -> None:
        """Take the address as it was joined."""
        if len(address) != 1:
            raise usage.UsageError("Name one server: lanchat forget HOST:PORT")
        self.address = read_address(address[0])


def _is_ipv6(text: str) -> bool:
    try:
        found: Any = ipaddress.ip_address(text)
    except ValueError:
        return False
    return bool(found.version == 6)
