"""Whatever comes is answered or closed, costs little, and never ends in a traceback."""

from __future__ import annotations

import contextlib
import random
import re
import subprocess
from pathlib import Path

import pytest

from tests.live.conftest import Dials, Starts
from tests.live.servers import LOOPBACK, Server
from tests.live.talk import PATIENCE, Address, Wire, need, until
from tests.web_talker import frame, request


@pytest.fixture(scope="module")
def pem(certificates: Path) -> str:
    return str(certificates / "server.pem")


@pytest.fixture(scope="module")
def shared_options(pem: str) -> list[str]:
    """Floods are not slowed here: the garbage is to be over when a test is."""
    return ["--port", LOOPBACK, "--certificate", pem, "--rate", "0"]


@pytest.fixture
def three(starts: Starts, pem: str) -> Server:
    """A server with a plain port without TLS, a plain port with it, and a TLS port; the handshake is short."""
    return starts(*("--port", LOOPBACK, "--port", f"ssl:0:privateKey={pem}:interface=127.0.0.1", "--handshake", "1"))


def throw(wire: Wire, data: bytes) -> None:
    """Send it, though the other side may end meanwhile."""
    with contextlib.suppress(OSError):
        wire.sends(data)
        wire.socket.shutdown(1)


@pytest.mark.parametrize("seed", range(8))
def test_random_bytes(server: Server, dials: Dials, seed: int) -> None:
    """64 KiB of anything at all: the connection is answered or ended, and a bystander chats on."""
    noise = random.Random(seed).randbytes(65_536)
    bob = dials(server.address).joins("bob")
    starts: list[bytes] = [b"", b"{", b"\x16\x03\x01", b"GET ", b"SSH-", b"ann\n", b"\xff\xfa", b"NICK "]
    wire = dials(server.address)
    throw(wire, starts[seed] + noise)
    wire.close()
    bob.says("/ping")
    bob.hears("-- pong")
    assert "\x1b" not in bob.read


@pytest.mark.parametrize("size", [5000, 100_000_000])
@pytest.mark.parametrize("named", [False, True], ids=["before the name", "after it"])
def test_an_overlong_line(server: Server, dials: Dials, named: bool, size: int) -> None:
    """A line of 100 MB costs no memory; the person is told, stays, and goes on."""
    bob = dials(server.address).joins("bob")
    ann = dials(server.address)
    if named:
        ann.joins("ann")
    before, most = server.memory, 0.0
    piece = b"x" * min(size, 1_000_000)
    for _ in range(size // len(piece)):
        ann.sends(piece)
        most = max(most, server.memory - before)
    ann.says("")
    ann.hears("bytes: nothing was sent. Send it in parts.\n")
    if not named:
        ann.joins("ann")
    ann.says("short")
    assert "xxx" not in bob.hears("<ann> short\n")
    assert most < 4


def test_an_overlong_line_in_json(server: Server, dials: Dials) -> None:
    """A program is told, too, and stays."""
    bot = dials(server.address)
    bot.says('{"op":"hello","nick":"bot"}')
    bot.hears('"event":"entered"')
    bot.sends(b'{"op":"say","text":"' + b"x" * 1_000_000 + b'"}\n')
    bot.hears('"code":"too-long"')
    bot.says('{"op":"ping","ref":"9"}')
    bot.hears('"event":"pong"')


@pytest.mark.parametrize(
    "line", ['{"op":', "{}", '{"op":"hello","nick":7}', '{"op":"hello","nick":"a b"}', "{" * 50_000]
)
def test_json_that_is_none(server: Server, dials: Dials, line: str) -> None:
    """What is no command is refused in a sentence, and the next line counts."""
    bot = dials(server.address)
    bot.says(line)
    bot.hears('"event":"refused"')
    bot.says('{"op":"hello","nick":"bot"}')
    bot.hears('"event":"welcome"')


def test_tls_to_a_port_without_it(three: Server) -> None:
    """People with openssl learn at once that there is no TLS, by an alert."""
    need("openssl")
    host, port = three.addresses[0]
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"{host}:{port}"],
        input=b"",
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    assert b"handshake failure" in done.stderr
    three.logs("refused: TLS, and there is no --certificate")


