"""The client as people use it: on pipes, on a terminal in tmux, over TLS, while the server goes and comes."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live.conftest import Dials, Runs, Starts
from tests.live.servers import LANCHAT, LOOPBACK, Server
from tests.live.talk import PATIENCE
from tests.live.tmux import Tmux

Joins = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def shared_options(shared_options: list[str]) -> list[str]:
    """A server that does not show one test what was said in another."""
    return [*shared_options, "--backlog", "0"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment with a home of the test's own."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TZ")}
    return {**kept, "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}


@pytest.fixture
def known(tmp_path: Path) -> Path:
    return tmp_path / "state" / "lanchat" / "known_servers"


@pytest.fixture
def joins(environment: dict[str, str]) -> Joins:
    """Run ``lanchat join`` on pipes until it ends."""

    def join(*arguments: str, say: str = "", program: str = "join") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(LANCHAT), program, *arguments],
            input=say,
            capture_output=True,
            text=True,
            env=environment,
            timeout=PATIENCE * 2,
            check=False,
        )

    return join


def at(server: Server, number: int = 0) -> str:
    """Where a server is, as it is typed."""
    host, port = server.addresses[number]
    return f"{host}:{port}"


@contextlib.contextmanager
def stopped(process: int) -> Iterator[None]:
    """Let a process do nothing for a while."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


# -- on a pipe -------------------------------------------------------------------------------------------------


def test_a_piped_line_is_said_and_the_answer_is_written(server: Server, dials: Dials, joins: Joins) -> None:
    bob = dials(server.address).joins("bob")
    done = joins(at(server), "--nick", "ann", say="héllo 日本\nno newline")
    bob.hears("<ann> héllo 日本\n")
    bob.hears("<ann> no newline\n")
    bob.hears("-- ann left")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "-- You are ann, in #lobby with bob.\n-- Bye.\n"


def test_nothing_is_lost_at_the_end_though_the_server_slows_us(starts: Starts, joins: Joins) -> None:
    server = starts("--port", LOOPBACK, "--rate", "40", "--burst", "5")
    done = joins(at(server), "--nick", "ann", "--json", say="".join(f"{number}\n" for number in range(100)))
    said = [event["text"] for line in done.stdout.splitlines() if (event := json.loads(line))["event"] == "said"]
    assert said == [str(number) for number in range(100)]
    assert (done.returncode, done.stderr) == (0, "")


def test_files_are_read_and_written_too(
    server: Server, dials: Dials, environment: dict[str, str], tmp_path: Path
) -> None:
    bob = dials(server.address).joins("bob")
    (tmp_path / "in").write_text("from a file\n/names\n")
    command = f"{LANCHAT} join {at(server)} --nick ann < in > out"
    assert (
        subprocess.run(command, shell=True, cwd=tmp_path, env=environment, timeout=PATIENCE, check=False).returncode
        == 0
    )
    bob.hears("<ann> from a file\n")
    assert "-- 2 in #lobby: ann, bob\n" in (tmp_path / "out").read_text()


def test_a_reader_that_has_seen_enough_ends_it_quietly(
    server: Server, environment: dict[str, str], tmp_path: Path
) -> None:
    command = f"set -o pipefail; {LANCHAT} join {at(server)} --nick ann 2>err < /dev/null | head -1"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=environment, timeout=PATIENCE, capture_output=True, check=False
    )
    assert done.stdout.startswith(b"-- You are ann")
    assert (done.returncode, (tmp_path / "err").read_text()) == (0, "")


