"""The service puts everything together, and takes it down in time."""

from __future__ import annotations

import errno
import gc
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred, fail
from twisted.internet.endpoints import TCP4ServerEndpoint, UNIXServerEndpoint
from twisted.internet.error import CannotListenError
from twisted.logger import LogEvent, formatEvent
from twisted.python import usage

from lanchat import __version__, certs, service
from lanchat.authentication import no_admin_yet
from lanchat.core.accounts import Account
from lanchat.core.events import Said
from lanchat.core.modes import Listed
from lanchat.core.replies import AuditLine
from lanchat.options import Options
from lanchat.passwords import PasswordHash
from lanchat.ports import Port
from lanchat.service import ChatService, makeService
from lanchat.tls import ReloadableContext
from tests.live.talk import until
from tests.network import CA, Line, Reactor, SecureLine
from tests.stores.hands import Hands


@pytest.fixture(autouse=True)
def _quietly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave the test process as it is: its signals, its files, its garbage."""
    monkeypatch.setattr(service, "raise_file_limit", lambda: 0)
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    yield
    gc.unfreeze()


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    path = tmp_path / "server.pem"
    CA.issue_cert("room-1.local").private_key_and_cert_chain_pem.write_to_path(path)
    return path


class Taken:
    """A port that another program has."""

    def __init__(self, number: int = errno.EADDRINUSE, text: str = "Address already in use") -> None:
        self.error = OSError(number, text)

    def listen(self, factory: object) -> Deferred[Any]:
        return fail(CannotListenError("", 5555, self.error))


class Running:
    """A service on a reactor by hand."""

    def __init__(self, *arguments: str, foreground: bool = False, endpoints: list[Any] | None = None) -> None:
        self.reactor = Reactor()
        options = Options()
        memory = [] if "--data" in arguments else ["--data", "none"]
        options.parseOptions(["--port", "tcp:0", "--name", "room-1", "--rate", "0", *memory, *arguments])
        found = endpoints if endpoints is not None else [TCP4ServerEndpoint(self.reactor, 5555)]
        options.ports = [Port(f"tcp:{5555 + number}", endpoint, None) for number, endpoint in enumerate(found)]
        self.options = options
        self.service = ChatService(options, self.reactor, foreground=foreground)

    def start(self) -> Running:
        self.service.startService()
        return self

    def connect(self, line: type[Line] = Line, *, port: int = 0, host: str = "192.168.7.2") -> Line:
        _, factory, _, _ = self.reactor.tcpServers[port]
        number = 1 + len(self.reactor.readers)
        return line(self.reactor, factory, (host, 40_000 + number), number)

    def also(self, number: int, option: str, context: ReloadableContext | None = None) -> Running:
        """Open one more port."""
        endpoint = TCP4ServerEndpoint(self.reactor, number)
        self.options.ports.append(Port(f"tcp:{number}", endpoint, context, option))
        return self

    def stop(self) -> list[float]:
        """Begin to stop; the list gets the moment at which it has stopped."""
        begun, ended = self.reactor.seconds(), []
        self.service.stopService().addCallback(lambda _: ended.append(self.reactor.seconds() - begun))
        for _ in range(400):
            self.reactor.wait(0.01)
        return ended


def lines(logged: list[LogEvent]) -> list[str]:
    return [str(formatEvent(event)) for event in logged if event["log_namespace"].startswith("lanchat")]


# -- up ------------------------------------------------------------------------------------------------------


def test_people_meet_on_what_the_options_describe() -> None:
    """A started service is a chat, under the name and the limits that were asked for."""
    running = Running("--max-nick", "5").start()
    alice = running.connect()
    running.reactor.wait(0.3)
    assert alice.receives().startswith(b"-- lanchat on room-1: nobody is here yet.")
    alice.sends(b"alexandra\nalice\n/version\n")
    assert alice.receives().splitlines() == [
        b"-- A name has at most 5 characters. Type a shorter one.",
        b"-- You are alice, in #lobby, alone for now.",
        f"-- lanchat {__version__}".encode(),
    ]


def test_every_port_leads_into_the_same_chat(tmp_path: Path, pem: Path) -> None:
    """Several ports, with and without TLS, share one hub."""
    running = Running()
    running.options.ports.append(Port("ssl:5556", TCP4ServerEndpoint(running.reactor, 5556), ReloadableContext(pem)))
    running.options.ports.append(Port("unix", UNIXServerEndpoint(running.reactor, str(tmp_path / "s")), None))
    running.start()
    alice = running.connect()
    bob = SecureLine(running.reactor, running.reactor.tcpServers[1][1], ("192.168.7.3", 1), 2)
    alice.sends(b"alice\n")
    bob.sends(b"bob\nhello\n")
    assert b"<bob> hello" in alice.receives()
    assert len(running.reactor.unixServers) == 1


def test_certificate_makes_every_port_speak_tls(pem: Path) -> None:
    """With --certificate, a port serves whoever begins with TLS."""
    running = Running("--certificate", str(pem)).start()
    alice = running.connect(SecureLine)
    alice.sends(b"alice\n")
    assert alice.receives().startswith(b"-- You are alice")


def test_ways_to_join_are_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, pem: Path) -> None:
    """In the foreground the terminal shows what to type."""
    monkeypatch.setattr(sys, "__stdout__", sys.stdout)
    Running("--certificate", str(pem), foreground=True).start()
    said = capsys.readouterr().out
    assert "room-1" in said
    assert "nc " in said
    assert "5555" in said


def test_ways_to_join_are_logged_by_a_daemon(logged: list[LogEvent]) -> None:
    """Where there is no terminal, the log has them."""
    Running().start()
    assert any("nc " in line for line in lines(logged))


def test_few_files_are_complained_about(logged: list[LogEvent], monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that allows fewer files than clients is worth a line in the log."""
    monkeypatch.setattr(service, "raise_file_limit", lambda: 100)
    Running().start()
    assert "only 100 files may be open: fewer than --max-clients 10000" in lines(logged)


