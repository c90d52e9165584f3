"""Admins, and ports for IRC clients: in each of the ways in which a server is started."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.live.conftest import Dials, Starts
from tests.live.servers import LANCHAT, LOOPBACK, WAYS


def hashed(name: str, password: str) -> str:
    """The line that `lanchat admin-hash` prints."""
    done = subprocess.run(
        [LANCHAT, "admin-hash", name], input=f"{password}\n", capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("way", WAYS)
def test_admins_come_from_the_file(starts: Starts, dials: Dials, tmp_path: Path, way: str) -> None:
    """Who is in the file may kill; SIGHUP reads it again."""
    file = tmp_path / "admins"
    file.write_text(hashed("root", "correct horse"))
    file.chmod(0o600)
    server = starts("--port", LOOPBACK, "--admins", str(file), way=way)
    ann, bob = dials(server.address).joins("ann"), dials(server.address).joins("bob")
    ann.says("/oper root wrong horse", "/oper root correct horse", "/kill bob spam")
    ann.hears("There is no such name, or another password.\n")
    ann.hears("You are an admin of this server now")
    assert bob.rest().endswith("-- You were killed by ann: spam\n")
    file.write_text(hashed("carol", "battery staple"))
    server.signal(signal.SIGHUP)
    server.logs(r"--admins .* reloaded")
    carol = dials(server.address).joins("carol")
    carol.says("/oper root correct horse", "/oper carol battery staple", "/wallops here I am")
    carol.hears("There is no such name, or another password.\n")
    carol.hears("You are an admin of this server now")
    ann.hears("-- carol to the admins: here I am\n")
    assert "horse" not in server.log
    assert "staple" not in server.log


@pytest.mark.parametrize("way", WAYS)
def test_irc_clients_have_a_port_of_their_own(starts: Starts, dials: Dials, way: str) -> None:
    """They meet those who come by the port for all, and are served there too."""
    server = starts("--port", LOOPBACK, "--irc", LOOPBACK, way=way)
    (own,) = server.irc_addresses
    ann, irc, other = dials(server.address).joins("ann"), dials(own), dials(server.address)
    irc.says("nick bob\r", "user bob 0 * :Bob\r", "privmsg ann :hello\r")
    irc.hears(" 001 bob ")
    ann.hears("(private) <bob> hello\n")
    other.says("NICK carol\r", "USER carol 0 * :Carol\r", "PRIVMSG bob :and hello\r")
    assert ":and hello\n" in irc.hears(":and hello\n")
    assert "-- " not in irc.read


def test_a_port_for_irc_clients_is_enough(starts: Starts, dials: Dials, certificates: Path) -> None:
    """With --irc alone nothing else is open; where there is TLS, the log says where clients are told to use it."""
    inside = f"ssl:0:privateKey={certificates}/server.pem:interface=127.0.0.1"
    server = starts("--irc", LOOPBACK, "--irc", inside, "--sts", "30d")
    assert server.addresses == []
    plain, secure = server.irc_addresses
    server.logs(f"--sts: .* at port {secure[1]} for 30 days")
    ann, bob = dials(plain), dials(secure, tls=True)
    ann.says("NICK ann\r", "USER ann 0 * :Ann\r")
    ann.hears(" 001 ann ")
    bob.says("NICK bob\r", "USER bob 0 * :Bob\r", "PRIVMSG ann :inside\r")
    ann.hears("PRIVMSG ann :inside\n")
