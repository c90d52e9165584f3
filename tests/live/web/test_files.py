"""Files and pictures from the page: chosen, dropped, with a bar and a way to stop."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Route, expect

from tests.live.talk import Wire
from tests.live.web.conftest import Visits

Person = Callable[[str], Wire]


def picture() -> bytes:
    """A small red PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = (16).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    rows = (b"\0" + b"\xc0\x30\x20" * 16) * 16
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_pictures_are_shown_and_files_are_saved(visits: Visits, person: Person, tmp_path: Path) -> None:
    """All get a link; who has the page sees the picture, and saves the rest; who sent it takes it back."""
    alice, bob, carol = visits("alice"), visits("bob"), person("carol")
    (tmp_path / "red <b>.png").write_bytes(picture())
    (tmp_path / "plan.html").write_text("<script>document.title='owned'</script>")
    alice.page.locator("#chooser").set_input_files([tmp_path / "red <b>.png", tmp_path / "plan.html"])
    shown = bob.log.get_by_role("img", name="red <b>.png")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 16)
    with bob.page.expect_download() as download:
        bob.log.get_by_role("link", name="plan.html").click()
    assert download.value.path().read_text() == "<script>document.title='owned'</script>"
    assert download.value.suggested_filename == "plan.html"
    carol.hears("sent plan.html")
    expect(alice.page.locator(".uploads li")).to_have_count(0)
    alice.log.get_by_role("button", name="Take back").last.click()
    expect(alice.log).to_contain_text("plan.html is not there any more.")
    bob.page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["hello"], "dropped.txt", {type: "text/plain"}));
            const how = {dataTransfer: data, bubbles: true, cancelable: true};
            for (const kind of ["dragover", "drop"]) document.body.dispatchEvent(new DragEvent(kind, how));
        }"""
    )
    alice.hears("dropped.txt")
    bob.page.get_by_role("button", name="alice").first.click()
    bob.page.locator("#chooser").set_input_files(tmp_path / "plan.html")
    alice.looks_at("bob")
    expect(alice.log.get_by_role("link", name="plan.html")).to_be_visible()


def test_an_upload_can_be_stopped(visits: Visits, tmp_path: Path) -> None:
    """It has a bar; stopped, nobody hears of it; what fails says why and can be tried again."""
    alice = visits("alice")
    held: list[Route] = []
    alice.page.route("**/files/**", lambda route: held.append(route))
    (tmp_path / "big.bin").write_bytes(bytes(200_000))
    alice.page.locator("#chooser").set_input_files(tmp_path / "big.bin")
    expect(alice.page.get_by_role("progressbar")).to_be_visible()
    alice.page.get_by_role("button", name="Stop sending big.bin").click()
    expect(alice.page.locator(".uploads li")).to_have_count(0)
    alice.page.unroute("**/files/**")
    alice.page.route("**/files/**", lambda route: route.fulfill(status=507, body="The disk is full."))
    alice.page.locator("#chooser").set_input_files(tmp_path / "big.bin")
    expect(alice.page.get_by_role("alert").filter(has_text="The disk is full.")).to_be_visible()
    alice.page.unroute("**/files/**")
    alice.page.get_by_role("button", name="Try again").click()
    expect(alice.log.get_by_role("link", name="big.bin")).to_have_count(1)
    alice.faults[:] = [fault for fault in alice.faults if "507" not in fault]
