"""What is typed behind /search is words and a few filters, or is refused with a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.errors import Refused
from lanchat.core.searching import Search, event_number
from lanchat.core.words import holds, phrases, words_of

NOW = 1_795_294_845.75  # 2026-11-21T21:00:45.750Z


def read(typed: str) -> Search:
    return Search(typed, NOW)


def test_words_and_filters() -> None:
    """Filters may stand anywhere, in any case; all else is words."""
    search = read('FROM:Bob "exam at" in:#Dev nin* in:lobby after:100 before:1043')
    assert search.phrases == ("exam at", "nin*")
    assert search.nick == "bob"
    assert search.rooms == ["#Dev", "#lobby"]
    assert (search.after, search.before) == (100, 1043)
    assert (search.earliest, search.latest) == ("", "")


def test_moments() -> None:
    """A moment is a bound like the number of an event; of several the narrower one counts."""
    search = read("exam after:2h after:2026-11-20T10:00:00Z before:2026-11-21T20:30:00Z before:2026-11-21T20:00Z")
    assert search.earliest == "2026-11-21T19:00:45.000Z"
    assert search.latest == "2026-11-21T20:00:00.000Z"
    search = read("exam after:7 after:9 before:30 before:20 before:25")
    assert (search.after, search.before) == (9, 20)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("foo:bar", ("foo bar",)),
        ("http://host:5555/from:x", ("http host 5555 from x",)),
        ('"from:bob"', ("from bob",)),
        ('"in a row" x"from:y"', ("in a row", "x", "from y")),
        ("to:bob until:9", ("to bob", "until 9")),
    ],
)
def test_what_is_no_filter_is_words(typed: str, wanted: tuple[str, ...]) -> None:
    """Nothing that anybody copies there means anything else."""
    search = read(typed)
    assert search.phrases == wanted
    assert (search.nick, search.rooms, search.before) == ("", [], None)


@pytest.mark.parametrize(
    ("typed", "older"),
    [
        ("exam", "exam before:7"),
        ("  exam   before:9 at ", "exam at before:7"),
        ('"exam  at" FROM:Bob in:dev', '"exam at" from:Bob in:#dev before:7'),
        ('nine "exam at', 'nine "exam at" before:7'),
        ('nine "', 'nine "" before:7'),
        ('"exam*  ', '"exam* " before:7'),
        ("x after:5 before:2026-11-20", "x after:5 before:2026-11-20 before:7"),
        ("x after:2h", "x after:2026-11-21T19:00:45.000Z before:7"),
    ],
)
def test_older_pages_are_asked_for_by_the_same_search(typed: str, older: str) -> None:
    """It can be typed as it stands, and means the same later."""
    search = read(typed)
    assert f"{search.older}7" == older
    again = Search(older, NOW + 86_400)
    assert again.phrases == search.phrases
    assert (again.nick, again.rooms, again.before) == (search.nick, search.rooms, 7)
    assert (again.after, again.earliest, again.latest) == (search.after, search.earliest, search.latest)


def test_filters_alone_need_somebody() -> None:
    """All that one person said can be asked for; all that was said is /history's."""
    assert read("from:bob after:1d").phrases == ()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Type what to look for: /search exam from:bob in:#dev"),
        ("in:#dev after:1d", "Type what to look for: /search exam from:bob in:#dev"),
        ("!!", "There is nothing to look for in that. Type a word with letters or digits."),
        ('from:bob "" * --', "There is nothing to look for in that. Type a word with letters or digits."),
        ("from: bob", "Write from: and what it means without a space, for example from:bob"),
        ("x in:", "Write in: and what it means without a space, for example in:#dev"),
        ("from:bob from:carol x", "Name one person only behind from:"),
        ("x before:noon", "noon is no time. Type 2h, 15:04, 2026-11-20 or 2026-11-20T15:04."),
        ("x after:-5", "-5 is no time. Type 2h, 15:04, 2026-11-20 or 2026-11-20T15:04."),
        ("x after:" + "9" * 16, "9999999999999999 is no time. Type 2h, 15:04, 2026-11-20 or 2026-11-20T15:04."),
        ("x " * 33, "At most 32 words can be looked for at once. Take the rare ones."),
        ('"' + "x " * 33, "At most 32 words can be looked for at once. Take the rare ones."),
        ("x" + "-x" * 2_047, "At most 32 words can be looked for at once. Take the rare ones."),
    ],
)
def test_what_cannot_be_looked_for_is_refused(typed: str, why: str) -> None:
    """One sentence says what to do."""
    with pytest.raises(Refused) as refused:
        read(typed)
    assert (refused.value.code, refused.value.text) == ("bad-arguments", why)


def test_one_person_may_be_named_twice() -> None:
    """It is the same person."""
    assert read("from:bob from:BOB x").nick == "bob"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", 0),
        ("1043", 1043),
        ("9" * 15, 10**15 - 1),
        ("9" * 16, None),
        ("", None),
        ("-1", None),
        ("٣", None),
        ("²", None),
    ],
)
def test_numbers_of_events(written: str, number: int | None) -> None:
    """Digits, and not more of them than a store can hold."""
    assert event_number(written) == number


_TYPED = st.lists(
    st.sampled_from(
        ['"', "*", "(", "AND", "NEAR/2", "from:", "in:#a", "before:9", "after:2h", "x", "日本", "é", "' OR 1=1 --"]
    )
    | st.text(),
).map(" ".join)


@given(_TYPED)
def test_everything_is_read_or_refused(typed: str) -> None:
    """Nothing breaks it; what it makes of it are words, and the same search can be asked for again."""
    try:
        search = read(typed)
    except Refused:
        return
    assert all(words_of(phrase.removesuffix("*")) == phrase.removesuffix("*").split(" ") for phrase in search.phrases)
    again = read(f"{search.older}1")
    assert (again.phrases, again.nick, again.rooms) == (search.phrases, search.nick, search.rooms)
    assert (again.before, again.after, again.latest) == (1, search.after, search.latest)


@given(st.text(alphabet='ab c"*é日.', min_size=1))
def test_a_text_is_found_by_itself(text: str) -> None:
    """As `phrases` has it."""
    try:
        search = read(text)
    except Refused:
        return
    assert search.phrases == phrases(text)
    assert all(holds(words_of(text), phrase) for phrase in search.phrases)
