"""What all tests share: how much Hypothesis tries, a home for what is kept, and an eye on the log."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from twisted.logger import LogEvent, globalLogPublisher

pytest.register_assert_rewrite("tests.everydoor", "tests.everydoor_people")  # their conversations are tests elsewhere
settings.register_profile("ci", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that a test keeps lands in anybody's home directory."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data-home"))


@pytest.fixture
def logged() -> Iterator[list[LogEvent]]:
    """Everything that is logged during the test."""
    events: list[LogEvent] = []
    globalLogPublisher.addObserver(events.append)
    yield events
    globalLogPublisher.removeObserver(events.append)


@pytest.fixture
def tracebacks(logged: list[LogEvent]) -> Iterator[list[LogEvent]]:
    """No failure may be logged during the test, unless the test takes it out of this list."""
    found: list[LogEvent] = []

    def observe(event: LogEvent) -> None:
        if "log_failure" in event:
            found.append(event)

    globalLogPublisher.addObserver(observe)
    yield found
    globalLogPublisher.removeObserver(observe)
    assert [event["log_failure"].getTraceback() for event in found] == []
