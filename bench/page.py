#!/usr/bin/env python3
"""How fast the page is in a real Chromium: how large it is, when it is usable, and how even its frames are.

  .venv/bin/python bench/page.py [--rounds 5] [--seconds 10] [--rate 50] [--lines 5000] [--only size,usable,frames]

It starts a server that listens on 127.0.0.1 only, and Chromium (apt-get install chromium) without a window; both end
with it. A frame is what lies between two calls of requestAnimationFrame, and a long task more than 50 ms of the page's
thread without a break. An empty page, beside which the figures count, is measured first, with as much being said.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from place import SOURCES
from playwright.sync_api import Browser, Page, sync_playwright
from serving import serving

from lanchat.doors.web.pages import lean

PAGE = SOURCES.parent / "lanchat" / "doors" / "web" / "page"
TEXT = "message {} of those that come while one reads, with some words and https://example.org/a/link in it"

FRAMES = """seconds => new Promise(done => {
  const frames = [], tasks = [];
  const observer = new PerformanceObserver(list => tasks.push(...list.getEntries().map(each => each.duration)));
  observer.observe({ entryTypes: ["longtask"] });
  const start = performance.now();
  let last = 0;
  const next = now => {
    if (last) frames.push(now - last);
    last = now;
    if (performance.now() - start < seconds * 1000) requestAnimationFrame(next);
    else { observer.disconnect(); done({ frames, tasks }); }
  };
  requestAnimationFrame(next);
})"""
READY = """selector => new Promise((done, failed) => {
  const look = () => {
    if (performance.now() > 20000) return failed(new Error(`no ${selector}`));
    const box = document.querySelector(selector);
    if (!box || box.disabled) return setTimeout(look, 1);
    const { responseStart } = performance.getEntriesByType("navigation")[0];
    done(performance.now() - responseStart);
  };
  look();
})"""


class Speaker:
    """Somebody who says something so many times a second, on a thread of their own."""

    def __init__(self, port: int, nick: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 5)
        self.socket.settimeout(None)
        self.said = 0
        self._stop = threading.Event()
        self._tell({"op": "hello", "nick": nick})
        threading.Thread(target=self._listen, daemon=True).start()

    def _tell(self, words: dict[str, str]) -> None:
        self.socket.sendall(json.dumps(words).encode() + b"\n")

    def _listen(self) -> None:
        while self.socket.recv(65536):
            pass

    def say(self, times: int) -> None:
        """Say so much at once."""
        for _ in range(times):
            self.said += 1
            self._tell({"op": "say", "room": "#lobby", "text": TEXT.format(self.said)})

    @contextmanager
    def saying(self, rate: float) -> Iterator[None]:
        """Say so much a second, meanwhile."""
        self._stop.clear()
        thread = threading.Thread(target=self._go_on, args=(rate,))
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _go_on(self, rate: float) -> None:
        start, told = time.monotonic(), 0
        while not self._stop.wait(max(0.0, start + told / rate - time.monotonic())):
            told += 1
            self.say(1)


def at(values: list[float], part: float) -> float:
    """The value below which such a part is."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def size() -> None:
    """How large the page is."""
    files = [lean(path.relative_to(PAGE).as_posix(), path.read_bytes()) for path in PAGE.rglob("*") if path.is_file()]
    packed = sum(len(gzip.compress(each, 9)) for each in files)
    print(f"size: {sum(map(len, files)) / 1000:.1f} kB in {len(files)} files (< 150), {packed / 1000:.1f} kB packed")


def usable(browser: Browser, port: int, rounds: int) -> None:
    """From the first byte until one can type: a name, and after a reload with a name that is known, a message."""
    new, again, kilobytes = [], [], 0.0
    for which in range(rounds):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        new.append(page.evaluate(READY, "#name"))
        sizes = "performance.getEntries().reduce((sum, each) => sum + (each.transferSize || 0), 0)"
        kilobytes = page.evaluate(sizes) / 1000
        page.get_by_label("Your name").fill(f"visitor{which}")
        page.get_by_label("Your name").press("Enter")
        page.wait_for_selector("#box")
        page.reload()
        page.evaluate(READY, "#name")
        page.evaluate("document.querySelector('form').requestSubmit()")  # the name stands there: Enter is enough
        again.append(page.evaluate(READY, "#box"))
        context.close()
    median = statistics.median
    print(f"usable: a name after {median(new):.0f} ms (most {max(new):.0f}), ", end="")
    print(f"a message after {median(again):.0f} ms (most {max(again):.0f}) (< 1,000); {kilobytes:.1f} kB came")


