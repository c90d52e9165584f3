"""The browser door: requests come whole and in time or not at all, and cost no more than they may."""

from __future__ import annotations

import random
from contextlib import suppress
from http import HTTPStatus

import pytest
from OpenSSL import SSL
from twisted.logger import LogEvent, formatEvent

from lanchat.core.limits import Limits
from lanchat.doors.web.exchange import Exchange, Resource
from lanchat.doors.web.problem import Problem
from tests.doors.web.browsing import Taking, answers, asked, get, serve
from tests.network import Line, Network, SecureLine
from tests.web_talker import HOST

ways = pytest.mark.parametrize("line", [Line, SecureLine])
HEALTH = asked("/health")


class Big(Resource):
    """A page of a megabyte."""

    def render(self, exchange: Exchange) -> None:
        exchange.answer(HTTPStatus.OK, "text/plain", b"x" * 1_000_000)


class Broken(Resource):
    """A page with a bug, which shows before the answer has begun or after it."""

    def __init__(self, *, begun: bool) -> None:
        self.begun = begun

    def render(self, exchange: Exchange) -> None:
        if self.begun:
            exchange.begin(HTTPStatus.OK, Content_Length="10")
            exchange.write(b"half")
        raise ValueError("a bug")


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def taking(network: Network) -> Taking:
    found = Taking()
    serve(network, {b"/in/": found, b"/big": Big(), b"/bug": Broken(begun=False), b"/half": Broken(begun=True)})
    return found


def throws(client: Line, data: bytes) -> None:
    """Send, though TLS may have ended."""
    with suppress(SSL.Error):
        client.sends(data)


def logs(events: list[LogEvent]) -> list[str]:
    return [str(formatEvent(event)) for event in events if event["log_namespace"].startswith("lanchat")]


# -- one request after the other -----------------------------------------------------------------------------


@ways
def test_a_connection_is_kept_for_further_requests(network: Network, line: type[Line]) -> None:
    """One after the other, and then it waits for half a minute."""
    client = network.connect(line=line)
    for _ in range(3):
        client.sends(HEALTH)
        (answer,) = answers(client.receives())
        assert answer.status == 200
        network.reactor.wait(20)
    assert not client.ended
    network.reactor.wait(11)
    assert client.ended
    assert client.receives() == b""


@ways
def test_requests_that_come_together_are_answered_in_their_order(network: Network, line: type[Line]) -> None:
    """However they are cut."""
    data = (
        HEALTH
        + asked("/nothing")
        + asked("/health", "HEAD")[:-2].replace(b"HEAD", b"GET")
        + b"Connection: close\r\n\r\n"
    )
    chance = random.Random(7)
    for _ in range(20):
        client = network.connect(line=line)
        cuts = sorted(chance.sample(range(len(data)), 3))
        for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
            client.sends(data[start:end])
        assert [answer.status for answer in answers(client.receives())] == [200, 404, 200]
        assert client.ended
        client.drops()


@pytest.mark.parametrize(
    ("request_", "kept"),
    [
        (asked("/health"), True),
        (asked("/health", Connection="close"), False),
        (asked("/health", Connection="TE, Close"), False),
        (asked("/health", version="1.0"), False),
        (asked("/health", version="1.0", Host="", Connection="keep-alive"), False),
        (b"GET /health HTTP/1.0\n\n", False),
        (b"\r\n".join([b"GET /health HTTP/1.1", b"Host: a", b"", b""]).replace(b"\r\n", b"\n"), True),
    ],
)
def test_who_ends_the_connection(network: Network, request_: bytes, kept: bool) -> None:
    """HTTP/1.0 and who asks for it get one answer; lines may end as people type them."""
    client = network.connect()
    client.sends(request_)
    (answer,) = answers(client.receives())
    assert answer.status == 200
    assert client.ended is not kept
    assert (answer.fields.get("connection") == "close") is not kept


def test_who_closes_their_half_is_answered(network: Network) -> None:
    """As `printf … | nc -N` does."""
    client = network.connect()
    client.types(HEALTH)
    client.hangs_up()
    assert answers(client.receives())[0].status == 200
    assert client.ended


