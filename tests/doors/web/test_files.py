"""Uploads and downloads, over a connection without sockets."""

from __future__ import annotations

import errno
import os
from email.utils import formatdate
from pathlib import Path

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from lanchat.core.limits import Limits
from lanchat.doors.web.reading import Reading
from lanchat.stores.files import FileStore, Space
from tests.network import EASY, Line, Network, SecureLine
from tests.stores.hands import Hand
from tests.talkers import JsonTalker

HOST = "room-1:5555"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)
PLENTY = Space(10**12, 10**11)


class Shelves(Network):
    """A server that keeps files, whose disk is moved by hand."""

    def __init__(self, directory: Path, limits: Limits = EASY) -> None:
        super().__init__(limits)
        self.hand = Hand()
        self.directory = directory
        self.hub.files = self.store = FileStore(
            directory, self.hand, limits, self.reactor.seconds, space=lambda directory: PLENTY
        )
        self.store.open()
        self.hub.url = f"http://{HOST}/"

    def asks(self, head: str, body: bytes = b"", *, line: type[Line] = Line, **fields: str) -> Answer:
        """Ask for something on a connection of its own, and wait for the answer."""
        wire = self.connect(line=line)
        wire.sends(request(head, **fields) + body)
        while self.hand.settle():
            self.reactor.settle()
        return Answer(wire.receives())

    def upload(self, name: str, content: bytes, path: str = "/files/") -> Answer:
        """Upload a file as curl does."""
        return self.asks(f"PUT {path}{name}", content, Content_Length=str(len(content)))

    def names(self) -> list[str]:
        """Give what stands in the folder."""
        self.hand.settle()
        return [path.name for path in self.directory.iterdir()]


class Answer:
    """What came back."""

    def __init__(self, data: bytes) -> None:
        head, _, self.body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        self.status = int(first.split(" ")[1]) if first else 0
        self.fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def text(self) -> str:
        return self.body.decode().rstrip("\n")

    @property
    def path(self) -> str:
        """The path of the link that it gives."""
        return self.fields["location"].partition(HOST)[2]


def request(head: str, **fields: str) -> bytes:
    """Give the head of a request; a field that is empty is left out."""
    asked = {"Host": HOST, **{name.replace("_", "-"): value for name, value in fields.items()}}
    return (
        f"{head} HTTP/1.1\r\n{''.join([f'{n}: {v}' + chr(13) + chr(10) for n, v in asked.items() if v])}\r\n".encode()
    )


@pytest.fixture
def server(tmp_path: Path) -> Shelves:
    """A server that keeps files."""
    return Shelves(tmp_path / "files")


# -- uploads -----------------------------------------------------------------------------------------------------


def test_an_upload_is_answered_with_its_link(server: Shelves) -> None:
    """As `curl -T` shows it; whoever has the link has the file."""
    answer = server.upload("plan.txt", b"hello")
    (file,) = server.store.listed()
    link = f"http://{HOST}/files/{file.id}/plan.txt"
    assert (answer.status, answer.text, answer.fields["location"]) == (201, link, link)
    assert (file.nick, file.address, file.room) == ("", "192.168.7.2", "")
    assert server.asks(f"GET {answer.path}").body == b"hello"


def test_the_link_says_how_it_was_sent(server: Shelves) -> None:
    """Where nobody named a host it is the server's own idea of itself."""
    old = server.asks("PUT /files/x", Host="", Content_Length="0")
    assert old.status == 400  # HTTP/1.1 has to name it
    wire = server.connect()
    wire.sends(b"PUT /files/x HTTP/1.0\r\nContent-Length: 1\r\n\r\nx")
    server.hand.settle()
    assert Answer(wire.receives()).text.startswith(f"http://{HOST}/files/")