@pytest.mark.parametrize("foreground", [True, False])
def test_taken_port_ends_the_start_in_one_line(
    foreground: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All ports that cannot be had are told together; a daemon gets an exception that twistd passes on."""
    monkeypatch.setattr(sys, "__stderr__", sys.stderr)
    running = Running(foreground=foreground)
    endpoints = [TCP4ServerEndpoint(running.reactor, 5555), Taken(), Taken(errno.EACCES, "Permission denied")]
    running.options.ports = [Port(f"tcp:{number}", endpoint, None) for number, endpoint in enumerate(endpoints)]
    with pytest.raises(SystemExit if foreground else RuntimeError) as ended:
        running.start()
    told = capsys.readouterr().err if foreground else str(ended.value)
    assert "--port tcp:1: " in told
    assert "--port tcp:2: " in told
    assert "\n" not in told.strip()
    assert not running.service._listening or len(running.reactor.tcpServers) == 1


def test_port_that_fails_in_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other problem is told as well."""

    class Broken:
        def listen(self, factory: object) -> Deferred[Any]:
            return fail(ValueError("no such thing"))

    with pytest.raises(RuntimeError, match="--port tcp:5555: no such thing"):
        Running(endpoints=[Broken()]).start()


def test_make_service_knows_whether_somebody_looks_on() -> None:
    """Under twistd it depends on --nodaemon; the package's own script stays in the foreground."""
    options = Options()
    options.parseOptions(["--port", "tcp:0", "--data", "none"])
    assert makeService(options)._foreground
    options.parent = usage.Options()
    for nodaemon in (0, 1):
        options.parent["nodaemon"] = nodaemon
        assert makeService(options)._foreground is bool(nodaemon)


# -- ports for IRC clients ----------------------------------------------------------------------------------


@pytest.mark.parametrize("tls", [False, True])
def test_irc_clients_have_a_port_of_their_own(pem: Path, tls: bool) -> None:
    """Whoever comes there is served by the IRC door, and nobody is greeted; an ssl: port begins with TLS."""
    running = Running().also(6667, "irc", ReloadableContext(pem) if tls else None).start()
    client = running.connect(SecureLine if tls else Line, port=1)
    running.reactor.wait(5)
    assert client.receives() == b""
    client.sends(b"nick alice\r\nuser a 0 * :Alice\r\n")
    assert b" 001 alice " in client.receives()


def test_a_taken_port_for_irc_clients_is_named_by_its_option() -> None:
    """So is the one that begins with TLS, where its certificate ends."""
    running = Running()
    running.options.ports.append(Port("tcp:6667", Taken(), None, "irc"))
    with pytest.raises(RuntimeError, match="--irc tcp:6667: in use"):
        running.start()


def test_irc_clients_are_told_where_tls_is(pem: Path, logged: list[LogEvent]) -> None:
    """And for how long to insist; the log says what that means."""
    running = Running("--certificate", str(pem), "--sts", "2w", "--admin", "Ann, room 12").also(6667, "irc").start()
    assert (running.service.factory.sts_port, running.service.factory.sts_seconds) == (6667, 1_209_600)
    assert running.service.hub.contact == "Ann, room 12"
    (line,) = [line for line in lines(logged) if line.startswith("--sts: ")]
    assert line.endswith("at port 6667 for 14 days, and must trust the certificate; 0 switches it off")


def test_they_are_told_only_when_asked_with_a_certificate_of_our_own(tmp_path: Path, logged: list[LogEvent]) -> None:
    certs.make(tmp_path, ["room-1.local"], datetime.now(UTC))
    running = Running("--certificate", str(tmp_path / "server.pem")).start()
    assert running.service.factory.sts_port == 0
    (line,) = [line for line in lines(logged) if line.startswith("--sts: ")]
    assert line.endswith("; --sts 30d tells them")


def test_nothing_is_logged_of_it_where_there_is_no_tls(logged: list[LogEvent]) -> None:
    assert Running().start().service.factory.sts_port == 0
    assert not [line for line in lines(logged) if line.startswith("--sts: ")]


# -- admins -------------------------------------------------------------------------------------------------


@pytest.fixture
def admins(tmp_path: Path) -> Path:
    path = tmp_path / "admins"
    path.write_text(f"root {PasswordHash.of('correct horse', ln=4)}\n")
    path.chmod(0o600)
    return path


def test_files_that_want_care_are_named_at_the_start(admins: Path, logged: list[LogEvent]) -> None:
    """Whoever starts the server hears of it before anybody else could."""
    admins.chmod(0o644)
    Running("--admins", str(admins)).start()
    assert f"--admins {admins}: everybody on this machine can read it; chmod 600 {admins}" in lines(logged)


def test_admins_of_the_file_reload_the_server(tmp_path: Path, admins: Path, logged: list[LogEvent]) -> None:
    """The password is checked on a thread; what does not load is told, and logged, without any password."""
    motd = tmp_path / "motd"
    motd.write_text("old")
    running = Running("--admins", str(admins), "--motd", str(motd)).start()
    alice = running.connect(host="127.0.0.1")
    alice.sends(b"alice\r\n/oper root correct horse\r\n/rehash\r\n")
    alice.receives()
    until(lambda: bool(running.reactor._from_threads), "the answer")
    assert alice.receives().splitlines() == [
        b"-- You are an admin of this server now: /help lists what is yours.",
        b"-- Everything was read again.",
    ]
    motd.unlink()
    admins.write_text("root correct horse\n")
    admins.chmod(0o644)
    alice.sends(b"/rehash\r\n")
    told = alice.receives().decode().splitlines()
    assert told == [
        f"-- --motd {motd} not reloaded, the old one stays: No such file or directory",
        f"-- --admins {admins} not reloaded, the old one stays: line 1 is no name with the hash of a password. "
        "`lanchat admin-hash root` makes it",
    ]
    text = "\n".join(lines(logged))
    assert "horse" not in text
    assert "alice (127.0.0.1 by text) is an admin now, as root" in text
    assert "alice reloads" in text
    assert f"--admins {admins}: everybody on this machine can read it; chmod 600 {admins}" in text
    assert told[1].removeprefix("-- ") in text


def test_passwords_over_plain_connections_are_an_option(admins: Path) -> None:
    """Without it the network would hear them."""
    typed = b"alice\r\n/oper root wrong horse\r\n"
    alice = Running("--admins", str(admins)).start().connect()
    alice.sends(typed)
    assert alice.receives().endswith(b"-- Others could read the password on this connection. Use TLS.\r\n")
    running = Running("--admins", str(admins), "--plain-passwords").start()
    bob = running.connect()
    bob.sends(typed)
    until(lambda: bool(running.reactor._from_threads), "the answer")
    assert bob.receives().endswith(b"-- There is no such name, or another password.\r\n")


# -- logging in ----------------------------------------------------------------------------------------------


def answered(running: Running, line: Line) -> bytes:
    """Wait for what a thread works on, and give what came."""
    line.receives()
    until(lambda: bool(running.reactor._from_threads), "the answer")
    return line.receives()


def test_the_first_admin_is_asked_for_and_made_from_this_machine(tmp_path: Path, logged: list[LogEvent]) -> None:
    """Once there is one, the next start asks no more."""
    wanted = "  There is no admin yet: join from this machine and type /register PASSWORD to be one."
    running = Running().start()
    assert wanted in lines(logged)
    alice = running.connect(host="127.0.0.1")
    alice.sends(b"alice\r\n/register correct horse\r\n")
    assert answered(running, alice).endswith(b"-- You are logged in as alice, and an admin of this server.\r\n")
    assert "alice is registered, and the first admin" in lines(logged)
    assert no_admin_yet(running.service.hub) == ""
    assert "horse" not in "\n".join(lines(logged))


@pytest.mark.parametrize("arguments", [["--no-register"], ["--accounts-only"], ["--auth", "memory:bob:secret"]])
def test_nobody_is_asked_to_do_what_cannot_be_done(arguments: list[str], logged: list[LogEvent]) -> None:
    """Where the admin makes the accounts, the admin makes the admin too."""
    Running(*arguments).start()
    assert not [line for line in lines(logged) if "no admin yet" in line]


def test_where_admins_are_named_none_is_asked_for(admins: Path, logged: list[LogEvent]) -> None:
    Running("--admins", str(admins)).start()
    assert not [line for line in lines(logged) if "no admin yet" in line]


def test_people_log_in_with_what_another_checker_knows() -> None:
    """Instead of our own: then nobody makes an account here, and nobody changes a password."""
    running = Running("--auth", "memory:bob:secret").start()
    bob = running.connect(host="127.0.0.1")
    bob.sends(b"/login bob secret\r\n/passwd secret correct horse\r\n")
    told = bob.receives()
    assert told.startswith(b"-- You are logged in as bob.\r\n-- You are bob, in #lobby, alone for now.\r\n")
    assert told.endswith(b"Change it where you got it, or ask who runs the server.\r\n")
    eve = running.connect(host="127.0.0.1")
    eve.sends(b"eve\r\n/register correct horse\r\n")
    assert eve.receives().endswith(b"-- Accounts are made by who runs this server. Ask them for one.\r\n")


def test_a_private_server_asks_for_its_password(tmp_path: Path, pem: Path) -> None:
    """The greeting says so."""
    secret = tmp_path / "password"
    secret.write_text("open sesame")
    running = Running("--password-file", str(secret), "--certificate", str(pem)).start()
    alice = running.connect(SecureLine)
    running.reactor.wait(0.3)
    assert alice.receives() == (
        b"-- lanchat on room-1 is private. Type /password PASSWORD, and then your name; /help for help.\r\n"
    )
    alice.sends(b"/password open sesame\r\nalice\r\n")
    assert alice.receives().endswith(b"-- You are alice, in #lobby, alone for now.\r\n")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--password-file"], "--password-file"),
        (["--accounts-only"], "--accounts-only"),
        (["--accounts-only", "--plain-passwords"], ""),
        (["--accounts-only", "--certificate"], ""),
        ([], ""),
    ],
)
def test_a_password_that_nobody_could_give_is_complained_about(
    arguments: list[str], named: str, tmp_path: Path, pem: Path, logged: list[LogEvent]
) -> None:
    """Whoever starts the server hears why nobody comes in."""
    secret = tmp_path / "password"
    secret.write_text("open sesame")
    secret.chmod(0o600)
    values = {"--password-file": [str(secret)], "--certificate": [str(pem)]}
    Running(*[each for argument in arguments for each in (argument, *values.get(argument, []))]).start()
    told = [line for line in lines(logged) if "nobody from another machine" in line]
    assert [line.partition(":")[0] for line in told] == ([named] if named else [])


