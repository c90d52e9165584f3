"""From runs to figures: medians of those that may be compared, as markdown."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

from machine import Calm, Record, crowded, far
from scenarios import SCENARIOS, TLS

COLUMNS = {
    "fanout": ("deliv_per_s", "cpu_s_per_1M", "server_cpu_pct", "gen_cpu_pct", "lat_p50_us", "lat_p99_us"),
    "latency": ("deliv_per_s", "cpu_s_per_1M", "gen_cpu_pct", "lat_p50_us", "lat_p99_us", "lat_p999_us"),
    "connect": (
        *("conns_per_s", "connect_cpu_ms_per_conn", "settled_s", "rss_kb_per_conn"),
        "connect_gen_cpu_pct",
    ),
    "join": ("joins_per_s", "join_s", "told_s", "join_cpu_ms", "gen_cpu_pct"),
}
MAIN = {"connect": "connect_cpu_ms_per_conn", "join": "join_cpu_ms"}
"""The figure by which servers are compared, where it is not the CPU of a delivery."""
UNDISTURBED_BY_OTHERS = frozenset({"cpu_s_per_1M", *MAIN.values(), "rss_kb_per_conn", "rss_growth_kb"})
MISTAKES = ("lost", "order_errors", "corrupt", "unknown")


def load(files: Iterable[Path]) -> list[Record]:
    """The runs of these JSON-lines files."""
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def usable(records: Iterable[Record], calm: Calm) -> list[Record]:
    """The runs without an error; those from a far phase only if there is no other."""
    good = [record for record in records if "error" not in record]
    return [record for record in good if not far(record, calm)] or good


def median(records: Sequence[Record], figure: str) -> float | None:
    """Of what another process cannot change, over all; of the rest without the crowded runs if it can be."""
    if figure not in UNDISTURBED_BY_OTHERS:
        records = [record for record in records if not crowded(record)] or records
    values = [record[figure] for record in records if isinstance(record.get(figure), int | float)]
    return statistics.median(values) if values else None


def shown(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def errors(records: Iterable[Record]) -> str:
    """What went wrong, in a few words, and how often; empty is good."""
    lines = [(record["error"].strip().splitlines() or ["?"])[-1][:80] for record in records if "error" in record]
    wrong = sum(record.get(mistake, 0) for record in records for mistake in MISTAKES)
    found = [f"{wrong} lines lost or wrong"] if wrong else []
    return "; ".join(found + [f"{line} ×{lines.count(line)}" for line in sorted(set(lines))])


def name_of(record: Record) -> str:
    return f"{TLS if record['tls'] else ''}{record['scenario']}"


def grouped(records: Iterable[Record]) -> dict[str, dict[str, list[Record]]]:
    """Load → server → its runs, in the order in which they were first seen."""
    groups: dict[str, dict[str, list[Record]]] = {}
    for record in records:
        groups.setdefault(name_of(record), {}).setdefault(record["server"], []).append(record)
    return groups


def print_rows(rows: Iterable[Sequence[str]]) -> None:
    """A markdown table; the first row is its head."""
    for number, row in enumerate(rows):
        print("| " + " | ".join(row) + " |")
        if not number:
            print("|" + "---|" * len(row))


def print_tables(records: list[Record], base: str, figures: Sequence[str] | None, calm: Calm) -> None:
    """For each load a table of all servers; `base` is the one that the others are divided by."""
    for name, servers in grouped(records).items():
        mode = SCENARIOS[name.removeprefix(TLS)].mode
        main = MAIN.get(mode, "cpu_s_per_1M")
        columns = figures or COLUMNS[mode]
        of_base = median(usable(servers.get(base, []), calm), main)
        rows = [["server", "runs", *columns, f"{main} / {base}", f"least {main}", "errors"]]
        for server, runs in servers.items():
            use = usable(runs, calm)
            mark = " far" if any(far(run, calm) for run in use) else ""
            mark += " crowded" if use and all(crowded(run) for run in use) else ""
            own = median(use, main)
            ratio = f"{own / of_base:.2f}" if own and of_base else "–"
            least = min((run[main] for run in use if main in run), default=None)
            figure = [shown(median(use, column)) for column in columns]
            rows.append([server, f"{len(use)}/{len(runs)}{mark}", *figure, ratio, shown(least), errors(runs)])
        print(f"\n### {name}\n")
        print_rows(rows)