def test_an_answer_that_takes_time_is_waited_for(network: Network) -> None:
    """Who has closed their half meanwhile gets it too, and what was asked behind it waits."""
    later = Taking(later=True)
    serve(network, {b"/in/": later})
    client, patient = network.connect(), network.connect()
    client.sends(asked("/in/x"))
    client.hangs_up()
    patient.sends(asked("/in/x") + asked("/in/x"))
    network.reactor.wait(100)
    assert len(later.waiting) == 2
    later.answer()
    assert [answer.body for answer in answers(patient.receives())] == [b"taken"]
    assert len(later.waiting) == 2
    later.answer()
    later.answer()
    assert [answer.body for answer in answers(client.receives() + patient.receives())] == [b"taken", b"taken"]
    assert client.ended
    assert not patient.ended


def test_nobody_is_answered_who_has_gone(network: Network) -> None:
    """An answer that comes too late is nobody's."""
    later = Taking(later=True)
    serve(network, {b"/in/": later})
    client = network.connect()
    client.sends(asked("/in/x"))
    client.drops()
    assert client.gone
    later.answer()
    assert not network.reactor.getDelayedCalls()


def test_everybody_has_their_turn(network: Network) -> None:
    """A thousand requests at once hold nobody up: after each one the others are heard."""
    client = network.connect()
    client.server.dataReceived(asked("/nothing") * 999)
    client.server.dataReceived(HEALTH)
    assert len(answers(b"".join(client.socket.sends))) == 1
    statuses = [answer.status for answer in answers(client.receives())]
    assert statuses == [404] * 999 + [200]


def test_who_closes_their_half_is_answered_all_that_was_asked(network: Network) -> None:
    """In their turns, and then it ends."""
    client = network.connect()
    client.types(HEALTH * 3)
    client.hangs_up()
    assert len(answers(client.receives())) == 3
    assert client.ended


def test_who_goes_in_between_is_asked_no_more(network: Network, taking: Taking) -> None:
    """What waits for its turn goes with the connection."""
    client = network.connect()
    client.server.dataReceived(HEALTH + asked("/in/x", "PUT", Content_Length="1"))
    client.server.connectionLost()
    network.reactor.settle()
    assert not taking.baskets


# -- what is no request --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 400),
        (b"GET  / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nbad name: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: <script>\r\n\r\n", 400),
        (b"GET http://a<b>/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"GET /\r\nX HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 600 + b"\r\n", 400),
        (b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000, 431),
        (b"GET / HTTP/1.1\r\n" + b"X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n" * 400, 431),
    ],
)
@ways
def test_what_is_no_request_ends_the_connection(
    network: Network, line: type[Line], request_: bytes, status: int
) -> None:
    """With a page that says why, and whatever stands behind it is passed over."""
    client = network.connect(line=line)
    client.sends(request_ + HEALTH)
    (answer,) = answers(client.receives())
    assert answer.status == status
    assert answer.fields["connection"] == "close"
    assert answer.fields["x-content-type-options"] == "nosniff"
    assert "server" not in answer.fields
    throws(client, HEALTH)
    assert client.receives() == b""
    assert client.ended


def test_fields_need_not_be_utf_8(network: Network) -> None:
    """Nothing is made of such a one, and it is no bug of ours."""
    for name in (b"Connection", b"Accept-Encoding", b"If-None-Match", b"Cookie", b"Origin"):
        assert get(network, asked("/").replace(b"\r\n\r\n", b"\r\n" + name + b": \xff\xfe\r\n\r\n")).status == 200
    assert get(network, asked("/ws").replace(b"\r\n\r\n", b"\r\nUpgrade: \xff\r\n\r\n")).status == 426