TRACED = ["devtools.timeline"]
PARTS = {"FunctionCall", "UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "Commit", "FireAnimationFrame"}
PARTS |= {"MajorGC", "MinorGC", "IntersectionObserverController::computeIntersections", "HitTest", "EventDispatch"}


def frames(page: Page, what: str, seconds: float) -> None:
    """One line of figures."""
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=TRACED)
    found = page.evaluate(FRAMES, seconds)
    trace = browser.stop_tracing()
    took, tasks = found["frames"], found["tasks"]
    late = sum(round(each / (1000 / 60)) - 1 for each in took if each > 25)
    rate = 1000 * len(took) / sum(took)
    print(
        f"{what:46} {rate:5.1f} a second, median {at(took, 0.5):.1f} ms, p95 {at(took, 0.95):.1f}, "
        f"p99 {at(took, 0.99):.1f}, most {max(took):.0f}; {late} missed; {len(tasks)} long tasks\n    {spent(trace)}",
        flush=True,
    )


def spent(trace: bytes) -> str:
    """What the page's thread did, in milliseconds (a part may be within another one), as Chromium's tracing says."""
    events = json.loads(trace)["traceEvents"]
    taken: dict[str, float] = {}
    for event in events:
        if event["name"] in PARTS:
            taken[event["name"]] = taken.get(event["name"], 0) + event.get("dur", 0) / 1000
    parts = ", ".join(f"{name} {took:.0f}" for name, took in sorted(taken.items(), key=lambda each: -each[1]))
    return f"traced, ms: {parts}"


def smooth(browser: Browser, port: int, arguments: argparse.Namespace) -> None:
    """Frames on an empty page and in the conversation."""
    speaker = Speaker(port, "speaker")
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    empty = context.new_page()
    empty.goto("about:blank")
    with speaker.saying(arguments.rate):
        frames(empty, "an empty page", arguments.seconds)
    empty.close()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}/")
    page.get_by_label("Your name").fill("reader")
    page.get_by_label("Your name").press("Enter")
    page.wait_for_selector("#box")
    frames(page, "the conversation, nothing is said", arguments.seconds)
    with speaker.saying(arguments.rate):
        frames(page, "the conversation, few lines", arguments.seconds)
    while speaker.said < arguments.lines:
        speaker.say(100)
        page.get_by_text(TEXT.format(speaker.said)).wait_for()
    count = "document.querySelectorAll('.log .line').length"
    with speaker.saying(arguments.rate):
        frames(page, f"{speaker.said:,} lines, at the end ({page.evaluate(count)} drawn)", arguments.seconds)
    up = "document.querySelector('.log').scrollTop = 0"
    end = time.monotonic() + 60
    while page.evaluate(count) < arguments.lines * 0.95 and time.monotonic() < end:
        page.evaluate(up)
        page.wait_for_timeout(50)
    page.evaluate("{ const log = document.querySelector('.log'); log.scrollTop = log.scrollHeight / 2 }")
    with speaker.saying(arguments.rate):
        frames(page, f"reading in the middle ({page.evaluate(count)} drawn)", arguments.seconds)
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rate", type=float, default=50, help="messages a second")
    parser.add_argument("--lines", type=int, default=5000)
    parser.add_argument("--only", default="size,usable,frames")
    arguments = parser.parse_args()
    chosen = arguments.only.split(",")
    if "size" in chosen:
        size()
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        raise SystemExit("there is no Chromium: apt-get install chromium")
    words = ["--no-sandbox"] if os.getuid() == 0 else []
    with (
        tempfile.TemporaryDirectory(prefix="lanchat-page-") as folder,
        serving(Path(folder), "--rate", "0", "--max-per-address", "0") as port,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=words)
        if "usable" in chosen:
            usable(browser, port, arguments.rounds)
        if "frames" in chosen:
            smooth(browser, port, arguments)
        browser.close()


if __name__ == "__main__":
    main()
