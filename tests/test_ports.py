"""The ports that a server is told to open, and what is said when they cannot be had."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.network import CA
from tests.test_options import mistake, options


def test_port_repeats(tmp_path: Path) -> None:
    """Each --port is one more, of any kind."""
    pem = tmp_path / "server.pem"
    CA.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(pem)
    found = options("--port", f"unix:{tmp_path}/s", "--port", f"ssl:0:privateKey={pem}")
    assert [port.written.partition(":")[0] for port in found.ports] == ["tcp", "unix", "ssl"]
    assert [port.context is not None for port in found.ports] == [False, False, True]


def test_clients_of_one_kind_may_have_a_port(tmp_path: Path) -> None:
    """--irc repeats too, and with one of either kind there is no port that nobody asked for."""
    found = options("--irc", "tcp:0:interface=127.0.0.1", "--irc", f"unix:{tmp_path}/s", port=False)
    assert [(port.option, port.door) for port in found.ports] == [("irc", "irc"), ("irc", "irc")]
    assert str(found.ports[0]) == "--irc tcp:0:interface=127.0.0.1"
    both = options("--irc", "tcp:0")
    assert [(port.option, port.door) for port in both.ports] == [("port", ""), ("irc", "irc")]


def test_browsers_may_have_ports_of_their_own() -> None:
    """--web is for browsers what --irc is for IRC clients."""
    found = options("--web", "tcp:0:interface=127.0.0.1", "--irc", "tcp:0", port=False)
    assert [(str(port), port.door) for port in found.ports] == [
        ("--irc tcp:0", "irc"),
        ("--web tcp:0:interface=127.0.0.1", "web"),
    ]


def test_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    """A port that another program has is found out at once."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = f"tcp:{other.getsockname()[1]}:interface=127.0.0.1"
        assert f"--port {port}: " in mistake("--port", port)
        assert f"--irc {port}: " in mistake("--irc", port)


def test_each_port_that_cannot_be_had_is_named_by_its_option() -> None:
    """The same port twice is in its own way."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = f"tcp:{free.getsockname()[1]}:interface=127.0.0.1"
    assert mistake("--port", port, "--irc", port) == (
        f"lanchat: --irc {port}: in use. Stop the other program, or take another port."
    )
