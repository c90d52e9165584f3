"""The programs that people have: nc, ncat, telnet, socat, openssl, curl, as they are typed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.live.conftest import Dials, Runs, Starts
from tests.live.servers import LOOPBACK, Server
from tests.live.talk import Tool, need

PIPES = {
    "nc": "nc -N {host} {port}",
    "ncat": "ncat {host} {port}",
    "socat": "socat - TCP:{host}:{port}",
    "ncat --ssl": "ncat --ssl {host} {port}",
}


@pytest.mark.parametrize("tool", PIPES)
def test_a_piped_line_is_said_and_answered(server: Server, dials: Dials, runs: Runs, tool: str) -> None:
    r"""``printf 'ann\nhello\n' | nc -N HOST PORT`` says hello, prints the welcome and ends with status 0."""
    need(tool.split()[0])
    bob = dials(server.address).joins("bob")
    host, port = server.address
    ann = runs(f"printf 'ann\\nhello from a pipe\\n' | {PIPES[tool].format(host=host, port=port)}", shell=True)
    assert re.search(r"\[\d\d:\d\d\] <ann> hello from a pipe$", bob.hears("<ann> hello from a pipe"))
    bob.hears("-- ann left")
    assert ann.status() == 0
    assert "-- You are ann, in #lobby with bob." in ann.read


def test_a_last_line_without_an_end_is_said(server: Server, dials: Dials, runs: Runs) -> None:
    r"""``printf 'ann\nhello' | nc -N``: what a script forgot to end is still said."""
    need("nc")
    bob = dials(server.address).joins("bob")
    host, port = server.address
    ann = runs(f"printf 'ann\\nno newline' | nc -N {host} {port}", shell=True)
    bob.hears("<ann> no newline\n")
    assert ann.status() == 0


def test_a_piped_exit_ends_s_client(server: Server, dials: Dials, runs: Runs) -> None:
    """``openssl s_client -quiet`` goes on after the end of its input, so a script says exit."""
    need("openssl")
    bob = dials(server.address).joins("bob")
    host, port = server.address
    line = f"printf 'ann\\nhello\\nexit\\n' | openssl s_client -quiet -connect {host}:{port}"
    ann = runs(line, shell=True)
    bob.hears("<ann> hello\n")
    assert ann.status() == 0
    assert "-- You are ann, in #lobby with bob." in ann.read
    assert "-- Bye." in ann.read


def test_a_script_pipes_lines_in_and_reads_lines_out(server: Server, dials: Dials, runs: Runs) -> None:
    """A bot in a few lines of shell: it answers what it reads, one event a line."""
    need("nc")
    bob = dials(server.address).joins("bob")
    host, port = server.address
    script = f"""
        mkfifo in out
        nc -N {host} {port} < in > out &
        exec 3> in 4< out
        echo bot >&3
        while read -r line <&4; do
            case "$line" in
                *"<bob> 6 x 7"*) echo $((6 * 7)) >&3 ;;
                *"<bob> go"*) break ;;
            esac
        done
        exec 3>&-
        wait $!
    """
    bot = runs(script, shell=True, cwd=_fresh(server, "script"))
    bob.hears("-- bot joined #lobby")
    bob.says("6 x 7")
    bob.hears("<bot> 42\n")
    bob.says("go")
    bob.hears("-- bot left")
    assert bot.status() == 0


def test_telnet_as_a_person_types(server: Server, dials: Dials, runs: Runs) -> None:
    """A person with telnet is greeted, gives a name, chats both ways, and leaves by Ctrl-] and quit."""
    need("telnet")
    bob = dials(server.address).joins("bob")
    host, port = server.address
    ann = runs("telnet", host, str(port), terminal=True)
    ann.hears("Type your name to join, /help for help.\n")
    ann.says("ann")
    ann.hears("-- You are ann, in #lobby with bob.\n")
    ann.says("hello from telnet")
    bob.hears("<ann> hello from telnet\n")
    bob.says("hello yourself: äöü 日本")
    ann.hears("<bob> hello yourself: äöü 日本\n")
    ann.sends(b"\x1d")
    ann.hears("telnet> ")
    ann.says("quit")
    bob.hears("-- ann left")
    assert ann.status() == 0
    assert "\x1b" not in ann.read


@pytest.mark.parametrize("wish", ["do binary", "will tspeed", "ayt", "nop"])
def test_telnets_own_commands_are_never_seen(server: Server, dials: Dials, runs: Runs, wish: str) -> None:
    """What telnet negotiates in the middle of a chat is in nobody's lines."""
    need("telnet")
    bob = dials(server.address).joins("bob")
    ann = runs("telnet", server.address[0], str(server.address[1]), terminal=True)
    ann.joins("ann")
    ann.sends(b"\x1d")
    ann.hears("telnet> ")
    ann.says(f"send {wish}")
    ann.says("clean")
    assert bob.hears("clean\n").endswith("<ann> clean\n")
    ann.says("exit")
    ann.hears("-- Bye.")
    ann.status()


def test_telnets_interrupt_leaves(server: Server, dials: Dials, runs: Runs) -> None:
    """Ctrl-C in telnet (Interrupt Process, RFC 854) ends the chat and nothing else."""
    need("telnet")
    bob = dials(server.address).joins("bob")
    ann = runs("telnet", server.address[0], str(server.address[1]), terminal=True)
    ann.joins("ann")
    ann.sends(b"\x1d")
    ann.hears("telnet> ")
    ann.says("send ip")
    ann.hears("-- Bye.")
    bob.hears("-- ann left\n")
    ann.status()


