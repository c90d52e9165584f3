"""What lanchat has to reach, beside what others reach: the tables of `bench.py issue`, `journal`, `irc` and `web`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from machine import Calm, Record
from scenarios import TLS
from table import errors, grouped, median, print_rows, shown, usable

LIMIT = "c-coalesce"
TITLES = {LIMIT: "C limit"}
IRC_DOOR = "lanchat-irc"
WEB_DOOR = "lanchat-web"


@dataclass(frozen=True)
class Row:
    """One figure of one load. `most` and `least` are the target: absolute, or times `of`'s figure.

    With `beyond` it is so much more than `of`'s figure that is allowed, and not so many times.
    """

    load: str
    figure: str
    title: str
    most: float | None = None
    least: float | None = None
    of: str | None = None
    beyond: bool = False
    subject: str = "lanchat"
    """Who has to reach it."""
    scale: float = 1.0
    without: frozenset[str] = frozenset()
    """Servers that this load is not put on: it would say nothing about them, or harm the machine."""


# ngircd listens with a backlog of 10 and drops what comes at once; inspircd registers once a second.
NO_IRC = frozenset({"ngircd", "inspircd"})
# Where the others speak IRC, inspircd's second counts: people wait for it.  The C limit knows no JOIN.
NO_CROWD = frozenset({"ngircd", LIMIT})
# These run here without a limit on what waits for a reader: the fast ones would take gigabytes.
NO_LIMIT = NO_IRC | {LIMIT}
CPU = "CPU s per million deliveries"
SENDQ = 1024
"""KiB that may wait for one reader (lanchat's default)."""

ISSUE = (
    Row("sparse100", "cpu_s_per_1M", CPU, most=1.4, of="inspircd"),
    Row("sparse1000", "cpu_s_per_1M", CPU, most=1.2, of="inspircd"),
    Row("satq100", "cpu_s_per_1M", CPU, most=1.0, of="inspircd"),
    Row("satq1000", "cpu_s_per_1M", CPU, most=0.3, of="inspircd"),
    Row("lat200", "lat_p50_us", "p50, ms", scale=1e-3),
    Row("lat200", "lat_p99_us", "p99, ms", most=2.0, scale=1e-3),
    Row("lat200", "lat_p999_us", "p99.9, ms", most=5.0, scale=1e-3),
    Row(f"{TLS}sparse100", "cpu_s_per_1M", CPU, most=10.0),
    Row(f"{TLS}satq100", "cpu_s_per_1M", CPU, most=0.8, of="inspircd"),
    Row("conn2000", "conns_per_s", "connections/s", least=4000, without=NO_IRC),
    Row("join2000", "conns_per_s", "connections/s", least=4000, without=NO_IRC),
    Row("conn10000", "rss_kb_per_conn", "KiB per idle connection", most=12, without=NO_IRC),
    Row("stall200long", "rss_growth_kb", "KiB grown for 20 stalled readers", most=20 * SENDQ, without=NO_LIMIT),
    Row("stall200long", "rss_traffic_kb", "KiB resident at the end of the load", without=NO_LIMIT),
    Row("stall200long", "rss_end_kb", "KiB resident after it", without=NO_LIMIT),
    Row("stall200long", "stalled_dropped", "stalled readers dropped", without=NO_LIMIT),
)


MEMORY, DISK = "lanchat", "lanchat-disk"
JSON_MEMORY, JSON_DISK = "lanchat-json", "lanchat-json-disk"
RATE = "deliveries/s"


JOURNAL = tuple(
    row
    for memory, disk in ((MEMORY, DISK), (JSON_MEMORY, JSON_DISK))
    for row in (
        Row("satq100", "deliv_per_s", RATE, least=0.85, of=memory, subject=disk),
        Row("satq1000", "deliv_per_s", RATE, least=0.85, of=memory, subject=disk),
        Row("satq100", "cpu_s_per_1M", CPU, of=memory, subject=disk),
        Row("satq1000", "cpu_s_per_1M", CPU, of=memory, subject=disk),
        Row("lat200", "lat_p50_us", "p50, ms", of=memory, subject=disk, scale=1e-3),
        Row("lat200", "lat_p99_us", "p99, ms", most=3, beyond=True, of=memory, subject=disk, scale=1e-3),
        Row("quiet10", "lat_p50_us", "p50, ms", of=memory, subject=disk, scale=1e-3),
        Row("quiet10", "lat_p99_us", "p99, ms", most=3, beyond=True, of=memory, subject=disk, scale=1e-3),
    )
)
"""What the disk may cost: each with its own sort in memory, in one run."""


IRC = tuple(
    replace(row, subject=IRC_DOOR)
    for row in (
        Row("sparse100", "cpu_s_per_1M", CPU, most=1.5, of="inspircd"),
        Row("sparse1000", "cpu_s_per_1M", CPU, most=1.3, of="inspircd"),
        Row("satq100", "cpu_s_per_1M", CPU, most=1.2, of="inspircd"),
        Row("satq1000", "cpu_s_per_1M", CPU, most=0.4, of="inspircd"),
        Row("lat200", "lat_p50_us", "p50, ms", scale=1e-3),
        Row("lat200", "lat_p99_us", "p99, ms", scale=1e-3),
        Row("lat200", "lat_p999_us", "p99.9, ms", most=5.0, scale=1e-3),
        Row("join2000", "conns_per_s", "from connect to 366, people/s", least=10, of="inspircd", without=NO_CROWD),
        Row("join2000", "connect_cpu_ms_per_conn", "CPU ms a person", without=NO_CROWD),
        Row("atonce2000", "joins_per_s", "from JOIN to 366, people/s", of="inspircd", without=NO_CROWD),
        Row("atonce2000", "told_s", "until all know of all, s", of="inspircd", without=NO_CROWD),
        Row("atonce2000", "join_cpu_ms", "CPU ms a JOIN", of="inspircd", without=NO_CROWD),
    )
)


WEB = tuple(
    Row(load, "cpu_s_per_1M", CPU, most=1.3, of=MEMORY, subject=WEB_DOOR)
    for load in ("sparse100", "sparse1000", "satq100", "satq1000")
)
"""What frames may cost, beside the lines of the text door."""


@dataclass(frozen=True)
class Table:
    """The rows, and whom they are about."""

    servers: tuple[str, ...]
    rows: tuple[Row, ...]

    def loads(self) -> dict[str, frozenset[str]]:
        """Load → the servers that it is not put on."""
        return {row.load: row.without for row in self.rows}


TABLES = {
    "issue": Table(("naive", "ngircd", "inspircd", LIMIT, "lanchat"), ISSUE),
    "journal": Table((MEMORY, DISK, JSON_MEMORY, JSON_DISK), JOURNAL),
    "irc": Table(("ngircd", "inspircd", LIMIT, IRC_DOOR), IRC),
    "web": Table((MEMORY, JSON_MEMORY, WEB_DOOR), WEB),
}


def table_of(records: Iterable[Record]) -> Table:
    """The table that a file was made for."""
    seen = {record["server"] for record in records}
    marks = {DISK: "journal", IRC_DOOR: "irc", WEB_DOOR: "web"}
    return TABLES[next((name for server, name in marks.items() if server in seen), "issue")]


def _target(row: Row, figures: Mapping[str, float | None]) -> tuple[str, float | None]:
    """The target in words, and as a figure if the server that it is measured against was run."""
    bound = row.most if row.most is not None else row.least
    if bound is None:
        return "", None
    sign = "≤" if row.most is not None else "≥"
    if row.of is None:
        return f"{sign} {shown(bound)}", bound
    other = figures.get(row.of)
    words = f"{sign} {row.of} + {bound:g}" if row.beyond else f"{sign} {bound:g} × {row.of}"
    if other is None:
        return words, None
    bound = other + bound if row.beyond else other * bound
    return f"{words} = {shown(bound)}", bound


def _meets(row: Row, value: float, bound: float) -> bool:
    return value <= bound if row.most is not None else value >= bound


def _verdict(row: Row, figures: Mapping[str, float | None], bound: float | None, wrong: str) -> str:
    """A miss of a fixed target says more when the C limit misses it too: then it is the machine."""
    if row.most is None and row.least is None:
        return ""
    if wrong:
        return f"**no**: {wrong}"
    own, limit = figures.get(row.subject), figures.get(LIMIT)
    if own is None or bound is None:
        return "?"
    if _meets(row, own, bound):
        return "yes" + _ratio(row, own, figures)
    no = "**no**" + _ratio(row, own, figures)
    return no if limit is None or _meets(row, limit, bound) else f"{no}, nor does the C limit"


def _ratio(row: Row, own: float, figures: Mapping[str, float | None]) -> str:
    """How the figure stands to the one that it is measured against."""
    other = figures.get(row.of or "")
    if not other:
        return ""
    return f": {own - other:+.2f}" if row.beyond else f": {own / other:.2f} ×"


def _shows(row: Row, server: str) -> bool:
    """Whether a server's figure says something in a row: what the disk costs, is said of two alone."""
    return row not in JOURNAL or server in (row.of, row.subject)


def print_targets(table: Table, records: list[Record], calm: Calm) -> None:
    """The table, and below it how busy the generator was: where it was not, it was no limit."""
    runs = grouped(records)
    seen = {record["server"] for record in records}
    servers = [*(name for name in table.servers if name in seen), *sorted(seen - set(table.servers))]
    heads = [TITLES.get(name, name) for name in servers]
    rows: list[Sequence[str]] = [["load", "figure", *heads, "target", "met?"]]
    for row in table.rows:
        if row.load not in runs or row.subject not in seen:
            continue
        figures = {name: _scaled(row, usable(runs[row.load].get(name, []), calm)) for name in servers}
        target, bound = _target(row, figures)
        verdict = _verdict(row, figures, bound, errors(runs[row.load].get(row.subject, [])))
        values = [shown(figures[name]) if _shows(row, name) else "" for name in servers]
        rows.append([row.load, row.title, *values, target, verdict])
    print_rows(rows)

    rows = [["generator's CPU, %", *heads]]
    for load, of_load in runs.items():
        figure = "connect_gen_cpu_pct" if load.startswith(("conn", "join")) else "gen_cpu_pct"
        rows.append([load, *(shown(median(usable(of_load.get(name, []), calm), figure)) for name in servers)])
    print()
    print_rows(rows)

    sends = [record[key] for record in records for key in ("cross_ns_before", "cross_ns_after") if key in record]
    if sends:
        print(f"\nA send() to the other core took {min(sends):,.0f} to {max(sends):,.0f} ns of CPU.")
    commits = [record["commit_us"] for record in records if "commit_us" in record]
    if commits:
        print(f"\nTo commit one row took {min(commits):,.0f} to {max(commits):,.0f} µs on this disk.")
    wrong = [(load, name, errors(of_load[name])) for load, of_load in runs.items() for name in of_load]
    for load, name, what in wrong:
        if what:
            print(f"\n{load}, {name}: {what}")


def _scaled(row: Row, records: Sequence[Record]) -> float | None:
    value = median(records, row.figure)
    return None if value is None else value * row.scale