@pytest.mark.parametrize(
    ("path", "method", "status", "allow"),
    [
        ("/", "GET", 200, None),
        ("/?x=1&y", "GET", 200, None),
        (f"http://{HOST}/", "GET", 200, None),
        (f"HTTP://{HOST}", "GET", 200, None),
        ("/", "POST", 405, "GET, HEAD"),
        ("/", "BREW", 405, "GET, HEAD"),
        ("/ws", "HEAD", 405, "GET"),
        ("/nothing", "GET", 404, None),
        ("*", "OPTIONS", 404, None),
        ("/index.html/", "GET", 404, None),
        ("//", "GET", 404, None),
        ("/../../etc/passwd", "GET", 404, None),
        ("/%2e%2e/%2e%2e/etc/passwd", "GET", 404, None),
        ("/..%2f..%2fpyproject.toml", "GET", 404, None),
        ("/..\\..\\pyproject.toml", "GET", 404, None),
        ("/page/../__init__.py", "GET", 404, None),
        ("/%00", "GET", 404, None),
        ("/./", "GET", 404, None),
        ("etc/passwd", "GET", 404, None),
        ("file:///etc/passwd", "GET", 400, None),
    ],
)
def test_what_can_be_asked_for(path: str, method: str, status: int, allow: str | None) -> None:
    """What there is, by its exact name; a name that leads elsewhere is no name here."""
    client = Network().connect()
    client.sends(HEALTH)
    client.receives()
    client.sends(asked(path, method))
    (answer,) = answers(client.receives(), heads=method == "HEAD")
    assert answer.status == status
    assert answer.fields.get("allow") == allow
    assert client.ended is (status == 400)


def test_every_answer_is_guarded(network: Network, taking: Taking, tracebacks: list[LogEvent]) -> None:
    """Pages, problems, bugs: the head says the same, and nothing of what we are made of."""
    for request in (asked("/big"), asked("/nothing"), asked("/bug"), asked("/in/x", "PUT", body=b"")):
        fields = get(network, request).fields
        assert f"connect-src 'self' ws://{HOST} wss://{HOST};" in fields["content-security-policy"]
        assert fields["cross-origin-opener-policy"] == "same-origin"
        assert "date" in fields
        assert "server" not in fields
    tracebacks.clear()


# -- bodies --------------------------------------------------------------------------------------------------


@ways
def test_a_body_that_nobody_wants_is_not_read(network: Network, line: type[Line]) -> None:
    """Of any length, or of none that is known: 413, and the end."""
    for length in ({"Content_Length": "100000000"}, {"Transfer_Encoding": "chunked"}):
        client = network.connect(line=line)
        client.sends(asked("/", **length) + b"x" * 1000)
        (answer,) = answers(client.receives())
        assert answer.status == 413
        throws(client, b"x" * 100_000)
        assert client.ended
        assert client.receives() == b""


def test_a_body_for_nothing_is_not_read_either(network: Network) -> None:
    """What cannot be had or done is said before anything is sent."""
    for path, method, status in (("/nothing", "PUT", 404), ("/", "POST", 405)):
        client = network.connect()
        client.sends(asked(path, method, Content_Length="5", Expect="100-continue"))
        (answer,) = answers(client.receives())
        assert answer.status == status
        assert client.ended


@ways
def test_a_body_goes_where_its_resource_says(network: Network, line: type[Line], taking: Taking) -> None:
    """Piece by piece, with its length or in chunks; then comes the next request."""
    client = network.connect(line=line)
    client.sends(asked("/in/x", "PUT", Content_Length="200000") + b"x" * 100_000)
    assert taking.baskets[0].content == b"x" * 100_000
    client.sends(b"x" * 100_000 + asked("/in/y", "PUT", Transfer_Encoding="chunked"))
    client.sends(b"3\r\nabc\r\n0\r\n\r\n" + asked("/in/z", "PUT", Content_Length="0"))
    assert [answer.body for answer in answers(client.receives())] == [b"taken"] * 3
    assert [len(basket.content) for basket in taking.baskets] == [200_000, 3, 0]
    assert not any(basket.given_up for basket in taking.baskets)


def test_a_client_that_asks_whether_it_may_is_told(network: Network, taking: Taking) -> None:
    """Expect: 100-continue is answered before the body comes; HTTP/1.0 knows no such thing."""
    client = network.connect()
    client.sends(asked("/in/x", "PUT", Content_Length="2", Expect="100-Continue"))
    assert client.receives() == b"HTTP/1.1 100 Continue\r\n\r\n"
    client.sends(b"hi")
    assert answers(client.receives())[0].status == 200
    old = network.connect()
    old.sends(asked("/in/x", "PUT", "1.0", Content_Length="2", Expect="100-continue"))
    assert old.receives() == b""


