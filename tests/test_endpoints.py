"""Endpoint strings become ports; a mistyped one is explained in a sentence."""

from __future__ import annotations

import contextlib
import shutil
import socket
from pathlib import Path

import pytest
import trustme
from hypothesis import example, given
from hypothesis import strategies as st
from twisted.internet import endpoints
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock
from twisted.python.systemd import ListenFDs

from lanchat.endpoints import EndpointError, server_endpoint, split, try_ports, why_not
from tests.tls_talk import Conversation, Echo, Peer, listening, shown

CA = trustme.CA()
LEAF = CA.issue_cert("room-1.local")
OTHER = CA.issue_cert("room-2.local")
KEY = LEAF.private_key_pem.bytes()
CERTIFICATE = LEAF.cert_chain_pems[0].bytes()


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    path = tmp_path / "server.pem"
    path.write_bytes(KEY + CERTIFICATE)
    return path


class TestServerEndpoint:
    def tcp(self, description: str) -> tuple[int, int, str]:
        """Port, backlog and interface that a description listens with."""
        reactor = MemoryReactorClock()
        endpoint, _ = server_endpoint(reactor, description)
        endpoint.listen(Factory.forProtocol(Echo))
        ((port, _, backlog, interface),) = reactor.tcpServers
        return port, backlog, interface

    @pytest.mark.parametrize(
        ("description", "port", "backlog", "interface"),
        [
            ("tcp:5555", 5555, 1024, ""),
            ("tcp:0", 0, 1024, ""),
            ("TCP:5555", 5555, 1024, ""),
            ("tcp:port=65535", 65535, 1024, ""),
            ("tcp:5555:127.0.0.1:7", 5555, 7, "127.0.0.1"),
            ("tcp:5555:interface=localhost:backlog=7", 5555, 7, "localhost"),
            (r"tcp:5555:interface=\:\:1", 5555, 1024, "::1"),
            ("tcp6:5555", 5555, 1024, "::"),
            (r"tcp6:5555:interface=\:\:1", 5555, 1024, "::1"),
            ("tcp6:5555:7", 5555, 7, "::"),
            ("haproxy:tcp:5555:backlog=7", 5555, 7, ""),
            ("haproxy:tcp6:5555", 5555, 1024, "::"),
        ],
    )
    def test_tcp_is_listened_on_as_described(self, description: str, port: int, backlog: int, interface: str) -> None:
        """Thousands may come at once, so more of them may wait than Twisted lets."""
        assert self.tcp(description) == (port, backlog, interface)

    def test_ssl_is_listened_on_as_described(self, pem: Path) -> None:
        """IPv6 is taken by its address, as Twisted's own ssl: does not say."""
        assert self.tcp(f"ssl:5556:privateKey={pem}") == (5556, 1024, "")
        rest = r"interface=\:\:1:backlog=7"
        assert self.tcp(f"ssl:5556:privateKey={pem}:{rest}") == (5556, 7, "::1")

    def test_a_path_may_hold_colons(self, pem: Path, tmp_path: Path) -> None:
        """They are written with a backslash."""
        shutil.copy(pem, tmp_path / "a:b.pem")
        assert self.tcp(f"ssl:5556:privateKey={tmp_path}/a\\:b.pem") == (5556, 1024, "")

    @pytest.mark.parametrize(
        ("rest", "expected"),
        [("", (1024, 0o666, True)), (":mode=660:backlog=7:lockfile=0", (7, 0o660, False))],
    )
    def test_unix_is_listened_on_as_described(self, rest: str, expected: tuple[int, int, bool]) -> None:
        """Everybody on this machine may come in, unless the mode says otherwise."""
        reactor = MemoryReactorClock()
        endpoint, context = server_endpoint(reactor, f"unix:/run/chat.sock{rest}")
        endpoint.listen(Factory.forProtocol(Echo))
        ((address, _, *others),) = reactor.unixServers
        assert (address, tuple(others), context) == ("/run/chat.sock", expected, None)

    def test_systemd_hands_over_its_socket(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The socket is the one of that name."""
        inherited = ListenFDs([7], ["lanchat"])
        monkeypatch.setattr(endpoints._SystemdParser, "_sddaemon", inherited)
        endpoint, _ = server_endpoint(MemoryReactorClock(), "systemd:domain=INET:name=lanchat")
        assert isinstance(endpoint, endpoints.AdoptedStreamServerEndpoint)
        assert (endpoint.fileno, endpoint.addressFamily) == (7, socket.AF_INET)

    def test_other_types_are_left_to_their_plugin(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Twisted's users have endpoints of their own."""
        asked = []
        monkeypatch.setattr(endpoints, "serverFromString", lambda _, text: asked.append(text))
        server_endpoint(MemoryReactorClock(), "onion:80:controlPort=9051")
        assert asked == ["onion:80:controlPort=9051"]

    def test_behind_a_proxy_tls_begins_after_the_header(self, pem: Path) -> None:
        """A proxy says whom it speaks for in the clear, and the server sees that address inside TLS."""
        reactor, factory, context = listening(f"haproxy:ssl:5556:privateKey={pem}")
        header = b"PROXY TCP4 203.0.113.7 192.168.1.7 50000 5556\r\n"
        conversation = Conversation(reactor, factory, Peer(), first=header)
        assert conversation.says(b"I am ") == b"I am 203.0.113.7"
        assert shown(conversation) == context.certificate


class TestEndpointError:
    @pytest.mark.parametrize(
        ("description", "sentence"),
        [
            ("tcp", "port is missing, as in tcp:5555."),
            ("tcp:", 'port is "" and must be a number up to 65535, as in tcp:5555.'),
            ("tcp:abc", 'port is "abc" and must be a number up to 65535, as in tcp:5555.'),
            ("tcp:65536", 'port is "65536" and must be a number up to 65535, as in tcp:5555.'),
            ("tcp:-1", 'port is "-1" and must be a number up to 65535, as in tcp:5555.'),
            ("tcp:٥٥", 'port is "٥٥" and must be a number up to 65535, as in tcp:5555.'),
            ("tcp:5555:port=6", "port is given twice; give it once, as in tcp:5555."),
            (
                "tcp:5555:backlog=0",
                'backlog is "0" and must be a number of connections, as in tcp:5555.',
            ),
            (
                "tcp:5555:interfaces=127.0.0.1",
                'there is no "interfaces" but port, interface, backlog, as in tcp:5555.',
            ),
            (
                "tcp:5555:interface=eth0",
                'interface is "eth0" and must be an IP address of this machine without brackets, as in tcp:5555.',
            ),
            (
                r"tcp6:5555:interface=[\:\:1]",
                'interface is "[::1]" and must be an IP address of this machine without brackets, '
                r"as in tcp6:5555:interface=\:\:1.",
            ),
            *(
                (
                    f"{start}:5555:{rest}",
                    r"there is a colon too many; one inside an address or a path is written \:, "
                    r"as in tcp6:5555:interface=\:\:1.",
                )
                for start in ("tcp", "tcp6", "haproxy:tcp6")
                for rest in ("interface=::1", "interface=[::1]", "::1", "interface=fe80::1")
            ),
            ("tcp:5555\\", r"the backslash at the end stands before nothing; write \\ for one."),
            ("ssl:5556", "privateKey is missing, as in ssl:5556:privateKey=certs/server.pem."),
            (
                "ssl:5556:privateKey=",
                'privateKey is "" and must be given, as in ssl:5556:privateKey=certs/server.pem.',
            ),
            (
                "ssl:5556:privateKey=/none.pem",
                "/none.pem: there is no such file; run `lanchat certs` to make one.",
            ),
            (
                "haproxy:ssl:5556:privateKey=/none.pem",
                "/none.pem: there is no such file; run `lanchat certs` to make one.",
            ),
            (
                "ssl:5556:privateKey=/none.pem:sslmethod=TLSv1_METHOD",
                'sslmethod is "TLSv1_METHOD" and must be left out, because TLS 1.2 and 1.3 are all that is '
                "spoken, as in ssl:5556:privateKey=certs/server.pem.",
            ),
            (
                "ssl:5556:privateKey=/none.pem:dhParameters=dh.pem",
                'dhParameters is "dh.pem" and must be left out, because only elliptic curves are used, '
                "as in ssl:5556:privateKey=certs/server.pem.",
            ),
            (
                "tls:certs",
                "tls: would hang at a CA in its directory; write ssl:5556:privateKey=certs/server.pem.",
            ),
            ("stdio:", "stdio: is no port that others can join; write tcp:5555."),
            ("haproxy:", "haproxy: stands once before another endpoint, as in haproxy:tcp:5555."),
            ("haproxy", "haproxy: stands once before another endpoint, as in haproxy:tcp:5555."),
            (
                "haproxy:haproxy:tcp:5555",
                "haproxy: stands once before another endpoint, as in haproxy:tcp:5555.",
            ),
            ("unix:", 'address is "" and must be given, as in unix:/run/lanchat/chat.sock.'),
            (
                "unix:/x:mode=9",
                'mode is "9" and must be an octal number like 660, as in unix:/run/lanchat/chat.sock.',
            ),
            ("unix:/x:lockfile=no", 'lockfile is "no" and must be 0 or 1, as in unix:/run/lanchat/chat.sock.'),
            (
                "systemd:domain=IPX:name=x",
                'domain is "IPX" and must be INET, INET6 or UNIX, as in systemd:domain=INET:name=lanchat.',
            ),
            (
                "systemd:domain=INET:index=first",
                'index is "first" and must be a number, as in systemd:domain=INET:name=lanchat.',
            ),
            (
                "systemd:domain=INET",
                "it takes either index or name, as in systemd:domain=INET:name=lanchat.",
            ),
            *(
                (
                    f"systemd:domain=INET:{which}",
                    "systemd handed no such socket to this process; its .socket unit sets FileDescriptorName.",
                )
                for which in ("name=x", "index=7")
            ),
            (
                "5555",
                "Unknown endpoint type: '5555'; the types are tcp, tcp6, ssl, unix, systemd and haproxy, "
                "as in tcp:5555.",
            ),
        ],
    )
    def test_each_mistake_has_its_sentence(self, description: str, sentence: str) -> None:
        """It says what is wrong, and what would be right."""
        with pytest.raises(EndpointError) as caught:
            server_endpoint(MemoryReactorClock(), description)
        assert str(caught.value) == sentence

    @given(st.text(alphabet="tcpsl6:=\\05abx.", max_size=20).map(lambda text: "tcp:" + text))
    @example("tcp")
    def test_no_description_is_a_traceback(self, description: str) -> None:
        """Whatever is typed, it is a port or a sentence."""
        with contextlib.suppress(EndpointError):
            endpoint, _ = server_endpoint(MemoryReactorClock(), description)
            assert isinstance(endpoint, endpoints.TCP4ServerEndpoint | endpoints.TCP6ServerEndpoint)


class TestSplit:
    @given(st.lists(st.tuples(st.text("abc", min_size=1), st.text())))
    def test_what_is_escaped_comes_back(self, parts: list[tuple[str, str]]) -> None:
        """Any value can be written, whatever is in it."""
        text = ":".join(f"{name}={endpoints.quoteStringArgument(value)}" for name, value in parts)
        assert split(text) == (parts or [(None, "")])

    @given(st.text(alphabet="ab:=\\"))
    def test_it_splits_like_twisted(self, text: str) -> None:
        """Strings mean here what they mean in Twisted's own documentation."""
        try:
            values, names = endpoints._parse(text)
        except RuntimeError:  # a backslash at the end
            with pytest.raises(ValueError, match="backslash"):
                split(text)
        else:
            parts = split(text)
            assert [value for name, value in parts if name is None] == values
            assert {name: value for name, value in parts if name is not None} == names


class TestTryPorts:
    def test_free_ports_are_no_problem(self, tmp_path: Path) -> None:
        """Nor is a port that the system chooses, a socket that is not there yet, or what only Twisted can open."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        wanted = [f"tcp:{port}:interface=127.0.0.1", "tcp:0", f"unix:{tmp_path}/chat", "systemd:domain=INET:index=0"]
        assert try_ports(wanted) == []

    def test_taken_port_is_found_behind_a_proxy_too(self) -> None:
        """Before the server leaves its terminal."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            wanted = f"haproxy:tcp:{taken.getsockname()[1]}:interface=127.0.0.1"
            ((number, error),) = try_ports([wanted])
        assert number == 0
        assert why_not(error) == "in use. Stop the other program, or take another port."

    def test_same_port_twice_is_found(self) -> None:
        """The second one is in the way of the first."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            wanted = f"tcp:{free.getsockname()[1]}:interface=127.0.0.1"
        assert [number for number, _ in try_ports([wanted, wanted])] == [1]

    def test_address_of_another_machine_is_found(self) -> None:
        """Only this machine's own can be listened on."""
        ((_, error),) = try_ports(["tcp:5555:interface=192.0.2.99"])
        assert "no such address" in why_not(error)

    def test_socket_that_answers_is_taken(self, tmp_path: Path) -> None:
        """A server lives there; a socket that nobody answers on is only a file."""
        path = tmp_path / "chat"
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
            assert try_ports([f"unix:{path}"]) == []
            server.listen()
            ((_, error),) = try_ports([f"unix:{path}"])
        assert why_not(error) == "in use. Stop the other program, or take another port."

    def test_place_for_a_socket_must_be_there_and_writable(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each is said in a sentence."""
        ((_, error),) = try_ports([f"unix:{tmp_path}/nowhere/chat"])
        assert why_not(error) == f"there is no directory {tmp_path}/nowhere. Take another one."
        monkeypatch.setattr("os.access", lambda path, mode: False)
        ((_, error),) = try_ports([f"unix:{tmp_path}/chat"])
        assert why_not(error).startswith(f"{tmp_path} cannot be written. Take")