def test_a_room_hears_of_what_is_sent_to_it(server: Shelves) -> None:
    """Under the address that `send` gives, an upload is told as the doing of who asked for it."""
    alice, bob = JsonTalker(server, "alice"), JsonTalker(server, "bob")
    alice.enters()
    bob.enters()
    alice.says("/send")
    alice.hears()
    bob.hears()
    path = alice.objects[-1]["path"]
    answer = server.upload("cat.png", PNG, path)
    assert bob.hears() == [f"<alice> sent cat.png (58 bytes): {answer.text}"]
    alice.hears()
    shared = alice.objects[-1]
    assert (shared["event"], shared["name"], shared["size"], shared["kind"]) == ("shared", "cat.png", 58, "image/png")
    assert server.upload("again.png", PNG, path).status == 403
    (file,) = server.store.listed()
    assert (file.nick, file.room) == ("alice", "#lobby")


def test_a_room_that_may_not_be_told_gets_no_file(server: Shelves) -> None:
    """Who left while it was coming hears why, and it is not kept."""
    alice = JsonTalker(server, "alice")
    alice.enters()
    alice.says("/send")
    alice.hears()
    wire = server.connect()
    wire.sends(request(f"PUT {alice.objects[-1]['path']}cat.png", Content_Length="4") + b"ab")
    alice.says("/quit")
    wire.sends(b"cd")
    server.hand.settle()
    answer = Answer(wire.receives())
    assert answer.status == 403
    assert answer.text == "You are not in the chat any more. Come in, and type /send again."
    assert server.names() == []


def test_chunks_are_taken_too(server: Shelves) -> None:
    """A program that does not know how much it will be may send it as it comes."""
    answer = server.asks("PUT /files/log", b"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", Transfer_Encoding="chunked")
    assert server.asks(f"GET {answer.path}").body == b"hello!"


def test_too_large_a_body_is_refused_before_it_comes(tmp_path: Path) -> None:
    """By its length, in one sentence, and whoever waits for 100 Continue need not send anything."""
    server = Shelves(tmp_path / "files", Limits(rate=0, upload=1000))
    wire = server.connect()
    wire.sends(request("PUT /files/big.iso", Content_Length="1001", Expect="100-continue"))
    answer = Answer(wire.receives())
    assert (answer.status, answer.text) == (413, "big.iso is too large: a file has at most 1.0 kB here.")
    assert answer.fields["content-type"] == "text/plain; charset=utf-8"
    wire = server.connect()
    wire.sends(request("PUT /files/fits", Content_Length="1000", Expect="100-continue"))
    assert wire.receives() == b"HTTP/1.1 100 Continue\r\n\r\n"


def test_a_body_without_end_is_ended(tmp_path: Path) -> None:
    """As soon as it is too much, and nothing of it stays."""
    server = Shelves(tmp_path / "files", Limits(rate=0, upload=100_000))
    wire = server.connect()
    wire.sends(request("PUT /files/endless", Transfer_Encoding="chunked"))
    for _ in range(20):
        wire.sends(b"2710\r\n" + bytes(10_000) + b"\r\n")
        server.hand.settle()
    assert Answer(wire.receives()).status == 413
    assert server.names() == []


@pytest.mark.parametrize(
    ("head", "fields", "status", "text"),
    [
        ("PUT /files/x", {}, 411, "Say how long the file is (Content-Length), or send it in chunks."),
        ("PUT /files/", {"Content_Length": "1"}, 400, "Name the file in the address: curl -T plan.pdf http://"),
        ("PUT /files/a/b/c", {"Content_Length": "1"}, 400, "Name the file in the address"),
        ("PUT /files//x", {"Content_Length": "1"}, 403, "This address is not good any more."),
        ("PUT /files/guess/x", {"Content_Length": "1"}, 403, "This address is not good any more."),
        ("PUT /files/x", {"Content_Length": "1", "Content_Range": "bytes 0-0/9"}, 400, "A file is sent as a whole."),
        ("PUT /files/x", {"Content_Length": "1", "Origin": "http://evil.example"}, 403, "Pages of other servers"),
        ("POST /files/x", {}, 405, "What can be asked for here: GET, HEAD, PUT."),
    ],
)
def test_what_is_no_upload_is_refused(
    server: Shelves, head: str, fields: dict[str, str], status: int, text: str
) -> None:
    """In one sentence that says what to do."""
    answer = server.asks(head, **fields)
    assert answer.status == status
    assert text in answer.body.decode()
    assert server.names() == []