@pytest.mark.parametrize("word", ["exit", "quit", "/quit"])
def test_the_words_that_leave(server: Server, dials: Dials, runs: Runs, word: str) -> None:
    """exit, quit and /quit leave with a goodbye; nc itself notices at the next key that the line is closed."""
    need("nc")
    bob = dials(server.address).joins("bob")
    ann = runs("nc", server.address[0], str(server.address[1]), terminal=True)
    ann.joins("ann")
    ann.says(word)
    ann.hears("-- Bye.\n")
    bob.hears("-- ann left\n")
    ann.says("")
    assert ann.status() == 0


def test_ctrl_d_leaves(server: Server, dials: Dials, runs: Runs) -> None:
    """Ctrl-D in nc -N on a terminal leaves."""
    need("nc")
    bob = dials(server.address).joins("bob")
    ann = runs("nc", "-N", server.address[0], str(server.address[1]), terminal=True)
    ann.joins("ann")
    ann.sends(b"\x04")
    bob.hears("-- ann left\n")
    assert ann.status() == 0


def test_s_client_as_a_person_types(server: Server, dials: Dials, runs: Runs, certificates: Path) -> None:
    """``openssl s_client -connect`` verifies the certificate and chats; exit ends it."""
    need("openssl")
    bob = dials(server.address).joins("bob")
    host, port = server.address
    trust = str(certificates / "ca.pem")
    ann = runs("openssl", "s_client", "-connect", f"{host}:{port}", "-CAfile", trust, terminal=True)
    ann.hears("Verify return code: 0 (ok)")
    ann.hears("Type your name to join")
    ann.joins("ann")
    ann.says("over TLS")
    bob.hears("<ann> over TLS\n")
    bob.says("good")
    ann.hears("<bob> good\n")
    ann.says("exit")
    bob.hears("-- ann left\n")
    ann.status()


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_tls_versions(server: Server, runs: Runs, version: str) -> None:
    """TLS 1.2 and 1.3 are spoken."""
    need("openssl")
    host, port = server.address
    ann = runs("openssl", "s_client", "-quiet", version, "-connect", f"{host}:{port}")
    ann.hears("Type your name to join")
    ann.joins("ann")
    ann.says("exit")
    ann.hears("-- Bye.")
    ann.status()


def test_socat_with_a_terminal_and_readline_keys(server: Server, dials: Dials, runs: Runs) -> None:
    """Socat in raw mode sends each key as it is typed: backspace erases, return alone ends a line."""
    need("socat")
    bob = dials(server.address).joins("bob")
    host, port = server.address
    ann = runs("socat", "-,icanon=0,echo=0", f"TCP:{host}:{port}", terminal=True)
    ann.joins("ann")
    for key in b"hellp\x7fo\n":
        ann.sends(bytes([key]))
    bob.hears("<ann> hello\n")


def test_the_lines_that_the_server_prints_work_when_typed(
    starts: Starts, dials: Dials, tmp_path: Path, runs: Runs, certificates: Path
) -> None:
    """Every line of the start-up, typed into a shell, joins: for nc, telnet, ncat, socat, openssl, lanchat."""
    ports = [LOOPBACK, f"ssl:0:privateKey={certificates / 'server.pem'}:interface=127.0.0.1", f"unix:{tmp_path}/a b"]
    server = starts(*[word for port in ports for word in ("--port", port)])
    tools = [way.split()[0] for way in server.ways]
    assert tools == ["nc", "telnet", "lanchat", "ncat", "openssl", "lanchat", "nc", "socat", "lanchat"]
    bob = dials(server.address).joins("bob")
    for number, way in enumerate(server.ways):
        if tools[number] == "lanchat":
            continue  # tests/live/test_client.py types it
        need(tools[number])
        ann: Tool = runs(way, shell=True, terminal=True)
        ann.hears("Type your name to join")
        ann.joins(f"ann{number}")
        ann.says(f"by {tools[number]}")
        bob.hears(f"<ann{number}> by {tools[number]}\n")
        ann.says("exit")
        ann.hears("-- Bye.")
        bob.hears(f"-- ann{number} left\n")


def test_lanchat_join_as_printed(starts: Starts, dials: Dials, tmp_path: Path, runs: Runs, certificates: Path) -> None:
    """The printed ``lanchat join`` lines join, a pipe at their input (TLS with the CA that it is to trust)."""
    ports = [LOOPBACK, f"ssl:0:privateKey={certificates / 'server.pem'}:interface=127.0.0.1", f"unix:{tmp_path}/chat"]
    server = starts(*[word for port in ports for word in ("--port", port)])
    bob = dials(server.address).joins("bob")
    here = Path(sys.executable).parent
    for number, way in enumerate(way for way in server.ways if way.startswith("lanchat")):
        trusting = f" --ca {certificates / 'ca.pem'}" if "--tls" in way else ""
        runs(f"echo hi {number} | {here / way} --nick ann{number}{trusting}", shell=True)
        bob.hears(f"<ann{number}> hi {number}\n")
        bob.hears(f"-- ann{number} left")


def _fresh(server: Server, name: str) -> Path:
    directory = server.directory / name
    directory.mkdir()
    return directory