def test_a_port_with_tls_lets_people_give_it(pem: Path, logged: list[LogEvent]) -> None:
    Running("--accounts-only").also(5556, "port", ReloadableContext(pem)).start()
    assert not [line for line in lines(logged) if "nobody from another machine" in line]


def test_what_people_have_set_is_kept_while_they_are_here() -> None:
    """A server that is killed has it."""
    running = Running().start()
    alice, mallory = running.connect(host="127.0.0.1"), running.connect()
    mallory.sends(b"mallory\r\n")
    alice.sends(b"alice\r\n/register correct horse\r\n")
    answered(running, alice)
    alice.sends(b"/ignore mallory\r\n")
    account = running.service.hub.accounts.find("alice")
    assert account is not None
    assert account.ignores == {}
    running.reactor.wait(5.0)
    assert account.ignores == {"mallory": "mallory"}


# -- signals -------------------------------------------------------------------------------------------------


def test_signals_are_handled_once_the_reactor_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """INT and TERM stop, HUP reloads, each in a turn of the reactor; outside the main thread nothing is taken."""
    handlers: dict[int, Callable[..., None]] = {}

    def take(number: int, handler: Callable[..., None]) -> None:
        if number == signal.SIGTERM:
            raise ValueError("signal only works in main thread of the main interpreter")
        handlers[number] = handler

    monkeypatch.setattr(signal, "signal", take)
    running = Running().start()
    soon: list[Callable[[], object]] = []
    running.reactor.callFromThread = soon.append  # type: ignore[assignment]
    assert handlers == {}
    for call, arguments, keywords in running.reactor.whenRunningHooks:
        call(*arguments, **keywords)
    assert set(handlers) == {signal.SIGINT, signal.SIGHUP}
    handlers[signal.SIGINT](signal.SIGINT, None)
    soon.pop()()
    assert not running.reactor.hasStopped
    running.reactor.running = True
    running.service._stop()
    assert running.reactor.hasStopped