def test_what_follows_a_join_is_said_in_that_room(server: Server, dials: Dials, joins: Joins) -> None:
    bob = dials(server.address).joins("bob")
    bob.says("/join #dev")
    done = joins(at(server), "--nick", "ann", "--room", "ops", say="to ops\n/join #dev\nto dev\n")
    assert bob.hears("<ann> to dev\n").count("to ops") == 0
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ([], 2, "Name the server"),
        (["127.0.0.1:99999"], 2, "is no port"),
        (["127.0.0.1", "--nick", "a b"], 2, "--nick a b: A name has no spaces"),
        (["tcp:nowhere"], 2, "Write it as in tcp:room-1:5555"),
        (["unix:/nowhere/chat.sock"], 1, "unix:/nowhere/chat.sock: cannot connect"),
        (["127.0.0.1:1"], 1, "127.0.0.1:1: nothing answers there"),
        (["no-such-host.invalid"], 1, "there is no such name"),
        (["127.0.0.1", "--ca", "/nowhere/ca.pem"], 1, "--ca /nowhere/ca.pem: No such file"),
    ],
)
def test_what_does_not_work_is_one_line_and_a_status(
    joins: Joins, arguments: list[str], status: int, said: str
) -> None:
    done = joins(*arguments, say="hi\n")
    assert (done.returncode, done.stdout) == (status, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("lanchat: ")
    assert said in done.stderr


def test_a_taken_nick_and_a_refused_line_are_status_one(server: Server, dials: Dials, joins: Joins) -> None:
    dials(server.address).joins("bob")
    done = joins(at(server), "--nick", "bob", say="hi\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("lanchat: bob is here already.")
    done = joins(at(server), "--nick", "ann", say="/msg zoe hi\n")
    assert done.returncode == 1
    assert done.stderr.startswith("lanchat: There is no zoe here.")


def test_ctrl_c_is_status_130(server: Server, runs: Runs, environment: dict[str, str]) -> None:
    ann = runs("env", *[f"{name}={value}" for name, value in environment.items()], str(LANCHAT), "join", at(server))
    ann.hears("-- You are ")
    os.kill(ann.process.pid, signal.SIGINT)
    assert ann.status() == 130


def test_a_server_that_comes_back_gets_what_was_typed_once(
    starts: Starts, runs: Runs, environment: dict[str, str]
) -> None:
    server = starts("--port", LOOPBACK)
    _, port = server.address
    words = [f"{name}={value}" for name, value in environment.items()]
    ann = runs("env", *words, str(LANCHAT), "join", at(server), "--nick", "ann", "--room", "dev", "--json")
    ann.hears('"room":"#dev"')
    server.kill()
    ann.hears("The line dropped")
    ann.says("meanwhile one", "meanwhile two")
    starts("--port", f"tcp:{port}:interface=127.0.0.1")
    ann.hears("Connected again")
    ann.hears('"text":"meanwhile two"')
    ann.finishes()
    assert ann.status() == 0
    said = [json.loads(line) for line in ann.read.splitlines() if '"said"' in line]
    assert [(event["room"], event["text"]) for event in said] == [("#dev", "meanwhile one"), ("#dev", "meanwhile two")]


def test_a_pipe_says_among_its_lines_where_the_line_was_down(
    starts: Starts, dials: Dials, runs: Runs, environment: dict[str, str], tmp_path: Path
) -> None:
    keep = ("--data", str(tmp_path / "kept"))
    server = starts("--port", LOOPBACK, *keep)
    dials(server.address).joins("bob").says("before")
    words = [f"{name}={value}" for name, value in environment.items()]
    ann = runs("env", *words, str(LANCHAT), "join", at(server), "--nick", "ann")
    ann.hears("-- [")
    ann.hears("<bob> before\n")
    server.signal(signal.SIGSTOP)
    ann.says("unheard")
    with stopped(ann.process.pid):
        server.kill()
        again = starts("--port", f"tcp:{server.address[1]}:interface=127.0.0.1", *keep)
        bob = dials(again.address).joins("bob")
        bob.says("meanwhile", "/names")
        bob.hears("in #lobby: bob")
    seen = ann.hears("-- That was all; from here on it is live.\n")
    assert seen.index("-- The line was down; this was said meanwhile:\n") < seen.index("] <bob> meanwhile\n")
    bob.hears("<ann> unheard\n")
    bob.says("live")
    ann.hears("<bob> live\n")
    ann.finishes()
    assert ann.status() == 0
    assert [ann.read.count(text) for text in ("before", "meanwhile\n", "live\n", "unheard")] == [1, 1, 1, 0]


# -- TLS -------------------------------------------------------------------------------------------------------


def test_a_ca_vouches_for_the_server(server: Server, joins: Joins, certificates: Path, tmp_path: Path) -> None:
    ca = str(certificates / "ca.pem")
    assert joins(at(server), "--nick", "ann", "--ca", ca, say="hi\n").returncode == 0
    joins(str(tmp_path), program="certs")
    done = joins(at(server), "--nick", "ann", "--ca", str(tmp_path / "ca.pem"), say="hi\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert "not signed by" in done.stderr


def test_a_key_is_trusted_once_and_a_changed_one_refused(server: Server, joins: Joins, known: Path) -> None:
    where = at(server)
    done = joins(where, "--nick", "ann", "--tls", say="hi\n")
    assert (done.returncode, done.stdout, known.exists()) == (1, "", False)
    found = re.search(r"--fingerprint (SHA256:\S{43})$", done.stderr.strip())
    assert found is not None, done.stderr
    pin = found[1]
    other = "SHA256:" + "A" * 43
    done = joins(where, "--nick", "ann", "--fingerprint", other, say="hi\n")
    assert (done.returncode, known.exists()) == (1, False)
    assert f"shows the key {pin}, not {other}" in done.stderr
    assert joins(where, "--nick", "ann", "--fingerprint", pin, say="hi\n").returncode == 0
    assert known.read_text() == f"{where} {pin}\n"
    assert known.stat().st_mode & 0o777 == 0o600
    assert joins(where, "--nick", "ann", "--tls", say="hi\n").returncode == 0
    known.write_text(f"{where} {other}\n")
    done = joins(where, "--nick", "ann", "--tls", say="hi\n")
    assert (done.returncode, done.stdout) == (1, "")
    for part in (pin, other, f"type: lanchat forget {where}"):
        assert part in done.stderr
    assert joins(where, program="forget").returncode == 0
    assert joins(where, program="forget").returncode == 1
    assert "is not known yet" in joins(where, "--nick", "ann", "--tls", say="hi\n").stderr


def test_tls_to_a_plain_port_is_said(starts: Starts, joins: Joins) -> None:
    done = joins(at(starts("--port", LOOPBACK)), "--tls", say="hi\n")
    assert done.returncode == 1
    assert "no TLS there" in done.stderr


# -- on a terminal ---------------------------------------------------------------------------------------------


Terminals = Callable[..., Tmux]


@pytest.fixture
def terminals(environment: dict[str, str]) -> Iterator[Terminals]:
    """Open terminals: ``terminals("join", …)``."""
    opened: list[Tmux] = []
    with tempfile.TemporaryDirectory() as directory:  # a socket's path has to be short

        def start(*arguments: str, columns: int = 80, **more: str) -> Tmux:
            place = Path(directory) / str(len(opened))
            place.mkdir()
            tmux = Tmux(place, {**environment, **more}, str(LANCHAT), *arguments, columns=columns)
            opened.append(tmux)
            return tmux

        yield start
        for tmux in opened:
            tmux.close()


def test_a_half_typed_line_stays_intact_while_others_talk(server: Server, dials: Dials, terminals: Terminals) -> None:
    bob = dials(server.address).joins("bob")
    ann = terminals("join", at(server), "--nick", "ann")
    ann.sees("#lobby>", "-- You are ann, in #lobby with bob.")
    ann.types("half: héé 日本 ")
    ann.sees("#lobby> half: héé 日本")
    bob.says(*[f"message {number} to ann, long enough to be wrapped {'x' * 80}" for number in range(8)])
    ann.sees("message 7")
    ann.sees("\n#lobby> half: héé 日本\n")
    ann.resizes(40)
    bob.says("narrow")
    ann.sees("<bob> narrow", "\n#lobby> half: héé 日本\n")
    ann.types("done")
    ann.presses("Enter")
    bob.hears("<ann> half: héé 日本 done\n")
    ann.sees("<ann> half: héé 日本 done", "#lobby 2 people · ann")
    ann.presses("C-d")
    ann.sees("-- Bye.", "status 0")


def test_a_first_key_is_asked_for_before_anything_is_sent(server: Server, terminals: Terminals, known: Path) -> None:
    ann = terminals("join", at(server), "--nick", "tess", "--tls")
    ann.sees("Its key is SHA256:", "Is it the same? (yes/no)")
    assert "tess" not in server.log
    ann.types("yes")
    ann.presses("Enter")
    ann.sees("-- You are tess, in #lobby")
    assert known.read_text().startswith(f"{at(server)} SHA256:")
    ann.types("/quit")
    ann.presses("Enter")
    ann.sees("status 0")


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_a_file_is_sent_from_the_terminal(
    server: Server, dials: Dials, terminals: Terminals, tmp_path: Path, *, tls: bool
) -> None:
    """It goes to the same server, whose key is known by then; everybody gets the link, and it leads to the file."""
    bob = dials(server.address)
    bob.joins("bob")
    (tmp_path / "large.bin").write_bytes(os.urandom(20_000_000))
    ann = terminals("join", at(server), "--nick", "tess", *(["--tls"] if tls else []))
    if tls:
        ann.sees("Is it the same? (yes/no)")
        ann.types("yes")
        ann.presses("Enter")
    ann.sees("tess · connected")
    ann.types(f"/send {tmp_path}/large.bin")
    ann.presses("Enter")
    ann.sees("<tess> sent large.bin (20.0 MB): http")
    bob.hears("<tess> sent large.bin (20.0 MB): ")
    link = bob.hears("\n").strip()
    host, port = server.address
    path = "/" + link.split("/", 3)[3]
    with urllib.request.urlopen(f"http://{host}:{port}{path}") as answer:
        assert answer.read() == (tmp_path / "large.bin").read_bytes()


def test_what_is_missing_is_asked_for_on_a_terminal(server: Server, dials: Dials, terminals: Terminals) -> None:
    dials(server.address).joins("bob")
    ann = terminals("join")
    ann.sees("Server [localhost]:")
    ann.types(at(server))
    ann.presses("Enter")
    ann.sees("Your name [")
    ann.types("bob")
    ann.presses("Enter")
    ann.sees("-- bob is here already.")
    ann.types("ann")
    ann.presses("Enter")
    ann.sees("-- You are ann, in #lobby with bob.")
    ann.types("/jo")
    ann.sees("Go into a room")
    ann.presses("C-c")
    ann.sees("Ctrl-C once more leaves.")
    ann.presses("C-c")
    ann.sees("status 0")


def test_the_terminal_comes_back_when_the_server_does(starts: Starts, dials: Dials, terminals: Terminals) -> None:
    server = starts("--port", LOOPBACK)
    host, port = server.address
    ann = terminals("join", at(server), "--nick", "ann", "--room", "dev")
    ann.sees("#dev>")
    server.signal(signal.SIGTERM)
    ann.sees("The line dropped", "disconnected")
    ann.types("meanwhile")
    ann.presses("Enter")
    ann.sees("1 waiting")
    ann.types("half")
    starts("--port", f"tcp:{port}:interface=127.0.0.1")
    ann.sees("Connected again", "<ann> meanwhile", "\n#dev> half")
    assert ann.screen.count("<ann> meanwhile") == 1
    bob = dials((host, port)).joins("bob")
    bob.says("/join #dev", "hi")
    ann.sees("<bob> hi")


def test_a_server_that_was_killed_has_all_that_was_said_and_shows_it_once(
    starts: Starts, dials: Dials, terminals: Terminals, tmp_path: Path
) -> None:
    keep = ("--data", str(tmp_path / "kept"))
    server = starts("--port", LOOPBACK, *keep)
    ann = terminals("join", at(server), "--nick", "ann", "--room", "dev")
    ann.sees("#dev>")
    bob = dials(server.address).joins("bob")
    bob.says("/join #dev", "before")
    ann.sees("<bob> before")
    server.signal(signal.SIGSTOP)
    ann.types("unheard")
    ann.presses("Enter")
    ann.sees("\n#dev>\n")
    server.kill()
    ann.sees("The line dropped")
    with stopped(ann.pid):
        again = starts("--port", f"tcp:{server.address[1]}:interface=127.0.0.1", *keep)
        bob = dials(again.address).joins("bob")
        bob.says("/join #dev")
        bob.hears("<bob> before\n")
        bob.says("meanwhile one", "meanwhile two, ann", "/names")
        bob.hears("in #dev: bob")
    bob.hears("<ann> unheard\n")
    bob.says("live")
    ann.sees("<bob> live")
    shown = ann.screen
    places = [
        shown.index(text)
        for text in (
            "<bob> before",
            "-- The line dropped",
            "-- Connected again after",
            "-- The line was down; this was said meanwhile:",
            "<bob> meanwhile one",
            "<bob> meanwhile two, ann",
            "-- That was all; from here on it is live.",
            "<ann> unheard",
            "<bob> live",
        )
    ]
    assert places == sorted(places)
    for said in ("<bob> before", "meanwhile one", "meanwhile two", "unheard", "<bob> live"):
        assert shown.count(said) == 1
    ann.sees("#dev 2 people")


def test_colours_are_there_unless_nobody_wants_them(server: Server, dials: Dials, terminals: Terminals) -> None:
    bob = dials(server.address).joins("bob")
    ann, eve = (
        terminals("join", at(server), "--nick", nick, NO_COLOR=off) for nick, off in (("ann", ""), ("eve", "1"))
    )
    for one in (ann, eve):
        one.sees("#lobby>")
    bob.says("hi ann and eve, \x1b[31mred\x1b]0;title\x07")
    for one in (ann, eve):
        one.sees("<bob> hi ann and eve, red")
    assert "[38;5;" in ann.styled
    assert "[38;5;" not in eve.styled
    assert "[7meve" in eve.styled.replace("[1m", "").replace(";1m", "m")


# -- accounts ----------------------------------------------------------------------------------------------------

HORSE = "correct horse battery"


def kept_logins(tmp_path: Path) -> Path:
    return tmp_path / "state" / "lanchat" / "logins"


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_who_has_registered_comes_back_without_a_password_until_logging_out(
    server: Server, terminals: Terminals, tmp_path: Path, *, tls: bool
) -> None:
    """The password never stands on the screen, in the history, or in the file with the token."""
    nick = "tilda" if tls else "paula"
    screens: list[Tmux] = []

    def joins_again() -> Tmux:
        screens.append(terminals("join", at(server), "--nick", nick, *(["--tls"] if tls else [])))
        return screens[-1]

    ann = joins_again()
    if tls:
        ann.sees("Is it the same? (yes/no)")
        ann.types("yes")
        ann.presses("Enter")
    ann.sees(f"{nick} · connected")
    ann.types("/register")
    ann.presses("Enter")
    for question in ("The password:", "Once more:"):
        ann.sees(question)
        ann.types(HORSE)
        ann.presses("Enter")
    ann.sees(f"-- You are logged in as {nick}", "#lobby>")
    kept = kept_logins(tmp_path)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert (known_key(tmp_path, at(server)) if tls else f"plain:{at(server)}") in kept.read_text()
    ann.types("/quit")
    ann.presses("Enter")
    ann.sees("status 0")

    ann = joins_again()
    ann.sees(f"-- You are logged in as {nick}", f"{nick} · connected")
    assert "Password" not in ann.screen
    ann.types(f"/login {nick} {HORSE}")
    ann.sees(f"#lobby> /login {nick} {'*' * len(HORSE)}")
    ann.presses("Enter")
    ann.sees(f"You are logged in as {nick} already")
    ann.types("/logout")
    ann.presses("Enter")
    ann.sees("-- You are logged out.", "status 0")
    assert kept.read_text() == ""

    ann = joins_again()
    ann.sees(f"-- {nick} is registered.", f"Password of {nick} (or Enter, for another name):")
    ann.types("wrong horse battery")
    ann.presses("Enter")
    ann.sees("-- There is no such name, or another password.")
    ann.types(HORSE)
    ann.presses("Enter")
    ann.sees(f"-- You are logged in as {nick}", f"{nick} · connected")
    assert f"{nick} " in kept.read_text()

    for screen in screens:
        assert "horse" not in screen.scrollback
    for file in kept.parent.iterdir():
        assert "horse" not in file.read_text(), file
    assert "horse" not in server.log


def known_key(tmp_path: Path, where: str) -> str:
    lines = (tmp_path / "state" / "lanchat" / "known_servers").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith(where))


def test_two_terminals_of_one_account_show_the_same(server: Server, dials: Dials, terminals: Terminals) -> None:
    bob = dials(server.address).joins("bob")
    one = terminals("join", at(server), "--nick", "dora")
    one.sees("dora · connected")
    one.types(f"/register {HORSE}")
    one.presses("Enter")
    one.sees("-- You are logged in as dora")
    two = terminals("join", at(server), "--nick", "dora")
    two.sees("-- You are logged in as dora")
    one.types("from the first")
    one.presses("Enter")
    two.sees("<dora> from the first")
    two.types("/msg bob psst")
    two.presses("Enter")
    one.sees("(private to bob) <dora> psst")
    bob.hears("<dora> from the first\n")
    two.types("/join #dev")
    two.presses("Enter")
    one.sees("-- You are in #dev too.", "\n#lobby>")


def test_a_program_has_its_password_in_the_environment(
    server: Server, terminals: Terminals, environment: dict[str, str], joins: Joins, tmp_path: Path
) -> None:
    ann = terminals("join", at(server), "--nick", "pipa")
    ann.sees("pipa · connected")
    ann.types(f"/register {HORSE}")
    ann.presses("Enter")
    ann.sees("-- You are logged in as pipa")
    ann.types("/logout")
    ann.presses("Enter")
    ann.sees("status 0")
    done = joins(at(server), "--nick", "pipa", say="hi\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert "pipa is registered. On a pipe, put the password into the environment variable LANCHAT_PASSWORD." in (
        done.stderr
    )
    environment["LANCHAT_PASSWORD"] = HORSE
    done = joins(at(server), "--nick", "pipa", "--json", say="hi\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert '"event":"loggedin"' in done.stdout
    assert "token" not in done.stdout
    del environment["LANCHAT_PASSWORD"]
    done = joins(at(server), "--nick", "pipa", say="hi\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "-- You are logged in as pipa" in done.stdout
    assert kept_logins(tmp_path).stat().st_mode & 0o777 == 0o600
