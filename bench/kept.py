"""What is in a journal's file, read without any of the program's own code, and compared with what people saw."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from survivors import NUMBERED, PRIVATE, ROOMS, Ledger, Resumer


@dataclass(frozen=True)
class Kept:
    """The events of a journal in the order in which it has them, and the bytes of its files."""

    identity: str
    events: list[dict[str, Any]]
    files: bytes

    @classmethod
    def read(cls, data: Path) -> Kept:
        """Read a journal, also while a server has it: what is filed, and the turns that are not, in one look."""
        file = data / "journal.sqlite3"
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            connection.execute("begin")
            events = [
                json.loads(content) for (content,) in connection.execute("select content from event order by id")
            ]
            ((identity, filed),) = connection.execute("select identity, filed from meta")
            for (content,) in connection.execute("select content from turn order by last"):
                events += [event for event in json.loads(content)["events"] if event["id"] > filed]
        return cls(identity, events, b"".join([path.read_bytes() for path in data.iterdir() if path.is_file()]))


def compare(kept: Kept, ledger: Ledger, resumers: Sequence[Resumer]) -> None:
    """Note in the ledger whatever is in the journal and was not seen so, or was seen and is not in the journal."""
    if kept.identity != ledger.journal:
        ledger.wrong(f"the journal is {kept.identity}, and was {ledger.journal}")
    numbers = [event["id"] for event in kept.events]
    for before, after in pairwise(numbers):
        if after <= before:
            ledger.wrong(f"the journal has number {after} behind {before}")
    for event in kept.events:
        ledger.numbered(event, "the journal")
    messages = Counter(message for event in kept.events for message in NUMBERED.findall(event.get("text", "")))
    for message, who in ledger.messages.items():
        if message not in messages:
            ledger.wrong(f"{message}, which {who} saw, is not in the journal")
    have = set(numbers)
    for number, told in ledger.events.items():
        if number not in have and json.loads(told)["event"] in ("said", "joined", "parted"):
            ledger.wrong(f"number {number} is not in the journal: {told}")
    for message, count in messages.items():
        if count > 1:
            ledger.wrong(f"{message} is in the journal {count} times")
    if PRIVATE.encode() in kept.files:
        ledger.wrong("a private message is on the disk")
    for resumer in resumers:
        _compare_list(kept, ledger, resumer)
        _compare_references(kept, ledger, resumer)


def _compare_list(kept: Kept, ledger: Ledger, resumer: Resumer) -> None:
    wanted = [
        (event["id"], event["room"], event["text"])
        for event in kept.events
        if event["event"] == "said" and event["room"] in ROOMS and event["id"] > resumer.began
    ]
    if resumer.heard == wanted:
        return
    missing, twice = set(wanted) - set(resumer.heard), Counter(resumer.heard) - Counter(wanted)
    ledger.wrong(
        f"{resumer.nick} has {len(resumer.heard)} messages, the journal {len(wanted)}; "
        f"missed: {sorted(missing)[:3]}; more than once or nowhere: {sorted(twice)[:3]}"
    )


def _compare_references(kept: Kept, ledger: Ledger, resumer: Resumer) -> None:
    """What was acknowledged is there under its number, and everything that was sent is there once."""
    texts = {event["id"]: event["text"] for event in kept.events if event["event"] == "said"}
    for reference, number in resumer.acknowledged.items():
        if texts.get(number) != resumer.wanted[reference]:
            ledger.wrong(f"{resumer.nick}: {reference} was acknowledged as {number}, which is {texts.get(number)}")
    counts = Counter(texts.values())
    for reference, text in resumer.wanted.items():
        if counts[text] != 1:
            ledger.wrong(f"{resumer.nick}: {reference} is in the journal {counts[text]} times: {text}")
