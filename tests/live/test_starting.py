"""What a person sees of a server that cannot start: one line that names the option and the cure, and status 1."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from tests.live.conftest import Dials, Starts
from tests.live.servers import LOOPBACK, WAYS, command, start_fails

WRONG = {
    "an unknown type": (["--port", "tpc:5555"], "--port tpc:5555", "tcp:5555"),
    "no number": (["--port", "tcp:chat"], "--port tcp:chat", "as in tcp:5555"),
    "no port": (["--port", "tcp"], "--port tcp", "as in tcp:5555"),
    "nothing": (["--port", ""], "--port", "tcp:5555"),
    "too high a number": (["--port", "tcp:70000"], "--port tcp:70000", "up to 65535"),
    "a number alone": (["--port", "5555"], "--port 5555", "tcp:5555"),
    "an unescaped IPv6 address": (["--port", "tcp6:5555:interface=::1"], "--port tcp6:5555", r"interface=\:\:1"),
    "an IPv6 address in brackets": (["--port", "tcp:5555:interface=[::1]"], "--port tcp:5555", r"\:"),
    "an unknown word": (["--port", "tcp:5555:interfaec=127.0.0.1"], "interfaec", "interface"),
    "no key": (["--port", "ssl:5556"], "--port ssl:5556", "privateKey"),
    "a missing key": (["--port", "ssl:5556:privateKey=missing.pem"], "missing.pem", "lanchat certs"),
    "a garbage key": (["--port", "ssl:5556:privateKey=garbage.pem"], "garbage.pem", "lanchat certs"),
    "a damaged key": (["--port", "ssl:5556:privateKey=damaged.pem"], "damaged.pem", "lanchat certs"),
    "a certificate that is missing": (["--certificate", "missing.pem"], "--certificate missing.pem", "lanchat certs"),
    "a certificate that is garbage": (["--certificate", "garbage.pem"], "--certificate garbage.pem", "lanchat certs"),
    "tls:": (["--port", "tls:certs:tcp:5555"], "--port tls:", "ssl:5556"),
    "stdio:": (["--port", "stdio:"], "--port stdio:", "tcp:5555"),
    "haproxy twice": (["--port", "haproxy:haproxy:tcp:1"], "--port haproxy:", "haproxy:tcp:5555"),
    "systemd without systemd": (["--port", "systemd:domain=INET:name=lanchat"], "--port systemd:", ".socket"),
    "a directory that is missing": (["--port", "unix:missing/chat.sock"], "--port unix:missing/chat.sock", ""),
    "a foreign address": (["--port", "tcp:5555:interface=192.0.2.1"], "--port tcp:5555:interface=192.0.2.1", ""),
    "a missing motd": (["--motd", "missing.txt"], "--motd missing.txt", "Name a text file"),
    "a motd that is a directory": (["--motd", "."], "--motd .", "Name a text file"),
    "a bad number": (["--max-clients", "many"], "--max-clients many", "whole number"),
    "half a client": (["--max-clients", "1.5"], "--max-clients 1.5", "whole number"),
    "less than nothing": (["--rate", "-1"], "--rate -1", "a number"),
    "no number at all": (["--rate", "nan"], "--rate nan", "a number"),
    "a name over two lines": (["--name", "a\nb"], "--name", "printable"),
    "an unknown option": (["--prot", "tcp:5555"], "--prot", "--help"),
    "an option without its value": (["--port"], "port", "--help"),
    "a word too many": (["tcp:5555"], "tcp:5555", "--help"),
    "a missing config": (["--config", "missing.toml"], "--config missing.toml", "file"),
    "a config that is no TOML": (["--config", "garbage.pem"], "--config garbage.pem", "TOML"),
    "an unknown option in a config": (["--config", "unknown.toml"], "unknown.toml: there is no option prot", "--help"),
    "a bad port in a config": (["--config", "port.toml"], "--port tcp:chat", "as in tcp:5555"),
    "a bad number in a config": (["--config", "number.toml"], "--rate quick", "a number"),
    "a table in a config": (["--config", "table.toml"], "table.toml: name", "one value"),
}
"""What is typed; what of it has to be named; and what has to be said of the cure."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with files that are not what they should be."""
    directory = tmp_path_factory.mktemp("wrong")
    (directory / "garbage.pem").write_bytes(bytes(range(256)))
    (directory / "damaged.pem").write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    (directory / "unknown.toml").write_text('prot = "tcp:5555"\n')
    (directory / "port.toml").write_text('port = "tcp:chat"\n')
    (directory / "number.toml").write_text('rate = "quick"\n')
    (directory / "table.toml").write_text('[name]\nlong = "room"\n')
    return directory


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program has."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def one_line(said: str) -> str:
    """The one line that was said."""
    (line,) = said.splitlines()
    assert line.startswith("lanchat: ")
    assert "Traceback" not in said
    return line