def test_second_signal_stops_at_once() -> None:
    """Whoever is in a hurry does not wait for those who do not read."""
    running = Running().start()
    alice = running.connect()
    alice.sends(b"alice\n")
    alice.stalls()
    ended: list[object] = []
    running.service.stopService().addCallback(ended.append)
    running.reactor.settle()
    running.service._stop()
    running.reactor.wait(0.1)
    assert alice.gone
    assert ended == [None]


# -- down ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", [Line, SecureLine])
def test_stop_tells_everybody_and_ends(pem: Path, line: type[Line]) -> None:
    """Each is told, gets all that waits, and the end comes as soon as all have it."""
    running = Running("--certificate", str(pem)).start()
    alice, bob, silent = running.connect(line), running.connect(line), running.connect(line)
    alice.sends(b"alice\n")
    bob.sends(b"bob\n")
    alice.receives()
    (ended,) = Closing(running, alice, bob, silent).stop()
    assert ended < 0.5
    assert alice.receives() == b"-- The server stops now. Goodbye.\r\n"
    assert bob.receives().endswith(b"-- The server stops now. Goodbye.\r\n")


class Closing:
    """A stop while clients answer what TLS wants answered."""

    def __init__(self, running: Running, *clients: Line) -> None:
        self.running = running
        self.clients = clients
        self.heard = dict.fromkeys(clients, b"")

    def stop(self) -> list[float]:
        reactor = self.running.reactor
        begun, ended = reactor.seconds(), []
        self.running.service.stopService().addCallback(lambda _: ended.append(reactor.seconds() - begun))
        for _ in range(300):
            for client in self.clients:
                client.ended  # noqa: B018 - inside TLS the client answers the server's end here
            reactor.wait(0.01)
        return ended


