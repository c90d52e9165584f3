"""A server in memory for IRC clients."""

from __future__ import annotations

import pytest

from tests.network import Network


@pytest.fixture
def network() -> Network:
    """Give a server that nobody is on."""
    return Network()
