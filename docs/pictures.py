"""Make the pictures of the page (docs/pictures): real conversations in Chromium, as they look on a screen and a phone.

    .venv/bin/python docs/pictures.py

It starts a server of its own, and needs Chromium and what the tests need (`pip install -e '.[test]'`).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.live.servers import LOOPBACK, Server  # noqa: E402 - the path comes first
from tests.live.talk import Wire  # noqa: E402

WIDE = {"width": 1180, "height": 720}
PHONE = {"width": 360, "height": 720}


def come_in(browser: Browser, where: str, nick: str, **how: Any) -> Page:
    """Open the page in a browser of its own, and join."""
    page = browser.new_context(**{"viewport": WIDE, "locale": "en-GB", **how}).new_page()
    page.goto(where)
    page.fill("#name", nick)
    page.keyboard.press("Enter")
    page.wait_for_selector("#box")
    return page


def say(page: Page, *texts: str) -> None:
    """Write, and send."""
    for text in texts:
        page.fill("#box", text)
        page.press("#box", "Enter")
        page.wait_for_timeout(120)


def show(page: Page, name: str) -> None:
    """Take the picture."""
    page.wait_for_timeout(300)
    page.screenshot(path=ROOT / "docs/pictures" / f"{name}.png", animations="disabled")


def conversation(server: Server) -> list[Wire]:
    """Let some people talk in three rooms."""
    wires = {}
    for nick in ("bob", "carol", "dave", "erin"):
        wires[nick] = Wire(server.address)
        wires[nick].joins(nick)
    bob, carol, dave, erin = wires.values()
    for wire, lines in (
        (
            carol,
            ["/register her own words", "/join #dev", "/topic The demo is at 15:00. Notes: https://wiki.lan/demo"],
        ),
        (bob, ["/join #dev"]),
        (dave, ["/join #dev", "/away lunch"]),
        (carol, ["/op bob", "Has anybody seen the projector cable?", "/join #music"]),
    ):
        wire.says(*lines, "/ping")
        wire.hears("pong")
    del erin
    return [bob, carol, dave, wires["erin"]]


def take(browser: Browser, server: Server) -> None:
    """Make all the pictures."""
    host, port = server.address
    where = f"http://{host}:{port}/"
    bob, carol, dave, erin = conversation(server)
    page = browser.new_context(viewport=WIDE, locale="en-GB").new_page()
    page.goto(where)
    page.fill("#name", "alice")
    show(page, "name")
    alice = come_in(browser, where, "alice")
    say(alice, "/join #dev")
    bob.says("Green again: the fix was two lines, in `session.py`.", "/ping")
    bob.hears("pong")
    say(
        alice,
        "Nice! What was it?",
    )
    bob.says("/say #dev We flushed before the commit. Now it is the other way round:", "/ping")
    bob.hears("pong")
    robin = come_in(browser, where, "robin")
    say(robin, "/join #dev")
    say(
        robin,
        "```py\ndef pulse(self) -> None:\n    self.journal.commit(self.flush)  # first kept, then heard\n```",
    )
    carol.says("/say #dev alice: can you show it at the demo?", "/ping")
    carol.hears("pong")
    say(alice, "/me plugs the projector in", "Sure. Slides are at https://files.lan/demo.pdf")
    carol.says("/say #music anything but that song again", "/say #lobby lunch is here", "/ping")
    carol.hears("pong")
    erin.says("/msg alice do you have a minute before the demo?", "/ping")
    erin.hears("pong")
    show(alice, "conversation")
    alice.emulate_media(color_scheme="dark")
    alice.fill("#box", "/to")
    show(alice, "dark")
    alice.fill("#box", "")
    alice.emulate_media(color_scheme="light")
    alice.keyboard.press("Control+k")
    alice.fill("#words", "demo")
    alice.keyboard.press("Enter")
    show(alice, "search")
    alice.keyboard.press("Escape")
    alice.get_by_role("button", name="Settings").click()
    show(alice, "settings")
    alice.keyboard.press("Escape")
    alice.set_viewport_size(PHONE)
    show(alice, "phone")
    alice.emulate_media(color_scheme="dark")
    alice.get_by_role("button", name="Rooms,").click()
    show(alice, "phone-rooms")
    alice.keyboard.press("Escape")
    alice.emulate_media(color_scheme="light")
    alice.set_viewport_size(WIDE)
    alice.goto(f"{where}join")
    show(alice, "join")
    robin.bring_to_front()
    server.kill()
    robin.wait_for_selector(".banner")
    say(robin, "I will say that again when the line is back")
    show(robin, "no-connection")
    for wire in (bob, carol, dave, erin):
        wire.close()


def main() -> None:
    """Start a server and a browser, and take the pictures."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        sys.exit("There is no Chromium. Install it: apt-get install chromium")
    (ROOT / "docs/pictures").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        server = Server(Path(directory), "--port", LOOPBACK, "--rate", "0", "--name", "workshop", "--data", "none")
        try:
            args = ["--no-sandbox"] if os.getuid() == 0 else []
            with playwright.chromium.launch(executable_path=path, args=args) as browser:
                take(browser, server)
        finally:
            server.kill()


if __name__ == "__main__":
    main()