@pytest.mark.parametrize("line", [Line, SecureLine])
def test_stop_does_not_wait_for_a_stalled_client(pem: Path, line: type[Line]) -> None:
    """A client that does not read holds the server up for less than three seconds."""
    running = Running("--certificate", str(pem)).start()
    alice, bob = running.connect(line), running.connect()
    alice.sends(b"alice\n")
    bob.sends(b"bob\n")
    alice.stalls()
    for _ in range(100):
        bob.sends(b"x" * 3_000 + b"\n")
    (ended,) = running.stop()
    assert 1.9 < ended <= 3
    assert alice.gone
    assert bob.receives().endswith(b"-- The server stops now. Goodbye.\r\n")


def test_stop_without_anybody(logged: list[LogEvent]) -> None:
    """An empty server stops at once, and says so."""
    (ended,) = Running().start().stop()
    assert ended < 0.1
    assert lines(logged)[-2:] == ["stopping: 0 people", "stopped"]


def test_silent_connections_are_looked_after() -> None:
    """The service looks at every connection now and then."""
    running = Running().start()
    program = running.connect()
    program.sends(b'{"op":"hello","nick":"alice"}\n')
    program.receives()
    for _ in range(26):
        running.reactor.wait(5)
    assert program.receives() == b'{"event":"ping"}\n'


