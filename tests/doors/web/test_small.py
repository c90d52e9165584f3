"""Small answers: whether the server is well, and its address as a picture."""

from __future__ import annotations

import json
from typing import cast

import pytest

from lanchat.doors.web.exchange import Exchange, Resource
from tests.doors.web.browsing import asked, get
from tests.network import Line, Network, SecureLine
from tests.talkers import TextTalker


def test_health_counts_people() -> None:
    """For monitoring, and never from a cache."""
    network = Network()
    TextTalker(network, "alice").enters()
    answer = get(network, asked("/health"))
    assert json.loads(answer.body) == {"status": "ok", "people": 1, "tls": True, "passwords": False}
    assert answer.fields["content-type"] == "application/json"
    assert answer.fields["cache-control"] == "no-store"


def test_health_says_where_passwords_are_taken() -> None:
    """Over TLS, on this machine, and anywhere where the server was told so: a page asks before it sends one."""
    network = Network()

    def passwords(line: type[Line] = Line, host: str = "192.168.7.2") -> object:
        return json.loads(get(network, asked("/health"), line, host).body)["passwords"]

    assert [passwords(), passwords(SecureLine), passwords(host="127.0.0.1")] == [False, True, True]
    network.hub.logins.plain = True
    assert passwords()


def test_the_address_as_a_picture() -> None:
    """The one that others reach; where that is not known, the one that was reached."""
    network = Network()
    plain, secure = get(network, asked("/qr.svg")), get(network, asked("/qr.svg"), SecureLine)
    network.hub.url = "http://192.168.7.1:5555/"
    known = get(network, asked("/qr.svg"))
    assert known.body == get(network, asked("/qr.svg", Host="other")).body
    assert len({plain.body, secure.body, known.body}) == 3
    for answer in (plain, secure, known):
        assert answer.fields["content-type"] == "image/svg+xml"
        assert answer.body.startswith(b"<svg ")


def test_an_address_that_nobody_knows_is_no_picture() -> None:
    """HTTP/1.0 need not say whom it asks."""
    answer = get(Network(), asked("/qr.svg", version="1.0", Host=""))
    assert answer.status == 400
    assert b"Send Host: name:port" in answer.body


def test_a_resource_has_to_answer() -> None:
    """There is no answer that fits all."""
    with pytest.raises(NotImplementedError):
        Resource().render(cast(Exchange, None))
