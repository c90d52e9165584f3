"""How a server ends, and how it reads its files again: signals to a real process."""

from __future__ import annotations

import shutil
import signal
import ssl
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lanchat.certs import make
from tests.live.conftest import Dials, Starts
from tests.live.servers import LOOPBACK, WAYS, Server
from tests.live.talk import Wire, dial, until

GOODBYE = "-- The server stops now. Goodbye.\n"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_everybody_is_told(starts: Starts, dials: Dials, way: str, number: signal.Signals, certificates: Path) -> None:
    """SIGINT and SIGTERM: whoever is there, by text, JSON or TLS, named or not, hears it; the status is 0."""
    server = starts("--port", LOOPBACK, "--certificate", str(certificates / "server.pem"), way=way)
    ann = dials(server.address).joins("ann")
    bob = dials(server.address, tls=True).joins("bob")
    bot, nobody = dials(server.address), dials(server.address)
    bot.says('{"op":"hello","nick":"bot"}')
    bot.hears('"event":"entered"')
    nobody.hears("Type your name to join")
    begin = time.monotonic()
    server.signal(number)
    assert ann.rest().endswith(GOODBYE)
    assert bob.rest().endswith(GOODBYE)
    bob.close()  # as programs do; TLS waits for it
    assert '"event":"closed"' in bot.rest()
    nobody.rest()
    assert server.ends() == 0
    assert time.monotonic() - begin < 3
    assert not (server.directory / "twistd.pid").exists()
    assert not (server.directory / "lanchat.pid").exists()


def stall(server: Server, dials: Dials, *, tls: bool = False) -> tuple[Wire, Wire]:
    """Somebody who does not read, with a full buffer, and somebody who talks."""
    reader = dials(server.address, receive_buffer=4096, tls=tls)
    reader.joins("stalled")
    talker = dials(server.address).joins("talker")
    for number in range(200):
        talker.says(f"{number} {'x' * 4000}")
    talker.says("/ping")
    talker.hears("-- pong")
    return reader, talker


@pytest.mark.parametrize(("way", "tls"), [("twistd -n", True), ("twistd", False)], ids=["TLS", "daemon"])
def test_one_who_does_not_read_holds_nobody_up(
    starts: Starts, dials: Dials, way: str, tls: bool, certificates: Path
) -> None:
    """With a full buffer that nobody empties the server still ends within three seconds, with status 0."""
    pem = str(certificates / "server.pem")
    server = starts("--port", LOOPBACK, "--certificate", pem, "--rate", "0", way=way)
    _, talker = stall(server, dials, tls=tls)
    begin = time.monotonic()
    server.signal(signal.SIGTERM)
    assert talker.rest().endswith(GOODBYE)
    assert server.ends() == 0
    assert time.monotonic() - begin < 3
    assert not (server.directory / "lanchat.pid").exists()


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_a_slow_reader_gets_all_that_waits_for_it(starts: Starts, dials: Dials, tls: bool, certificates: Path) -> None:
    """What waits is flushed: one who begins to read when the server ends has every line and the goodbye."""
    server = starts("--port", LOOPBACK, "--certificate", str(certificates / "server.pem"), "--rate", "0")
    reader, _ = stall(server, dials, tls=tls)
    server.signal(signal.SIGTERM)
    server.logs("stopping: 2 people")
    heard = reader.rest()
    assert [f"<talker> {number} x" in heard for number in range(200)] == [True] * 200
    assert heard.endswith(GOODBYE)
    assert server.ends() == 0


def test_a_second_signal_ends_at_once(starts: Starts, dials: Dials) -> None:
    """Who is in a hurry says it twice: nobody is waited for."""
    server = starts("--port", LOOPBACK, "--rate", "0")
    stall(server, dials)
    server.signal(signal.SIGINT)
    server.logs("stopping: 2 people")
    begin = time.monotonic()
    server.signal(signal.SIGINT)
    assert server.ends() == 0
    assert time.monotonic() - begin < 1


def shown(server: Server, trust: Path) -> bytes:
    """The certificate that the server shows now, as far as it is one of this CA's."""
    context = ssl.create_default_context(cafile=str(trust))
    with dial(server.address) as plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as inside:
        certificate = inside.getpeercert(binary_form=True)
    assert certificate is not None
    return certificate