# -- the log -------------------------------------------------------------------------------------------------


def test_log_has_who_comes_and_goes_and_never_what_is_said(logged: list[LogEvent]) -> None:
    """Connections, joins, parts, new names and refusals are logged; no text of anybody is."""
    running = Running().start()
    alice, bob = running.connect(), running.connect()
    bob.sends(b'{"op":"hello","nick":"bob"}\n')
    alice.sends(
        b"alice\nsecret\n/me secret\n/msg bob secret\n/join #dev\n/topic secret\n/away secret\n/nick alicia\n"
        b"/msg zoe secret\n/secret\n/part #dev secret\n/quit secret\n"
    )
    bob.sends(b'{"op":"say","text":"secret"}\n{"op":"secret"}\nsecret\n')
    bob.drops()
    text = "\n".join(lines(logged))
    assert "secret" not in text
    for line in (
        "alice (192.168.7.2 by text) joined #lobby",
        "bob (192.168.7.2 by json) joined #lobby",
        "alice (192.168.7.2 by text) joined #dev",
        "alice is now alicia",
        "alicia left #dev",
        "alicia refused: no-such-nick",
        "192.168.7.2:40001 (alicia) disconnected",
        "192.168.7.2:40002 (bob) disconnected: connection lost",
    ):
        assert line in text.split("\n")


def test_nothing_else_is_noted(logged: list[LogEvent]) -> None:
    """Whatever else happens leaves no line in the log."""
    running = Running()
    running.service._note(Said(time="", room="#lobby", nick="alice", text="secret"), None)  # type: ignore[arg-type]
    assert lines(logged) == []


def test_server_that_never_began_can_be_stopped() -> None:
    """A start that failed is stopped like any other."""
    assert len(Running().stop()) == 1


def test_systems_without_hangups_have_the_other_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows knows no SIGHUP."""
    taken: list[int] = []
    monkeypatch.delattr(signal, "SIGHUP")
    monkeypatch.setattr(signal, "signal", lambda number, handler: taken.append(number))
    running = Running().start()
    for call, arguments, keywords in running.reactor.whenRunningHooks:
        call(*arguments, **keywords)
    assert taken == [signal.SIGINT, signal.SIGTERM]


class Journaling(Running):
    """A service whose journal is in a folder, and whose threads are moved by hand."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str, foreground: bool = False
    ) -> None:
        self.hands = Hands()
        monkeypatch.setattr(service, "ThreadWorkers", lambda hand_over: self.hands)
        super().__init__("--data", str(folder), *arguments, foreground=foreground)

    def settle(self) -> None:
        """Go on until neither the reactor nor a thread has anything to do."""
        for _ in range(20):
            self.reactor.settle()
            self.hands.settle()
        self.reactor.settle()


def entered(server: Journaling, nick: str) -> Line:
    line = server.connect()
    line.sends(f"{nick}\r\n".encode())
    server.settle()
    line.receives()
    return line