def test_crumbs_of_a_body_are_swept_together(network: Network, taking: Taking) -> None:
    """Chunks of a byte are passed on as they were read, all at once; and not at any speed."""
    client = network.connect()
    client.sends(asked("/in/x", "PUT", Transfer_Encoding="chunked"))
    (basket,) = taking.baskets
    client.sends(b"1\r\nx\r\n" * 10_000)
    assert basket.content == b"x" * 10_000
    assert basket.writes == 1
    client.sends(b"1\r\ny\r\n")
    assert basket.writes == 1
    network.reactor.wait(0.6)
    assert basket.writes == 2
    client.sends(b"1\r\ny\r\n0\r\n\r\n" + HEALTH)
    assert basket.content == b"x" * 10_000 + b"yy"
    assert answers(client.receives())[0].status == 200


def test_who_sends_crumbs_and_goes_costs_nothing_more(network: Network, taking: Taking) -> None:
    """Nothing is read of who has gone."""
    client = network.connect()
    client.sends(asked("/in/x", "PUT", Transfer_Encoding="chunked"))
    client.sends(b"1\r\nx\r\n" * 1000)
    network.reactor.wait(0.01)
    client.server.end("the server is stopping")
    network.reactor.wait(3)
    assert taking.baskets[0].given_up
    assert not network.reactor.getDelayedCalls()


@ways
def test_a_body_that_becomes_too_big_is_cut_off(network: Network, line: type[Line], taking: Taking) -> None:
    """The resource says no in the middle: the client is told, and the connection ends."""
    client = network.connect(line=line)
    client.sends(asked("/in/x", "PUT", Transfer_Encoding="chunked"))
    taking.baskets[0].most = 10
    client.sends(b"14\r\n" + b"x" * 20 + b"\r\n14\r\n" + b"x" * 20 + b"\r\nnonsense\r\n" + HEALTH)
    (answer,) = answers(client.receives())
    assert answer.status == 413
    assert b"That is too much." in answer.body
    assert client.ended
    assert taking.baskets[0].given_up


def test_chunks_that_are_none_end_the_connection(network: Network, taking: Taking) -> None:
    """What cannot be read is given up."""
    client = network.connect()
    client.sends(asked("/in/x", "PUT", Transfer_Encoding="chunked") + b"nonsense\r\n")
    assert answers(client.receives())[0].status == 400
    assert taking.baskets[0].given_up


@pytest.mark.parametrize("end", ["drops", "hangs_up"])
def test_a_body_whose_end_does_not_come_is_given_up(network: Network, taking: Taking, end: str) -> None:
    """The rest will not come: whoever takes it hears so."""
    client = network.connect()
    client.sends(asked("/in/x", "PUT", Content_Length="10") + b"half")
    getattr(client, end)()
    assert client.ended
    assert taking.baskets[0].given_up
    assert not taking.waiting


# -- time ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begun", [b"GET /", b"GET / HTTP/1.1\r\nHost: a\r\n"])
def test_a_head_that_trickles_is_cut_off(network: Network, begun: bytes) -> None:
    """However little it sends and how often: the time for the handshake is the time for the head."""
    client = network.connect()
    client.sends(begun)
    for _ in range(29):
        network.reactor.wait(1)
        client.sends(b"x")
    assert not client.ended
    network.reactor.wait(1)
    assert answers(client.receives())[0].status == 408
    assert client.ended


def test_a_later_head_that_trickles_is_cut_off(network: Network) -> None:
    """On a connection that was kept, too."""
    client = network.connect()
    client.sends(HEALTH + b"GET / HTTP/1.1\r\n")
    for _ in range(31):
        network.reactor.wait(1)
        client.sends(b"X: y\r\n")
    assert [answer.status for answer in answers(client.receives())] == [200, 408]
    assert client.ended


def test_a_body_that_trickles_is_cut_off(network: Network, taking: Taking) -> None:
    """So much has to come in half a minute, whatever it is that is sent."""
    slow, quick = network.connect(), network.connect()
    for client in (slow, quick):
        client.sends(asked("/in/x", "PUT", Content_Length="1000000"))
    for _ in range(6):
        network.reactor.wait(10)
        slow.sends(b"x")
        quick.sends(b"x" * 9000)
    assert answers(slow.receives())[0].status == 408
    assert slow.ended
    assert not quick.ended
    assert [basket.given_up for basket in taking.baskets] == [True, False]


