"""Every kind of port, in each of the ways in which a server is started."""

from __future__ import annotations

import signal
import socket
import ssl
import sys
from pathlib import Path

import pytest

from tests.live.conftest import Dials, Starts
from tests.live.servers import LOOPBACK, WAYS, Server
from tests.live.talk import Address, dial

BECOME = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.argv[2], sys.argv[2:])
"""
"""What systemd does at the end: the socket is descriptor 3 of a process that becomes the server."""


@pytest.fixture
def pem(certificates: Path) -> str:
    return str(certificates / "server.pem")


def need_ipv6() -> None:
    """Skip where this machine has no IPv6."""
    try:
        with socket.socket(socket.AF_INET6) as one:
            one.bind(("::1", 0))
    except OSError as error:
        pytest.skip(f"there is no IPv6 here: {error}")


def two_talk(dials: Dials, address: Address, *, tls: bool = False) -> None:
    """Two people are greeted, hear each other, and leave."""
    ann, bob = dials(address, tls=tls), dials(address, tls=tls)
    ann.hears("-- lanchat on ")
    ann.joins("ann")
    bob.joins("bob")
    ann.hears("-- bob joined #lobby\n")
    ann.says("hi bob")
    bob.hears("<ann> hi bob\n")
    bob.says("exit")
    assert bob.rest().endswith("-- Bye.\n")
    ann.hears("-- bob left\n")
    ann.says("exit")
    ann.rest()


@pytest.mark.parametrize("way", WAYS)
def test_tcp(starts: Starts, dials: Dials, way: str) -> None:
    """tcp: is served by twistd -n, by the daemon and by lanchat serve."""
    server = starts("--port", LOOPBACK, way=way)
    two_talk(dials, server.address)


@pytest.mark.parametrize("way", WAYS)
def test_ssl(starts: Starts, dials: Dials, way: str, pem: str) -> None:
    """ssl: with one file for key and certificate."""
    server = starts("--port", f"ssl:0:privateKey={pem}:interface=127.0.0.1", way=way)
    two_talk(dials, server.address, tls=True)


@pytest.mark.parametrize("way", WAYS)
def test_unix(starts: Starts, dials: Dials, tmp_path: Path, way: str) -> None:
    """unix: in each way; the socket is gone afterwards."""
    path = tmp_path / "chat.sock"
    server = starts("--port", f"unix:{path}", way=way)
    two_talk(dials, str(path))
    server.signal(signal.SIGTERM)
    assert server.ends() == 0
    assert not path.exists()


def test_tcp6(starts: Starts, dials: Dials) -> None:
    """tcp6: on the IPv6 loopback address."""
    need_ipv6()
    server = starts("--port", r"tcp6:0:interface=\:\:1")
    assert server.address[0] == "::1"
    two_talk(dials, server.address)


def test_ssl_on_ipv6(starts: Starts, dials: Dials, pem: str) -> None:
    """ssl: takes an IPv6 interface too."""
    need_ipv6()
    server = starts("--port", rf"ssl:0:privateKey={pem}:interface=\:\:1")
    two_talk(dials, server.address, tls=True)


def inherited(starts: Starts, family: socket.AddressFamily, name: Address, port: str, way: str) -> Server:
    """A server with a listening socket that systemd opened for it, at descriptor 3."""
    with socket.socket(family) as opened:
        opened.bind(name)
        opened.listen()
        return starts(
            *("--port", port),
            way=way,
            before=[sys.executable, "-c", BECOME, str(opened.fileno())],
            environment={"LISTEN_FDS": "1", "LISTEN_FDNAMES": "lanchat"},
            pass_fds=[opened.fileno()],
        )


@pytest.mark.parametrize("way", WAYS)
def test_systemd(starts: Starts, dials: Dials, way: str) -> None:
    """systemd: serves the socket that was opened for it, as LISTEN_FDS and LISTEN_PID say."""
    server = inherited(starts, socket.AF_INET, ("127.0.0.1", 0), "systemd:domain=INET:name=lanchat", way)
    two_talk(dials, server.address)


def test_systemd_by_index(starts: Starts, dials: Dials) -> None:
    """systemd: by index as well as by name."""
    server = inherited(starts, socket.AF_INET, ("127.0.0.1", 0), "systemd:domain=INET:index=0", "twistd -n")
    two_talk(dials, server.address)


def test_systemd_unix(starts: Starts, dials: Dials, tmp_path: Path) -> None:
    """systemd: with a Unix socket."""
    path = str(tmp_path / "chat.sock")
    inherited(starts, socket.AF_UNIX, path, "systemd:domain=UNIX:name=lanchat", "twistd -n")
    two_talk(dials, path)


V1 = b"PROXY TCP4 192.0.2.7 192.0.2.1 40007 5555\r\n"
V2 = (
    b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c"  # signature, version 2 and PROXY, TCP over IPv4, 12 bytes
    + socket.inet_aton("192.0.2.8")
    + socket.inet_aton("192.0.2.1")
    + (40008).to_bytes(2, "big")
    + (5555).to_bytes(2, "big")
)
"""What a proxy sends first (proxy-protocol.txt, sections 2.1 and 2.2)."""


@pytest.mark.parametrize("way", WAYS)
def test_haproxy(starts: Starts, dials: Dials, way: str) -> None:
    """Behind a proxy the address in the log is the person's, by both versions of the header."""
    server = starts("--port", f"haproxy:{LOOPBACK}", way=way)
    ann, bob = dials(server.address), dials(server.address)
    ann.sends(V1)
    ann.joins("ann")
    bob.sends(V2)
    bob.joins("bob")
    ann.says("hi")
    bob.hears("<ann> hi\n")
    server.logs(r"192\.0\.2\.7:40007 connected by text")
    server.logs(r"ann \(192\.0\.2\.7 by text\) joined")
    server.logs(r"192\.0\.2\.8:40008 connected by text")
    assert "127.0.0.1:" not in server.log.replace(f"127.0.0.1:{server.address[1]}", "")