def test_rooms_and_what_was_said_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One server ends, another begins on the same folder."""
    first = Journaling(tmp_path / "data", monkeypatch).start()
    alice = entered(first, "alice")
    alice.sends(b"/join #dev\r\n/topic the build\r\nis it green?\r\n")
    first.settle()
    ended = first.stop()
    first.settle()
    first.reactor.wait(3)
    first.settle()
    assert len(ended) == 1
    second = Journaling(tmp_path / "data", monkeypatch).start()
    bob = entered(second, "bob")
    bob.sends(b"/rooms\r\n/join #dev\r\n")
    second.settle()
    said = bob.receives().decode()
    assert "-- #dev (0) the build" in said
    assert "<alice> is it green?" in said


def test_accounts_bans_and_the_audit_log_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are kept where the journal is."""
    for known in (0, 1):
        server = Journaling(tmp_path / "data", monkeypatch).start()
        hub = server.service.hub
        assert (len(hub.accounts), len(hub.server_bans.listed()), len(hub.audit.of("", 9))) == (known,) * 3
        if not known:
            hub.accounts.add(Account(name="alice", created=hub.stamp()), lambda refused: None)
            hub.server_bans.add(Listed("bob!*@*", "alice", hub.stamp()))
            hub.audit.note(AuditLine(hub.stamp(), "alice", "kick"))
        server.settle()
        ended = server.stop()
        server.settle()
        server.reactor.wait(3)
        server.settle()
        assert len(ended) == 1


def test_lanchat_admin_has_a_way_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logged: list[LogEvent]) -> None:
    """As long as the server runs; where there can be none it runs all the same, and says so."""
    server = Journaling(tmp_path / "data", monkeypatch).start()
    ((address, _, _, mode, _),) = server.reactor.unixServers
    assert (address, mode) == (str(tmp_path / "data" / "control"), 0o600)
    server.stop()
    server.settle()
    long = tmp_path / ("x" * 120)
    server = Journaling(long, monkeypatch).start()
    assert not server.reactor.unixServers
    assert any(
        line.startswith(f"lanchat admin cannot reach this server while it runs: {long}/control is too long")
        for line in lines(logged)
    )


def test_nobody_hears_what_is_not_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one says reaches the other when the writer has done its work."""
    server = Journaling(tmp_path, monkeypatch).start()
    alice, bob = entered(server, "alice"), entered(server, "bob")
    alice.sends(b"hello\r\n")
    server.reactor.settle()
    assert bob.receives() == b""
    server.settle()
    assert b"<alice> hello" in bob.receives()


def test_everybody_is_told_how_history_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who are there, and those who come while it has stopped."""
    server = Journaling(tmp_path, monkeypatch).start()
    alice = entered(server, "alice")
    server.hands.writer.fault = OSError(28, "No space left on device")
    alice.sends(b"hello\r\n")
    server.settle()
    stopped = b"-- History has stopped: No space left on device."
    assert stopped in alice.receives()
    bob = server.connect()
    bob.sends(b"bob\r\n")
    server.settle()
    assert stopped in bob.receives()
    server.hands.writer.fault = None
    server.reactor.wait(2)
    server.settle()
    assert b"-- History goes on. Nothing that was said meanwhile is lost." in alice.receives()
    carol = server.connect()
    carol.sends(b"carol\r\n")
    server.settle()
    assert b"History" not in carol.receives()


def test_a_folder_that_cannot_be_had_ends_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line names the option and the cure; nothing listens."""
    monkeypatch.setattr(sys, "__stderr__", sys.stderr)
    (tmp_path / "file").write_text("")
    server = Journaling(tmp_path / "file" / "data", monkeypatch, foreground=True)
    with pytest.raises(SystemExit):
        server.start()
    assert "--data: Not a directory: " in capsys.readouterr().err
    assert not server.reactor.tcpServers


def test_words_in_memory_are_looked_for_on_a_thread() -> None:
    """With --data none too: the answer comes from a real thread."""
    server = Running().start()
    alice = server.connect()
    alice.sends(b"alice\r\nhello world\r\n/search world\r\n")
    server.reactor.settle()
    until(lambda: bool(server.reactor._from_threads), "the answer")
    server.reactor.settle()
    assert b"#lobby <alice> hello world" in alice.receives()