def test_without_a_limit_for_the_handshake_heads_have_one() -> None:
    """There is no reason for a head to take long."""
    network = Network(Limits(rate=0, handshake=0))
    client = network.connect()
    client.sends(b"GET /")
    network.reactor.wait(31)
    assert client.ended


# -- slow readers --------------------------------------------------------------------------------------------


@ways
def test_who_does_not_read_answers_is_not_read_from(network: Network, line: type[Line], taking: Taking) -> None:
    """A thousand requests at once cost no more than what one of them is answered; when it reads, all are answered."""
    client = network.connect(line=line)
    client.sends(asked("/in/x"))
    client.receives()
    client.stalls()
    client.sends(asked("/big") * 20)
    assert client.server.pipe.size < 3_000_000
    client.sends(asked("/big") * 20)
    assert client.server.pipe.size < 3_000_000
    client.reads()
    assert len(answers(client.receives())) == 40


def test_who_reads_nothing_at_all_is_cut_off(network: Network, taking: Taking) -> None:
    """An answer is waited for as long as something of it is taken."""
    client = network.connect()
    client.stalls()
    client.sends(asked("/big"))
    network.reactor.wait(25)
    client.reads(100_000)
    network.reactor.wait(25)
    assert not client.gone
    network.reactor.wait(40)
    assert client.gone
    assert not network.reactor.getDelayedCalls()


def test_an_answer_that_is_made_and_not_read_is_cut_off(network: Network) -> None:
    """While a resource still writes, it is looked whether anything is taken."""

    class Endless(Resource):
        def render(self, exchange: Exchange) -> None:
            exchange.begin(HTTPStatus.OK, Content_Length="10000000")
            exchange.write(b"x" * 1_000_000)

    serve(network, {b"/endless": Endless()})
    client, reader = network.connect(), network.connect()
    client.stalls()
    client.sends(asked("/endless"))
    reader.sends(asked("/endless"))
    network.reactor.wait(30)
    network.reactor.wait(30)
    assert client.gone
    assert not reader.gone


# -- bugs, and the log ---------------------------------------------------------------------------------------


def test_a_bug_ends_one_request(network: Network, taking: Taking, tracebacks: list[LogEvent]) -> None:
    """A page says so, in a sentence; half an answer is never taken for a whole one."""
    client = network.connect()
    client.sends(asked("/bug"))
    (answer,) = answers(client.receives())
    assert answer.status == 500
    assert b"a bug" not in answer.body
    half = network.connect()
    half.sends(asked("/half"))
    assert half.socket.aborted
    assert len(tracebacks) == 2
    tracebacks.clear()
    client.sends(asked("/in/x"))
    assert answers(client.receives())[0].status == 200


def test_requests_are_logged_without_what_is_nobodys_business(
    network: Network, taking: Taking, logged: list[LogEvent]
) -> None:
    """Who asked for what, and how it was answered; no queries, no control characters, no endless names."""
    client = network.connect()
    client.sends(asked("/in/x?secret=1") + asked("/\x7f") + asked("/" + "a" * 500))
    network.connect().sends(asked("/\x1b[2J"))
    network.connect().sends(asked("/nothing", "PUT", Content_Length="7"))
    lines = logs(logged)
    assert not [line for line in lines if line.endswith(": 200")]  # what was only read
    assert "192.168.7.2 PUT /nothing: 404" in lines
    assert "192.168.7.2 GET /\\x7f: 404" in lines
    assert "192.168.7.2 GET /" + "a" * 119 + "…: 404" in lines
    assert not [line for line in lines if "secret" in line or not line.isprintable()]


def test_problems_are_answers() -> None:
    """A resource says no with a status, a sentence and fields."""
    problem = Problem(HTTPStatus.NOT_FOUND, "<b>", Retry_After="1")
    assert b"&lt;b&gt;" in problem.page
    assert b"\r\nRetry-After: 1\r\n" in problem.response()


def test_the_server_stops(network: Network) -> None:
    """Connections that wait for a request are ended."""
    client = network.connect()
    client.sends(HEALTH)
    client.server.end("The server stops now.")
    assert client.ended