def test_our_own_page_may_upload(server: Shelves) -> None:
    """A page of this server says so by its origin."""
    assert server.asks("PUT /files/x", b"1", Content_Length="1", Origin=f"http://{HOST}").status == 201


def test_names_lead_nowhere(server: Shelves) -> None:
    """Whatever a name has in it, the file is in its folder, and its link in one piece."""
    for name in (
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "%3Cscript%3E.html",
        "%e2%80%aegpj.exe",
        "%ff",
        "a%0d%0aX-Bad:1",
        ".",
    ):
        answer = server.upload(name, b"x")
        assert answer.status == 201
        fetched = server.asks(f"GET {answer.path}")
        assert (fetched.status, fetched.body) == (200, b"x")
        assert "x-bad" not in fetched.fields
    assert {file.name for file in server.store.listed()} == {
        "passwd",
        "file",
        "<script>.html",
        "gpj.exe",
        "ÿ",
        "aX-Bad:1".replace("aX", "a X"),
    }
    assert sorted(server.names()) == sorted(file.id for file in server.store.listed())


def test_a_cancelled_upload_leaves_nothing(server: Shelves) -> None:
    """The connection ends, and the part is gone; the address may be used again."""
    alice = JsonTalker(server, "alice")
    alice.enters()
    alice.says("/send")
    alice.hears()
    path = alice.objects[-1]["path"]
    wire = server.connect()
    wire.sends(request(f"PUT {path}x", Content_Length="1000") + bytes(500))
    server.hand.settle()
    assert len(list(server.directory.iterdir())) == 1
    assert server.upload("y", b"y", path).status == 403
    wire.drops()
    assert server.names() == []
    assert server.upload("x", b"x", path).status == 201


def test_who_is_gone_when_the_file_is_there(server: Shelves) -> None:
    """It was sent whole, so it is kept and told; there is nobody to answer, and nothing breaks."""
    for failing in (False, True):
        alice = JsonTalker(server, f"alice{failing}")
        alice.enters()
        alice.says("/send")
        alice.hears()
        wire = server.connect()
        wire.sends(request(f"PUT {alice.objects[-1]['path']}x", Content_Length=str((1 << 19) + 1)) + b"x")
        wire.sends(bytes(1 << 19))  # as much as may wait for the disk
        wire.server.pipe.abort()
        server.reactor.settle()
        server.hand.fault = OSError(errno.EIO, "no") if failing else None
        server.hand.settle()
        server.hand.fault = None
        assert any("sent x" in line for line in alice.hears()) is not failing


def test_a_disk_that_fails_ends_the_upload(server: Shelves) -> None:
    """The sender reads why, in the middle and at the end."""
    told = "The file cannot be kept (No space left on device). Whoever runs the server has to see to that."
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    wire = server.connect()
    wire.sends(request("PUT /files/x", Content_Length="10") + b"x")
    server.hand.fault = full
    server.hand.work()
    server.hand.fault = None
    server.hand.settle()
    answer = Answer(wire.receives())
    assert (answer.status, answer.text) == (507, told)
    wire = server.connect()
    wire.sends(request("PUT /files/x", Content_Length="0"))
    server.hand.fault = full
    server.hand.work()
    server.hand.fault = None
    server.hand.settle()
    answer = Answer(wire.receives())
    assert (answer.status, answer.text) == (507, told)


def test_a_slow_disk_holds_the_sender_up(server: Shelves) -> None:
    """What waits for the disk is bounded: the rest stays in the network."""
    size = 4 << 20
    wire = server.connect()
    wire.sends(request("PUT /files/x", Content_Length=str(size)))
    wire.sends(bytes(size))
    assert len(wire.socket.inbox) > size // 2
    for _ in range(100):
        server.hand.settle()
        server.reactor.settle()
    assert Answer(wire.receives()).status == 201
    (file,) = server.store.listed()
    assert file.size == size


def test_too_many_at_once_are_told_to_wait(server: Shelves) -> None:
    """Four uploads from one address are under way at most."""
    for _ in range(4):
        server.connect().sends(request("PUT /files/x", Content_Length="10") + b"x")
    answer = server.asks("PUT /files/x", Content_Length="10")
    assert (answer.status, answer.fields["retry-after"]) == (503, "30")
    alice = JsonTalker(server, "alice")
    alice.enters()
    alice.says("/send")
    alice.hears()
    assert server.upload("x", b"x", alice.objects[-1]["path"]).status == 503


