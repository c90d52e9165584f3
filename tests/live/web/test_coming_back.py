"""The page over a drop of the line: it says so, comes back by itself, and nothing is lost or said twice."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.live.conftest import Dials
from tests.live.servers import LOOPBACK, Server
from tests.live.web.conftest import Visitor, Visits, where


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[Server]]:
    """Those that a test has started; all of them end with it."""
    started: list[Server] = []
    yield started
    for server in started:
        server.kill()


def start(servers: list[Server], tmp_path: Path, data: str, port: str = LOOPBACK) -> Server:
    """Start a server that keeps its data where the one before did."""
    server = Server(tmp_path / f"server{len(servers)}", "--port", port, "--data", data)
    servers.append(server)
    return server


@pytest.mark.parametrize("kept", [True, False])
def test_a_restart_of_the_server(
    chromium: Browser, servers: list[Server], tmp_path: Path, dials: Dials, kept: bool
) -> None:
    """What is written meanwhile is said once; what others said is heard; a server that forgot all is no problem."""
    data = str(tmp_path / "data") if kept else "none"
    first = start(servers, tmp_path, data)
    alice = Visitor(chromium, where(first)).joins("alice")
    alice.goes_to("#dev")
    alice.says("before")
    alice.hears("before")
    expect(alice.page.locator(".pending")).to_have_count(0)
    first.signal(signal.SIGTERM)
    first.ends()
    expect(alice.page.locator(".banner")).to_contain_text("No connection.")
    alice.says("written meanwhile")
    expect(alice.page.locator(".pending")).to_contain_text("Waits for the connection")
    host, port = first.address
    second = start(servers, tmp_path, data, f"tcp:{port}:interface={host}")
    bob = dials(second.address)
    bob.joins("bob")
    bob.says("/join #dev")
    alice.page.evaluate("window.dispatchEvent(new Event('online'))")
    bob.hears("<alice> written meanwhile")
    expect(alice.page.locator(".banner")).to_have_count(0)
    expect(alice.page.locator(".pending")).to_have_count(0)
    bob.says("hello again")
    alice.hears("before", "written meanwhile", "hello again")
    if not kept:
        expect(alice.log).to_contain_text("what was said meanwhile may be missing here")
    alice.context.close()
    assert alice.faults == []


def test_a_lost_acknowledgement(chromium: Browser, servers: list[Server], tmp_path: Path, dials: Dials) -> None:
    """A message whose acknowledgement was lost is sent again and not said twice, over a reload of the page, too."""
    server = start(servers, tmp_path, str(tmp_path / "data"))
    bob = dials(server.address)
    bob.joins("bob")
    alice = Visitor(chromium, "about:blank")
    lost: list[str] = []

    def line(socket: object) -> None:
        """Pass everything on, but no acknowledgement until the page has been loaded again."""
        other = socket.connect_to_server()  # type: ignore[attr-defined]
        other.on_message(
            lambda message: (
                lost.append(message) if '"said"' in message and not lost else socket.send(message)  # type: ignore[attr-defined]
            )
        )

    alice.page.route_web_socket("**/ws", line)
    alice.page.goto(where(server))
    alice.joins("alice")
    alice.says("once")
    bob.hears("<alice> once")
    expect(alice.page.locator(".pending")).to_contain_text("Sending…")
    for _ in range(0 if lost else 500):
        alice.page.wait_for_timeout(20)  # lets the route above run
        if lost:
            break
    assert '"text":"once"' in lost[0]
    alice.page.reload()
    alice.joins("alice")
    alice.hears("once")
    expect(alice.page.locator(".pending")).to_have_count(0)
    bob.says("/history")
    assert bob.hears("On ").count("once") == 0
    assert bob.hears("once").count("once") == 1
    alice.context.close()
    assert alice.faults == []


def test_who_leaves_is_asked_for_a_name_again(chromium: Browser, servers: list[Server], tmp_path: Path) -> None:
    """And comes in by another one, without a reload."""
    server = start(servers, tmp_path, "none")
    alice = Visitor(chromium, where(server)).joins("alice")
    alice.says("/quit")
    expect(alice.page.get_by_label("Your name")).to_have_value("alice")
    alice.joins("alicia")
    alice.says("here again")
    alice.hears("here again")
    alice.context.close()
    assert alice.faults == []


def test_each_tab_offers_its_own_name(visits: Visits) -> None:
    """Two tabs of one browser may be two guests, and stay them over a reload."""
    alice = visits("alice")
    other = alice.context.new_page()
    other.goto(alice.page.url)
    other.get_by_label("Your name").fill("bob")
    other.keyboard.press("Enter")
    expect(alice.people).to_contain_text("bob")
    for page, nick in ((alice.page, "alice"), (other, "bob")):
        page.reload()
        expect(page.get_by_label("Your name")).to_have_value(nick)
