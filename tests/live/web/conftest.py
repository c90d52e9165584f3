"""People with a browser: real Chromium, driven by Playwright, where it is installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.live.conftest import Dials
from tests.live.servers import LOOPBACK, Server
from tests.live.talk import PATIENCE, Wire, until

NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}

expect.set_options(timeout=PATIENCE * 1000)


class Visitor:
    """A person who has the page open, and what went wrong in it."""

    def __init__(self, browser: Browser, where: str, **how: Any) -> None:
        self.context = browser.new_context(**{"viewport": WIDE, "locale": "en-GB", **how})
        self.context.set_default_timeout(PATIENCE * 1000)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._said)
        self.page.goto(where)

    def _said(self, message: Any) -> None:
        if message.type == "error" and "WebSocket" not in message.text:
            self.faults.append(message.text)

    # -- what a person does ----------------------------------------------------------------------------------

    def joins(self, nick: str) -> Visitor:
        """Pick a name, and be in the lobby."""
        name = self.page.get_by_label("Your name")
        expect(name).to_be_focused()
        name.fill(nick)
        name.press("Enter")
        expect(self.box).to_be_visible()
        expect(self.people).to_contain_text(nick)
        return self

    def says(self, *texts: str) -> None:
        """Write into the box, and send each text."""
        for text in texts:
            self.box.fill(text)
            self.box.press("Enter")

    def goes_to(self, room: str) -> None:
        """Join a room, and be in it."""
        self.says(f"/join {room}")
        expect(self.page.get_by_role("heading", name=room)).to_be_visible()

    def looks_at(self, room: str) -> None:
        """Choose a room or a conversation in the list."""
        self.entry(room).click()
        expect(self.page.get_by_role("log")).to_have_attribute("aria-label", f"Conversation in {room}")

    # -- what a person sees ----------------------------------------------------------------------------------

    @property
    def box(self) -> Locator:
        return self.page.locator("#box")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def people(self) -> Locator:
        return self.page.locator("#people")

    @property
    def me(self) -> Locator:
        """Who one is, below the rooms."""
        return self.page.locator("#rooms .me")

    def entry(self, room: str) -> Locator:
        """A room in the list, whatever is said of it besides."""
        return self.page.locator("#rooms .look").filter(has_text=room)

    def line(self, text: str) -> Locator:
        return self.log.locator(".line").filter(has_text=text)

    def hears(self, *texts: str) -> None:
        """Wait until these are in the conversation in view, once each."""
        for text in texts:
            expect(self.line(text)).to_have_count(1)

    def top_of(self, text: str) -> float:
        """Where a line stands, in pixels from the top of the window."""
        return float(self.line(text).evaluate("line => line.getBoundingClientRect().top"))


Visits = Callable[..., Visitor]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all the tests."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("there is no Chromium (apt-get install chromium)")
    as_root = ["--no-sandbox"] if os.getuid() == 0 else []  # Chromium's sandbox does not work for root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=as_root)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def shared_options(certificates: Path) -> list[str]:
    """A server that nobody is too fast for: the tests write more than people do."""
    del certificates
    return ["--port", LOOPBACK, "--rate", "0"]


@pytest.fixture
def server(shared: tuple[Server, int]) -> Server:
    """A server where nobody is: whoever was has left."""
    server, _ = shared
    until(lambda: b'"people":0' in urlopen(f"{where(server)}health").read(), "all who were there have left")
    return server


@pytest.fixture
def visits(chromium: Browser, server: Server) -> Iterator[Visits]:
    """Open the page: ``visits("alice")`` joins, ``visits()`` only looks.  Nothing may go wrong in it."""
    visitors: list[Visitor] = []

    def visit(nick: str = "", **how: Any) -> Visitor:
        visitor = Visitor(chromium, where(server), **how)
        visitors.append(visitor)
        return visitor.joins(nick) if nick else visitor

    yield visit
    for visitor in visitors:
        visitor.context.close()
    assert [fault for visitor in visitors for fault in visitor.faults] == []


@pytest.fixture
def person(server: Server, dials: Dials) -> Callable[[str], Wire]:
    """Somebody with nc, in the lobby."""

    def join(nick: str) -> Wire:
        wire: Wire = dials(server.address)
        wire.joins(nick)
        return wire

    return join


def where(server: Server) -> str:
    """The address of its page."""
    host, port = server.address
    return f"http://{host}:{port}/"