def test_plain_text_to_a_tls_port(three: Server, dials: Dials) -> None:
    """What nc says to a TLS port is closed, with nothing in the clear."""
    wire = dials(three.addresses[1])
    wire.says("ann", "hello")
    assert "lanchat" not in wire.rest()


def test_nothing_at_all(three: Server, dials: Dials) -> None:
    """A connection without a word is closed when the time for the handshake is up; so are a hundred."""
    sockets = three.sockets
    silent = [dials(address) for address in three.addresses for _ in range(10)]
    for wire in silent:
        wire.rest()
        wire.close()
    until(lambda: three.sockets == sockets, "the connections are closed")


def test_connections_that_end_at_once(three: Server, dials: Dials) -> None:
    """What a port scanner does."""
    for address in three.addresses:
        for _ in range(20):
            dials(address).close()
    dials(three.address).joins("ann")


CURL = {
    "GET": (["-i"], 200, "<title>"),
    "HEAD": (["-I"], 200, ""),
    "GET of something else": (["-i", "--path-as-is", "{url}../../etc/passwd?x=1"], 404, "nothing at this address"),
    "PUT of a file": (["-i", "-T", __file__], 404, "nothing at this address"),
    "POST": (["-i", "-d", "a=b"], 405, "GET, HEAD"),
    "OPTIONS": (["-i", "-X", "OPTIONS"], 405, ""),
    "a browser's upgrade": (["-i", "-H", "Connection: Upgrade", "-H", "Upgrade: websocket"], 200, "<title>"),
    "a bad WebSocket": (["-i", "{url}ws"], 426, "for WebSockets"),
}


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("request_", CURL)
def test_http(server: Server, certificates: Path, request_: str, scheme: str) -> None:
    """With curl one gets a page or a clear status, on the chat's own port, by HTTP and HTTPS."""
    need("curl")
    words, status, expected = CURL[request_]
    host, port = server.address
    url = f"{scheme}://{host}:{port}/"
    words = [word.format(url=url) for word in words]
    if not any(word.startswith(url) for word in words):
        words.append(url)
    done = subprocess.run(
        ["curl", "-sS", "--max-time", "10", "--cacert", str(certificates / "ca.pem"), *words],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.match(rf"HTTP/1\.1 {status} ", done.stdout)
    assert "X-Content-Type-Options: nosniff" in done.stdout
    assert "Server:" not in done.stdout
    assert expected in done.stdout


def test_a_body_without_an_end(server: Server, dials: Dials) -> None:
    """A PUT that goes on and on is answered, passed over for a moment, and ended; it costs no memory."""
    before = server.memory
    wire = dials(server.address)
    with contextlib.suppress(OSError):
        wire.sends(b"PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n")
        for _ in range(2000):
            wire.sends(b"x" * 100_000)
    assert server.memory - before < 4
    wire.close()


def test_a_head_without_an_end(server: Server, dials: Dials) -> None:
    """A request whose head does not end is refused after 16 KiB."""
    wire = dials(server.address)
    wire.sends(b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000)
    assert wire.rest().startswith("HTTP/1.1 431 ")


def test_five_hundred_idle_sockets(three: Server, dials: Dials) -> None:
    """Heads that never end cost little, hold nobody up, and are ended when the time for the handshake is up."""
    sockets, before = three.sockets, three.memory
    idle = [dials(three.address) for _ in range(500)]
    for number, wire in enumerate(idle):
        wire.sends(b"GET / HTTP/1.1\r\nHost: a\r\n"[: 4 + number % 20])
    ann = dials(three.address).joins("ann")
    page = dials(three.address)
    page.sends(b"GET /health HTTP/1.0\r\n\r\n")
    assert '{"status":"ok","people":1,' in page.rest()
    assert three.memory - before < 25
    for wire in idle:
        assert wire.rest().startswith("HTTP/1.1 408 ")
        wire.close()
    ann.close()
    page.close()
    until(lambda: three.sockets == sockets, "the connections are closed")


def test_a_frame_of_a_hundred_megabytes(server: Server, dials: Dials) -> None:
    """A WebSocket message that is too big is not waited for: it costs no memory, and the page learns why."""
    page = dials(server.address)
    page.sends(request() + frame(b'{"op":"hello","nick":"page"}'))
    page.hears('"event":"entered"')
    before = server.memory
    with contextlib.suppress(OSError):
        page.sends(b"\x81\xff" + (100_000_000).to_bytes(8) + b"mask")
        for _ in range(1000):
            page.sends(b"x" * 100_000)
    assert server.memory - before < 4
    server.logs(r"\(page\) disconnected: sent a message of more than 25,600 bytes")


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_what_is_not_spoken_yet(server: Server, dials: Dials, tls: bool) -> None:
    """An SSH client gets one clear line in its own protocol, and the end."""
    wire = dials(server.address, tls=tls)
    wire.sends(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    assert "This server does not speak SSH yet. Join with nc" in wire.rest()


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_an_irc_client_on_the_chats_port(server: Server, dials: Dials, tls: bool) -> None:
    """It is known by its first word; its password is nobody's business."""
    wire = dials(server.address, tls=tls)
    wire.sends(b"PASS secret\r\nNICK ann\r\nUSER ann 0 * :Ann\r\nQUIT\r\n")
    assert " 001 ann :Welcome to " in wire.rest()
    assert "secret" not in server.log


@pytest.mark.parametrize(
    "line",
    ["\x1b[31mred\x1b[0m", "\x1b]0;title\x07bell", "a\x00b\x08c", "\u202eright to left", "\x9b31m", "-- ann left"],
)
def test_nobody_draws_on_anothers_terminal(server: Server, dials: Dials, line: str) -> None:
    """Escape sequences, control characters and overrides end where they come in."""
    bob, ann = dials(server.address).joins("bob"), dials(server.address).joins("ann")
    bob.hears("-- ann joined #lobby\n")  # behind what others have left
    ann.says(line, "/me " + line, "/topic " + line, "/nick " + line, "/join #" + line, "/say #lobby end")
    heard = bob.hears("end\n")
    assert all(letter.isprintable() or letter == "\n" for letter in heard), heard
    assert not re.search("^-- ann left", heard, re.MULTILINE)


def test_bytes_that_are_no_utf8(server: Server, dials: Dials) -> None:
    """A terminal from the nineties is read as Windows-1252."""
    bob, ann = dials(server.address).joins("bob"), dials(server.address).joins("ann")
    ann.sends("Grüße für 5 €\n".encode("cp1252"))
    bob.hears("<ann> Grüße für 5 €\n")


def test_everything_to_everything(starts: Starts, dials: Dials, pem: str, tmp_path: Path) -> None:
    """Each kind of first bytes at each kind of port: it ends within the handshake's time, whatever it is."""
    unix = f"{tmp_path}/chat.sock"
    ports = [LOOPBACK, f"ssl:0:privateKey={pem}:interface=127.0.0.1", f"unix:{unix}", f"haproxy:{LOOPBACK}"]
    server = starts(*[word for port in ports for word in ("--port", port)], "--handshake", "1")
    sockets = server.sockets
    addresses: list[Address] = [*server.addresses, unix]
    firsts = [b"", b"\n", b"\x00", b"\x16", b"\x16\x03\x01\x02\x00", b"{", b"{}\n", b"GET", b"GET / HTTP/1.1\r\n\r\n"]
    firsts += [
        b"SSH-",
        b"SSH-2.0-x\r\n",
        b"CAP",
        b"\xff\xfb\x01",
        b"PROXY",
        b"PROXY UNKNOWN\r\n",
        b"\x04",
        b"a" * 9000,
    ]
    firsts += [
        b"\x80\x2e\x01\x00\x02",
        b"\x05\x01\x00",
        b"\x03\x00\x00\x13\x0e\xe0",
        b"EHLO x\r\n",
        b"PRI * HTTP/2.0\r\n",
    ]
    wires = [(dials(address), first) for address in addresses for first in firsts]
    for wire, first in wires:
        with contextlib.suppress(OSError):
            wire.sends(first)
    for wire, _ in wires:
        wire.rest()
        wire.close()
    until(lambda: server.sockets == sockets, "all of the connections are closed")