def test_a_server_without_a_folder_takes_nothing() -> None:
    """One sentence says what whoever runs it has to do."""
    network = Network()
    wire = network.connect()
    wire.sends(request("PUT /files/x", Content_Length="1") + b"x")
    answer = Answer(wire.receives())
    assert answer.status == 403
    assert answer.text.startswith("This server keeps no files: ")


# -- downloads ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "kind", "shown"),
    [
        ("cat.png", PNG, "image/png", "inline"),
        ("cat.png", b"<script>alert(1)</script>", "text/plain; charset=utf-8", "attachment"),
        (
            "x.svg",
            b"<svg onload='alert(1)' xmlns='http://www.w3.org/2000/svg'/>",
            "text/plain; charset=utf-8",
            "attachment",
        ),
        ("x.html", b"<!doctype html><script>alert(1)</script>", "text/plain; charset=utf-8", "attachment"),
        ("x.exe", b"MZ\0\0", "application/octet-stream", "attachment"),
    ],
)
def test_what_was_uploaded_is_never_run(server: Shelves, name: str, content: bytes, kind: str, shown: str) -> None:
    """Its kind is its content's; nothing is guessed, run or loaded, and only safe pictures are shown."""
    answer = server.asks(f"GET {server.upload(name, content).path}")
    assert answer.fields["content-type"] == kind
    assert answer.fields["content-disposition"].startswith(f'{shown}; filename="{name}"')
    assert answer.fields["content-security-policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer.fields["x-content-type-options"] == "nosniff"


def test_names_are_kept_for_who_saves_a_file(server: Shelves) -> None:
    """RFC 6266: as it is for browsers of today, in ASCII for all others."""
    answer = server.asks(f"GET {server.upload('gr%C3%BCn%22.txt', b'x').path}")
    assert answer.fields["content-disposition"] == (
        "attachment; filename=\"gr_n_.txt\"; filename*=UTF-8''gr%C3%BCn%22.txt"
    )


@pytest.mark.parametrize(
    ("asked", "status", "body", "where"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=0-0,0-9,0-9", 200, b"0123456789", ""),
        ("bytes=5-2", 200, b"0123456789", ""),
        ("lines=1-2", 200, b"0123456789", ""),
        ("bytes=10-", 416, None, "bytes */10"),
        ("bytes=-0", 416, None, "bytes */10"),
    ],
)
def test_parts_can_be_had(server: Shelves, asked: str, status: int, body: bytes | None, where: str) -> None:
    """RFC 9110, section 14: one part, so that a download goes on where it broke off."""
    path = server.upload("x", b"0123456789").path
    answer = server.asks(f"GET {path}", Range=asked)
    assert answer.status == status
    assert body is None or answer.body == body
    assert answer.fields.get("content-range", "") == where


def test_a_part_is_of_the_file_that_was_begun(server: Shelves) -> None:
    """RFC 9110, section 13.1.5: where it is another one by now, all of it comes."""
    path = server.upload("x", b"0123456789").path
    tag = server.asks(f"HEAD {path}").fields["etag"]
    assert server.asks(f"GET {path}", Range="bytes=5-", If_Range=tag).status == 206
    assert server.asks(f"GET {path}", Range="bytes=5-", If_Range='"other"').status == 200
    assert server.asks(f"GET {path}", Range="bytes=5-", If_Range=formatdate(0, usegmt=True)).status == 200


def test_who_has_a_file_is_told_so(server: Shelves) -> None:
    """RFC 9110, section 13.1.2: it never changes."""
    path = server.upload("x", b"0123456789").path
    tag = server.asks(f"HEAD {path}").fields["etag"]
    for asked in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = server.asks(f"GET {path}", If_None_Match=asked)
        assert (answer.status, answer.body) == (304, b"")


def test_head_says_what_would_come(server: Shelves) -> None:
    """The same head, and no body; an empty file has none either."""
    path = server.upload("x", b"0123456789").path
    answer = server.asks(f"HEAD {path}")
    assert (answer.status, answer.body, answer.fields["content-length"]) == (200, b"", "10")
    empty = server.asks(f"GET {server.upload('e', b'').path}")
    assert (empty.status, empty.body, empty.fields["content-length"]) == (200, b"", "0")


def test_what_is_not_there(server: Shelves) -> None:
    """A guessed id, one that has gone, and one whose bytes somebody took away."""
    path = server.upload("x", b"0123456789").path
    for missing in ("/files/", "/files/x", "/files/..", "/files/%ff/x", "/files/../../etc/passwd", "/files//x"):
        assert server.asks(f"GET {missing}").status == 404
    (file,) = server.store.listed()
    (server.directory / file.id / "content").unlink()
    assert server.asks(f"GET {path}").status == 404
    server.reactor.advance(8 * 86_400)
    assert server.asks(f"GET {path}").status == 404


def test_a_slow_reader_gets_it_all(server: Shelves) -> None:
    """No more of a file is read than is taken, and others have their turn in between."""
    content = os.urandom(5 << 20)
    path = server.upload("x", content).path
    wire = server.connect()
    wire.stalls()
    wire.sends(request(f"GET {path}"))
    waiting = server.factory.connections
    assert sum(front.pipe.size for front in waiting) < 1 << 20
    wire.reads()
    server.reactor.wait(1)
    assert Answer(wire.receives()).body == content


def test_who_leaves_in_the_middle_costs_nothing_more(server: Shelves) -> None:
    """The file is closed."""
    path = server.upload("x", bytes(5 << 20)).path
    wire = server.connect()
    wire.stalls()
    wire.sends(request(f"GET {path}"))
    wire.drops()
    wire.reads()
    assert wire.gone
    assert len(server.factory.connections) == 1  # the one of the upload


def test_a_reader_that_stops_and_goes_on_at_once_gets_nothing_twice(tmp_path: Path) -> None:
    """A turn that is due already is the next one."""

    class Exchange:
        def __init__(self) -> None:
            self.ended: Deferred[None] = Deferred()
            self.written = b""

        def notifyFinish(self) -> Deferred[None]:
            return self.ended

        def registerProducer(self, producer: object, streaming: bool) -> None:
            assert streaming

        def unregisterProducer(self) -> None:
            pass

        def write(self, data: bytes) -> None:
            self.written += data

        def finish(self) -> None:
            self.ended.callback(None)

    content = os.urandom(3 << 20)
    (tmp_path / "x").write_bytes(content)
    clock, exchange = Clock(), Exchange()
    file = (tmp_path / "x").open("rb")
    reading = Reading(exchange, file, len(content), clock)  # type: ignore[arg-type]
    reading.start()
    assert len(exchange.written) == 1 << 20
    reading.pauseProducing()
    reading.resumeProducing()
    assert len(exchange.written) == 1 << 20
    reading.pauseProducing()
    clock.advance(0)
    assert len(exchange.written) == 1 << 20
    reading.resumeProducing()
    clock.advance(0)
    clock.advance(0)
    assert exchange.written == content
    assert file.closed


def test_a_file_that_became_shorter_is_not_taken_for_whole(server: Shelves) -> None:
    """The connection ends before the length that was promised."""
    path = server.upload("x", bytes(1000)).path
    (file,) = server.store.listed()
    os.truncate(server.directory / file.id / "content", 500)
    wire = server.connect()
    wire.sends(request(f"GET {path}"))
    assert len(Answer(wire.receives()).body) == 500
    assert wire.socket.aborted


def test_a_secure_link(server: Shelves, tmp_path: Path) -> None:
    """What was sent over TLS is linked over TLS."""
    network = Network(tls=True)
    network.hub.files = FileStore(tmp_path / "tls", (hand := Hand()), EASY, network.reactor.seconds)
    network.hub.files.open()
    wire = network.connect(line=SecureLine)
    wire.sends(request("PUT /files/x", Content_Length="1") + b"x")
    hand.settle()
    assert Answer(wire.receives()).text.startswith(f"https://{HOST}/files/")