@pytest.mark.parametrize("option", ["ssl", "certificate"])
@pytest.mark.parametrize("way", ["twistd -n", "twistd"])
def test_a_hangup_reloads_the_certificate(starts: Starts, dials: Dials, tmp_path: Path, way: str, option: str) -> None:
    """SIGHUP: new connections get the renewed certificate, and those that are open stay."""
    certs, pem = tmp_path / "certs", tmp_path / "certs" / "server.pem"
    make(certs, ["127.0.0.1"], datetime.now(UTC))
    ports = {
        "ssl": ["--port", f"ssl:0:privateKey={pem}:interface=127.0.0.1"],
        "certificate": ["--port", LOOPBACK, "--certificate", str(pem)],
    }
    server = starts(*ports[option], way=way)
    ann = dials(server.address, tls=True).joins("ann")
    before = shown(server, certs / "ca.pem")
    pem.rename(tmp_path / "old.pem")
    make(certs, ["127.0.0.1"], datetime.now(UTC))
    server.signal(signal.SIGHUP)
    server.logs("certificate reloaded")
    assert shown(server, certs / "ca.pem") != before
    ann.says("/ping")
    ann.hears("-- pong")


def test_a_broken_certificate_leaves_the_old_in_force(
    starts: Starts, dials: Dials, tmp_path: Path, certificates: Path
) -> None:
    """SIGHUP with a file that does not load: the log says so and why, and TLS goes on as before."""
    pem = tmp_path / "server.pem"
    shutil.copy(certificates / "server.pem", pem)
    server = starts("--port", LOOPBACK, "--certificate", str(pem))
    before = shown(server, certificates / "ca.pem")
    for wrong, why in (("garbage\n", "there is no private key in it"), (None, "there is no such file")):
        if wrong is None:
            pem.unlink()
        else:
            pem.write_text(wrong)
        server.signal(signal.SIGHUP)
        server.logs(f"--certificate: certificate not reloaded, the old one stays: .*{why}")
    assert shown(server, certificates / "ca.pem") == before
    dials(server.address).joins("ann")


@pytest.mark.parametrize("way", WAYS)
def test_a_hangup_reloads_the_motd(starts: Starts, dials: Dials, tmp_path: Path, way: str) -> None:
    """SIGHUP: the next one reads the new message of the day; when the file is gone, the last one stays."""
    motd = tmp_path / "motd.txt"
    motd.write_text("Soup today.\n")
    server = starts("--port", LOOPBACK, "--motd", str(motd), way=way)
    ann = dials(server.address)
    ann.says("ann")
    ann.hears("-- Soup today.\n")
    motd.write_text("Fish today.\nAnd \x1b[31mred\x1b[0m wine.\n")
    server.signal(signal.SIGHUP)
    server.logs("motd.txt reloaded")
    bob = dials(server.address)
    bob.says("bob")
    bob.hears("-- Fish today.\n")
    assert "\x1b" not in bob.hears("wine.\n")
    motd.unlink()
    server.signal(signal.SIGHUP)
    server.logs("motd.txt not reloaded, the old one stays: No such file")
    carol = dials(server.address)
    carol.says("carol")
    carol.hears("-- Fish today.\n")


def test_a_hangup_during_the_end_is_harmless(starts: Starts, dials: Dials) -> None:
    """SIGHUP while the server stops changes nothing."""
    server = starts("--port", LOOPBACK, "--rate", "0")
    _, talker = stall(server, dials)
    server.signal(signal.SIGTERM)
    server.logs("stopping")
    server.signal(signal.SIGHUP)
    assert talker.rest().endswith(GOODBYE)
    assert server.ends() == 0


def test_kill_9_leaves_nobody_waiting(starts: Starts, dials: Dials) -> None:
    """After kill -9 the connections of the others end at once."""
    server = starts("--port", LOOPBACK)
    ann = dials(server.address).joins("ann")
    server.kill()
    ann.rest()
    until(lambda: not server.alive, "the server is gone")