@pytest.mark.parametrize(("mistake", "way"), list(zip(WRONG, cycle(WAYS), strict=False)))
def test_a_mistake_is_one_line(here: Path, mistake: str, way: str) -> None:
    """The line names the option and the cure, whatever way it is started, and nothing hangs."""
    options, named, cure = WRONG[mistake]
    line = one_line(start_fails(here, way, *options))
    assert named in line
    assert cure in line


@pytest.mark.parametrize("way", ["twistd -n", "twistd"])
@pytest.mark.parametrize("mistake", ["an unescaped IPv6 address", "an unknown option"])
def test_a_mistake_is_the_same_line_everywhere(here: Path, mistake: str, way: str) -> None:
    """It makes no difference to the line how the server is started."""
    options, _, _ = WRONG[mistake]
    said = [one_line(start_fails(here, one, *options)) for one in ("lanchat serve", way)]
    assert said[0] == said[1]


@pytest.mark.parametrize("way", WAYS)
def test_a_port_that_is_taken(tmp_path: Path, taken: int, way: str) -> None:
    """Somebody else has the port: the line names it and says what to do, also before a daemon is one."""
    option = f"tcp:{taken}:interface=127.0.0.1"
    assert one_line(start_fails(tmp_path, way, "--port", option)) == (
        f"lanchat: --port {option}: in use. Stop the other program, or take another port."
    )
    assert not (tmp_path / "lanchat.pid").exists()


@pytest.mark.parametrize("way", WAYS)
def test_all_ports_that_are_taken_are_named(tmp_path: Path, taken: int, way: str) -> None:
    """One line for all of them, so nobody has to try again and again; and none is left open."""
    free = tmp_path / "free.sock"
    ports = [f"tcp:{taken}:interface=127.0.0.1", f"unix:{free}", "tcp:5555:interface=192.0.2.1"]
    line = one_line(start_fails(tmp_path, way, *[word for port in ports for word in ("--port", port)]))
    assert f"--port {ports[0]}: in use" in line
    assert f"--port {ports[2]}: " in line
    assert not free.exists()


@pytest.mark.parametrize("way", WAYS)
def test_a_unix_socket_that_is_taken(starts: Starts, dials: Dials, tmp_path: Path, way: str) -> None:
    """A second server on the same path is refused, and the first goes on."""
    option = f"unix:{tmp_path}/chat.sock"
    starts("--port", option)
    line = one_line(start_fails(tmp_path, way, "--port", option))
    assert line == f"lanchat: --port {option}: in use. Stop the other program, or take another port."
    dials(f"{tmp_path}/chat.sock").joins("ann")


def test_a_dead_unix_socket_is_in_nobodys_way(starts: Starts, dials: Dials, tmp_path: Path) -> None:
    """After kill -9 the socket and its lock lie about; the next server takes over."""
    option = f"unix:{tmp_path}/chat.sock"
    first = starts("--port", option)
    first.kill()
    assert (tmp_path / "chat.sock").exists()
    starts("--port", option)
    dials(f"{tmp_path}/chat.sock").joins("ann")


def test_a_port_can_be_taken_again_at_once(starts: Starts, dials: Dials) -> None:
    """A server that is started again gets its port, though connections to the old one linger."""
    first = starts("--port", LOOPBACK)
    ann = dials(first.address).joins("ann")
    first.kill()
    ann.rest()
    host, port = first.address
    second = starts("--port", f"tcp:{port}:interface={host}")
    dials(second.address).joins("ann")


@pytest.mark.parametrize("way", WAYS)
def test_a_start_says_where_and_how(starts: Starts, way: str, certificates: Path) -> None:
    """The start-up gives the exact lines to type; a daemon says it in its log."""
    pem = certificates / "server.pem"
    options = ["--port", LOOPBACK, "--port", f"ssl:0:privateKey={pem}:interface=127.0.0.1", "--name", "room 1"]
    server = starts(*options, "--certificate", str(pem), way=way)
    (host, plain), (_, secure) = server.addresses
    server.logs("All of these speak TLS too")
    assert re.search(r"lanchat \S+ on room 1 is up\. Join from this network with any of these:\n", server.log)
    assert server.ways == [
        f"nc {host} {plain}",
        f"telnet {host} {plain}",
        f"lanchat join {host}:{plain}",
        f"ncat --ssl {host} {secure}",
        f"openssl s_client -quiet -connect {host}:{secure}",
        f"lanchat join --tls {host}:{secure}",
    ]


@pytest.mark.parametrize("way", ["twistd -n", "lanchat serve"])
def test_version_and_help(tmp_path: Path, way: str) -> None:
    """--version and --help are answered with status 0, and start nothing."""
    for option, expected in (("--version", "lanchat 0."), ("--help", "--max-per-address")):
        done = subprocess.run(
            command(way, [option]), cwd=tmp_path, capture_output=True, text=True, timeout=10, check=False
        )
        assert (done.returncode, expected in done.stdout) == (0, True), done
