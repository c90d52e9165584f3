from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from lanchat.client.json_text import printable


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_means_the_same_and_steers_no_terminal(text: str) -> None:
    shown = printable(json.dumps({"text": text}, ensure_ascii=False).encode())
    assert json.loads(shown) == {"text": text}
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in shown.decode())


def test_plain_json_stays_as_it_is() -> None:
    assert printable('{"text":"grüß 日本"}'.encode()) == '{"text":"grüß 日本"}'.encode()
    assert printable('{"text":"\x9b31m\u202e"}'.encode()) == b'{"text":"\\u009b31m\\u202e"}'
