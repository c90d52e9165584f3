"""The options of ``twistd lanchat`` and ``lanchat serve``: the only place where strings become values."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple, NoReturn

from twisted.cred.credentials import IUsernamePassword
from twisted.cred.strcred import AuthOptionMixin
from twisted.python import usage

from lanchat.admins_file import AdminsFile, AdminsFileError
from lanchat.auth import OURS, Auth, AuthError
from lanchat.config import ConfigError, take
from lanchat.core.limits import Limits
from lanchat.core.times import duration, span
from lanchat.endpoints import EndpointError
from lanchat.limit_options import LimitError, read_limits
from lanchat.password_file import PasswordFile, PasswordFileError
from lanchat.ports import DEFAULT_PORT, Port, find_ports
from lanchat.tls import ReloadableContext, TlsError
from lanchat.usages import CommandOptions

_REPEATED = {
    "port": ("an endpoint", DEFAULT_PORT),
    "irc": ("an endpoint", "tcp:6667"),
    "web": ("an endpoint", "tcp:8080"),
    "auth": ("a checker", OURS),
}
"""Options that may be given several times: what each of them is, and an example."""


class Keep(NamedTuple):
    """How long history is kept; 0 is without limit."""

    seconds: float = 0.0
    events: int = 0

    def __str__(self) -> str:
        """Say it: ``for 30 days``."""
        if self.seconds:
            return f"for {span(self.seconds)}"
        return f"the newest {self.events:,} messages" if self.events else "for ever"

    @classmethod
    def read(cls, written: str) -> Keep:
        """Read ``30d``, ``forever`` or a number of messages.  Raises ValueError."""
        if written == "forever":
            return cls()
        if written.isdecimal() and int(written):
            return cls(events=int(written))
        return cls(seconds=duration(written))


class Options(AuthOptionMixin, CommandOptions):
    """What a server is told.  After `postOptions` the values stand in attributes.

    A mistake ends the process with one line that names the option and the cure, exit status 1.
    """

    synopsis = "[options]"
    supportedInterfaces = (IUsernamePassword,)
    longdesc = (
        "The chat for the network you are on. ENDPOINT is any Twisted server endpoint: tcp:5555, "
        "ssl:5556:privateKey=certs/server.pem, unix:/run/lanchat.sock, haproxy:tcp:5555 and so on. "
        "A limit of 0 is no limit."
    )

    optParameters: ClassVar[list[list[str | None]]] = [
        ["certificate", None, None, "PEM file with key and certificate: every port speaks TLS too, when asked."],
        ["name", None, None, "What the server is called. [this machine's name]"],
        ["motd", None, None, "File with the message of the day."],
        ["data", None, None, "Folder for what is kept; none keeps everything in memory. [$XDG_DATA_HOME/lanchat]"],
        ["sync", None, "full", "When a message counts as saved: full, on the disk; normal, with the system."],
        ["keep", None, "30d", "How long history is kept: 12h, 30d, 2w, forever, or a number of messages."],
        ["backlog", None, None, "Messages of before that are shown to who comes into a room. [20]"],
        ["config", None, None, "TOML file with the same names; the command line wins."],
        ["admin", None, None, "Who runs this server and how to reach them, for IRC clients that ask."],
        ["admins", None, None, "File of those who may /kill and /rehash: lines of lanchat admin-hash."],
        ["password-file", None, None, "File whose first line is the password that everybody has to give."],
        [
            "sts",
            None,
            None,
            "How long IRC clients are told to insist on TLS, where there is TLS; 0: they are not. "
            "[30d; 0 with a certificate that strangers cannot trust, as of lanchat certs]",
        ],
        ["max-clients", None, None, "Live connections in all. [10000]"],
        ["max-per-address", None, None, "Live connections from one address; loopback is exempt. [64]"],
        ["max-message", None, None, "Bytes of a message. [4096]"],
        ["max-nick", None, None, "Characters of a nick. [32]"],
        ["max-room", None, None, "Characters of a room's name. [64]"],
        ["max-topic", None, None, "Characters of a topic, an away text, a reason. [390]"],
        ["max-rooms", None, None, "Rooms that one member is in at once. [50]"],
        ["rate", None, None, "Lines a second that one session may go on sending. [2]"],
        ["burst", None, None, "Lines that come free after a silence. [10]"],
        ["sendq", None, None, "Bytes that wait for a slow reader. [1048576]"],
        ["handshake", None, None, "Seconds until a connection has to have a name. [30]"],
        ["silence", None, None, "Seconds without a word until a client is pinged. [120]"],
        ["upload-limit", None, None, "Bytes of one uploaded file: 500K, 100M, 2G. [100M]"],
        ["upload-member", None, None, "Bytes of all the files of one address. [1G]"],
        ["upload-total", None, None, "Bytes of all files. [10G]"],
        ["upload-keep", None, None, "How long a file is kept: 12h, 7d, 4w. [7d]"],
    ]

    optFlags: ClassVar[list[list[str | None]]] = [
        ["plain-passwords", None, "Take passwords over connections that others can read."],
        ["accounts-only", None, "Let nobody in without an account; lanchat admin makes them."],
        ["no-register", None, "Let nobody make an account; lanchat admin makes them."],
    ]

    compData = usage.Completions(
        optActions={
            "certificate": usage.CompleteFiles("*.pem"),
            "motd": usage.CompleteFiles(),
            "data": usage.CompleteDirs(),
            "sync": usage.CompleteList(["full", "normal"]),
            "config": usage.CompleteFiles("*.toml"),
            "admins": usage.CompleteFiles(),
            "password-file": usage.CompleteFiles(),
        }
    )

    def __init__(self) -> None:
        super().__init__()
        self._written: dict[str, list[str]] = {"port": [], "irc": [], "web": []}
        self._auth: list[str] = []
        self.auth = Auth()
        self.ports: list[Port] = []
        self.certificate: ReloadableContext | None = None
        self.motd: Path | None = None
        self.name = ""
        self.limits = Limits()
        self.data: Path | None = None
        """The folder for what is kept; None: memory."""
        self.keep = Keep()
        self.admins: AdminsFile | None = None
        self.password_file: PasswordFile | None = None
        """The password that everybody has to give; None: there is none."""
        self.sts: int | None = None
        """Seconds for which IRC clients are told to insist on TLS; None: as the certificate allows."""

    def opt_port(self, endpoint: str) -> None:
        """ENDPOINT to listen on, for clients of every kind; may be repeated. [tcp:5555]"""  # noqa: D400, D415 - usage prints it
        self._written["port"].append(endpoint)

    def opt_irc(self, endpoint: str) -> None:
        """ENDPOINT for IRC clients alone; may be repeated. Then tcp:5555 is open only if --port says so."""
        self._written["irc"].append(endpoint)

    def opt_web(self, endpoint: str) -> None:
        """ENDPOINT for browsers alone; may be repeated. Then tcp:5555 is open only if --port says so."""
        self._written["web"].append(endpoint)

    def opt_auth(self, checker: str) -> None:
        """CHECKER of passwords: accounts, file:PATH and so on, see --help-auth; may be repeated."""
        self._auth.append(checker)

    def opt_help_auth(self) -> None:
        """Show whom --auth can ask."""
        self.authOutput.write(f"{OURS} stands for the accounts of this server; all others replace it or add to it.\n")
        super().opt_help_auth()

    def getSynopsis(self) -> str:
        """Show how the command is typed: after ``lanchat serve``, or after twistd and its own options."""
        if isinstance(self.parent, CommandOptions):
            return f"Usage: lanchat serve {self.synopsis}"
        return str(usage.Options.getSynopsis(self))

    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        """Read the command line; what cannot be read ends the process without a page of help in the way."""
        try:
            super().parseOptions(options)
        except usage.UsageError as error:
            fail(f"{error}; --help lists the options")

    def parseArgs(self, *rest: str) -> None:
        """Take nothing but options."""
        if rest:
            fail(f"lanchat takes no {rest[0]!r} here: every setting is an option, see --help")

    def postOptions(self) -> None:
        """Make values of everything."""
        if self["config"]:
            try:
                take(Path(self["config"]), self, {**self._written, "auth": self._auth}, _REPEATED)
            except ConfigError as error:
                fail(f"--config {self['config']}: {error}")
        if self["data"] != "none":
            self.data = Path(self["data"]) if self["data"] else data_home()
        if self["sync"] not in ("full", "normal"):
            fail(f"--sync {self['sync']}: say full or normal")
        try:
            self.keep = Keep.read(self["keep"])
        except ValueError:
            fail(f"--keep {self['keep']}: give a time (12h, 30d, 2w), forever, or a number of messages")
        self.name = self["name"] or socket.gethostname().partition(".")[0]
        if not self.name.isprintable() or len(self.name) > 64:
            fail("--name: a name has at most 64 printable characters")
        try:
            self.limits = read_limits(self)
        except LimitError as error:
            fail(str(error))
        if self["motd"]:
            self.motd = Path(self["motd"])
            try:
                read_motd(self.motd)
            except OSError as error:
                fail(f"--motd {self.motd}: {error.strerror}. Name a text file that can be read")
        if self["certificate"]:
            try:
                self.certificate = ReloadableContext(Path(self["certificate"]))
            except TlsError as error:
                fail(f"--certificate {error}")
        if self["admins"]:
            try:
                self.admins = AdminsFile(Path(self["admins"]))
            except AdminsFileError as error:
                fail(f"--admins {self['admins']}: {error}")
        self._read_logins()
        self["admin"] = self["admin"] or ""
        if not self["admin"].isprintable() or len(self["admin"]) > 200:
            fail("--admin: a text has at most 200 printable characters here")
        try:
            if self["sts"] is not None:
                self.sts = 0 if self["sts"] == "0" else int(duration(self["sts"]))
        except ValueError:
            fail(f"--sts {self['sts']}: give a time (12h, 30d, 4w), or 0")
        self._find_ports()

    def _find_ports(self) -> None:
        from twisted.internet import reactor

        try:
            self.ports = find_ports(reactor, self._written)
        except EndpointError as error:
            fail(str(error))

    def _read_logins(self) -> None:
        """Read who is asked for passwords, and the one that everybody has to give."""
        for checker in self._auth:
            try:
                Auth.read([checker])
            except AuthError as error:
                fail(f"--auth {checker}: {error}")
        self.auth = Auth.read(self._auth)
        if self["password-file"]:
            try:
                self.password_file = PasswordFile(Path(self["password-file"]))
            except PasswordFileError as error:
                fail(f"--password-file {self['password-file']}: {error}")


def data_home() -> Path:
    """Give the folder in which what is kept stands when nobody says otherwise (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_DATA_HOME", "")
    return (Path(base) if Path(base).is_absolute() else Path("~/.local/share").expanduser()) / "lanchat"


def read_motd(path: Path) -> str:
    """Give the message of the day, cleaned.  Raises OSError."""
    from lanchat.core.clean import clean, decode

    return clean(decode(path.read_bytes()), lines=True).rstrip("\n")


def fail(text: str) -> NoReturn:
    """End the process: what was asked for cannot be."""
    raise SystemExit(f"lanchat: {text.rstrip('.')}.")