def test_half_close_behind_a_proxy(starts: Starts) -> None:
    """Who says all that there is to say at once is answered through a proxy too."""
    server = starts("--port", f"haproxy:{LOOPBACK}")
    with dial(server.address) as ann:
        ann.sendall(V1 + b"ann\nhello\n")
        ann.shutdown(socket.SHUT_WR)
        heard = b""
        while more := ann.recv(4096):
            heard += more
    assert b"You are ann" in heard


def test_limits_behind_a_proxy_count_the_person(starts: Starts, dials: Dials) -> None:
    """--max-per-address counts the address that the proxy tells, so one person cannot shut out the others."""
    server = starts("--port", f"haproxy:{LOOPBACK}", "--max-per-address", "2")
    for number in range(2):
        one = dials(server.address)
        one.sends(V1)
        one.joins(f"ann{number}")
    third, other = dials(server.address), dials(server.address)
    third.sends(V1 + b"ann3\n")
    assert "This server has 2 connections from 192.0.2.7 already" in third.rest()
    other.sends(V2)
    other.joins("bob")
    server.logs(r"192\.0\.2\.7:40007 refused: This server has 2 connections")


def test_tls_behind_a_proxy(starts: Starts, pem: str) -> None:
    """haproxy:ssl: the PROXY header comes first and in plain, TLS after it."""
    server = starts("--port", f"haproxy:ssl:0:privateKey={pem}:interface=127.0.0.1")
    context = ssl.create_default_context(cafile=str(Path(pem).with_name("ca.pem")))
    with dial(server.address) as plain:
        plain.sendall(V1)
        with context.wrap_socket(plain, server_hostname="127.0.0.1") as inside:
            inside.sendall(b"ann\n")
            heard = b""
            while b"You are ann" not in heard:
                heard += inside.recv(4096)
    server.logs(r"ann \(192\.0\.2\.7 by text\+tls\) joined")


@pytest.mark.parametrize(
    "header", [b"PROXY TCP4 not an address\r\n", b"hello\r\n", b"\r\n\r\n\x00\r\nQUIT\nxxxxxxxxxxxx", b"PROXY " * 50]
)
def test_a_wrong_proxy_header_is_closed(starts: Starts, dials: Dials, header: bytes) -> None:
    """What is no PROXY header ends the connection, and nothing else."""
    server = starts("--port", f"haproxy:{LOOPBACK}")
    wrong = dials(server.address)
    wrong.sends(header)
    wrong.rest()
    ann = dials(server.address)
    ann.sends(V1)
    ann.joins("ann")


def test_several_ports_are_one_chat(starts: Starts, dials: Dials, tmp_path: Path, pem: str) -> None:
    """People on a plain port, a TLS port and a Unix socket are in one room."""
    ports = [LOOPBACK, f"ssl:0:privateKey={pem}:interface=127.0.0.1", f"unix:{tmp_path}/chat.sock"]
    server = starts(*[word for port in ports for word in ("--port", port)])
    plain, secure = server.addresses
    ann = dials(plain).joins("ann")
    bob = dials(secure, tls=True).joins("bob")
    carol = dials(f"{tmp_path}/chat.sock").joins("carol")
    ann.says("hi all")
    bob.hears("<ann> hi all\n")
    carol.hears("<ann> hi all\n")
    carol.says("/whois bob")
    carol.hears("text+tls")


def test_a_certificate_lets_the_plain_port_speak_tls(starts: Starts, dials: Dials, pem: str) -> None:
    """--certificate: on one port some speak TLS and some do not, and they hear each other."""
    server = starts("--port", LOOPBACK, "--certificate", pem)
    ann = dials(server.address).joins("ann")
    bob = dials(server.address, tls=True)
    bob.hears("-- lanchat on ")
    bob.joins("bob")
    bob.says("inside")
    ann.hears("<bob> inside\n")
    json = dials(server.address, tls=True)
    json.says('{"op":"hello","nick":"carol"}')
    json.hears('"event":"welcome"')
    server.logs(r"carol \(127\.0\.0\.1 by json\+tls\) joined")


def test_config_file(starts: Starts, dials: Dials, tmp_path: Path, pem: str) -> None:
    """--config: ports, name and limits from a TOML file; the command line wins."""
    file = tmp_path / "lanchat.toml"
    file.write_text(f'port = ["{LOOPBACK}", "unix:{tmp_path}/chat.sock"]\nname = "from the file"\nmax-nick = 5\n')
    server = starts("--config", str(file), "--name", "from the line")
    ann = dials(server.address)
    ann.hears("lanchat on from the line: ")
    ann.says("annabella")
    ann.hears("-- ")
    ann.joins("ann")
    assert (tmp_path / "chat.sock").exists()
