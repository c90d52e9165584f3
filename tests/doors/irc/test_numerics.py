"""Every numeric that has a name is sent, and stands in a test as it is sent; so does every capability."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lanchat.doors.irc.capabilities import OFFERED
from lanchat.doors.irc.numerics import Numeric

HERE = Path(__file__)
TESTS = "\n".join([path.read_text() for path in HERE.parent.glob("test_*.py") if path != HERE])
CODE = "\n".join([path.read_text() for path in (HERE.parents[3] / "lanchat/doors/irc").glob("*.py")])


@pytest.mark.parametrize("numeric", Numeric, ids=lambda numeric: numeric.name)
def test_numeric_is_sent_and_tested(numeric: Numeric) -> None:
    assert re.search(rf"Numeric\.{numeric.name}\b", CODE)
    assert re.search(rf"\b{numeric.value}\b", TESTS)


@pytest.mark.parametrize("capability", sorted(OFFERED))
def test_capability_is_tested(capability: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(capability)}(?![\w-])", TESTS)
