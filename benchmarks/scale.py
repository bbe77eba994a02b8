r"""The tables of `docs/scale.md`: what `benchmarks.growth` measured, carried on, and what is assumed beside it.

    python -m benchmarks.growth --wearers 1000 10000 --keep benchmarks/data/growth.json
    python -m benchmarks.growth --wearers 1000 100000 --garments 8 --outfits 6 --rounds 0 \
        --keep benchmarks/data/growth_wearers.json
    python -m benchmarks.scale --write

A test compares the page with these tables, so no figure of them is written by hand.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "data" / "growth.json"
SHORT = RESULTS.with_name("growth_wearers.json")
"""Of many wearers with a short history, whose whole one had no room."""
PAGE = Path(__file__).parents[1] / "docs" / "scale.md"
BLOCK = re.compile(r"(<!-- (\w+): python -m benchmarks.scale -->\n)(.*?)(<!-- end -->)", re.DOTALL)
POWERS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)

ASKS_A_WEEK = 1.0
PAGES_OF_AN_ASK = 10
PEAK_HOUR = 0.10
"""Of a day's questions in its busiest hour: people dress in the morning."""
PAGE_CPU_S = 0.06
ANSWER_CPU_S = 0.04
PICTURE_BYTES = 200_000
"""Of a garment: photo, thumbnail, crop, cut-out."""
GARMENTS = 100
CARD_ANSWERS_A_S = 4.0
GOAL = 1.2
"""A page of ten times the wearers over one of fewer."""
PRICES = {"a vCPU, a month": 25.0, "a GB of database disk, a month": 0.12,
          "a GB of objects, a month": 0.023, "a card, a month": 1_800.0}  # fmt: skip
READ_BY_DRIFT = 10_000
"""Wearers, `monitoring.drift.windows.MOST_WEARERS`; of more, one of 2, of 4, of 8 …"""
SWEEP_S, SWEEP_EVERY_S = 60, 600
"""Of the sweep of vectors, `wardrobe.jobs.MOST_TIME_S` and its place among the scheduled jobs."""
COPIES = 3
"""Of the database: the primary, a replica in step with it, one to read from."""


def read_results() -> dict[str, Any]:
    results: dict[str, Any] = json.loads(RESULTS.read_text())
    return results


def write_sizes(results: dict[str, Any]) -> str:
    """Bytes of a wearer by table, of the largest size that was measured."""
    wearers, largest = max(results["sizes"].items(), key=lambda one: int(one[0]))
    tables = largest["tables"]
    lines = [
        f"| of a wearer, {int(wearers):,} of them | rows | table, KiB | indexes, KiB |",
        "|---|---:|---:|---:|",
    ]
    for name, one in sorted(tables.items(), key=lambda pair: -size_of(pair[1])):
        if size_of(one) / int(wearers) >= 1024 and not name.startswith("growth_"):
            cells = (one[key] / int(wearers) / 1024 for key in ("table_bytes", "index_bytes"))
            rows = round(one["rows"] / int(wearers))
            lines.append(
                f"| `{name}` | {rows:,} | " + " | ".join(f"{cell:,.0f}" for cell in cells) + " |"
            )
    lines.append(f"| **together** | | | **{bytes_of_a_wearer(results) / 1024:,.0f}** |")
    return "\n".join(lines) + "\n"


def size_of(table: dict[str, float]) -> float:
    return table["table_bytes"] + table["index_bytes"]


def bytes_of_a_wearer(results: dict[str, Any]) -> float:
    wearers, largest = max(results["sizes"].items(), key=lambda one: int(one[0]))
    sizes = (size_of(one) for name, one in largest["tables"].items() if "growth_" not in name)
    return sum(sizes) / int(wearers)


def backup_s_of_a_wearer(results: dict[str, Any]) -> float:
    taken: list[float] = [
        one["backup_s"] / int(wearers)
        for wearers, one in results["sizes"].items()
        if one["backup_bytes"]
    ]
    return max(taken)


def vacuum_s_of_a_wearer(results: dict[str, Any]) -> float:
    wearers, largest = max(results["sizes"].items(), key=lambda one: int(one[0]))
    return float(largest["vacuum_s"]) / int(wearers)


def drift_s(results: dict[str, Any], wearers: int) -> float:
    """What it takes to read a wearer's rows, and what to pass over them, by a report of all and one of a sample."""
    measured, largest = max(results["sizes"].items(), key=lambda one: int(one[0]))
    whole = largest["scheduled_ms"]["monitoring.jobs.report_drift_job"] / 1000 / int(measured)
    sample, one_of = largest["drift_sample"]["ms"] / 1000, largest["drift_sample"]["one_of"]
    passed = max(0.0, (sample / int(measured) - whole / one_of) * one_of / (one_of - 1))
    drawn = wearers
    while drawn > READ_BY_DRIFT:
        drawn /= 2
    return drawn * (whole - passed) + wearers * passed


def write_growth(results: dict[str, Any]) -> str:
    """Carried on in a straight line, by powers of ten."""
    lines = [
        "| wearers | database | pictures | `pg_dump` | first vacuum | drift report | a round of the sweep of vectors "
        "| answers a second at the peak | web cores | cards |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for wearers in POWERS:
        peak = answers_at_peak(wearers)
        cells = (
            f"{wearers:,}", say_bytes(bytes_of_a_wearer(results) * wearers),
            say_bytes(PICTURE_BYTES * GARMENTS * wearers),
            say_seconds(backup_s_of_a_wearer(results) * wearers),
            say_seconds(vacuum_s_of_a_wearer(results) * wearers),
            say_seconds(drift_s(results, wearers)), say_seconds(round_s(results, wearers)), f"{peak:,.2f}",
            f"{cores(peak):,.1f}", f"{max(1, -(-peak // CARD_ANSWERS_A_S)):,.0f}",
        )  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def round_s(results: dict[str, Any], wearers: int) -> float:
    """Until the sweep has looked at every photo once: within one run, or over many."""
    _, largest = max(results["sizes"].items(), key=lambda one: int(one[0]))
    takes = wearers * GARMENTS / largest["vectors_looked_at_a_s"]
    return takes if takes <= SWEEP_S else -(-takes // SWEEP_S) * SWEEP_EVERY_S


def answers_at_peak(wearers: int) -> float:
    return wearers * ASKS_A_WEEK / 7 * PEAK_HOUR / 3600


def cores(peak: float) -> float:
    return peak * (ANSWER_CPU_S + PAGES_OF_AN_ASK * PAGE_CPU_S)


def say_bytes(size: float) -> str:
    for unit in ("MB", "GB"):
        size /= 1e6 if unit == "MB" else 1e3
        if size < 1000:
            return f"{size:,.0f} {unit}"
    return f"{size / 1e3:,.1f} TB"


def say_seconds(seconds: float) -> str:
    for limit, divisor, unit in ((100, 1, "s"), (6000, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{seconds / divisor:,.0f} {unit}"
    return f"{seconds / 86_400:,.0f} days"


def write_costs(results: dict[str, Any]) -> str:
    """Dollars of a wearer a month, with what they are made of."""
    lines = [
        "| a wearer a month, in cents | 100,000 wearers | 10,000,000 wearers |",
        "|---|---:|---:|",
    ]
    parts: dict[str, list[float]] = {}
    for wearers in (100_000, 10_000_000):
        peak = answers_at_peak(wearers)
        web = max(cores(peak), 2) * 2 / wearers * PRICES["a vCPU, a month"]
        disk = bytes_of_a_wearer(results) * COPIES / 1e9 * PRICES["a GB of database disk, a month"]
        base = COPIES * 8 * max(1, wearers // 250_000) * PRICES["a vCPU, a month"] / wearers
        objects = PICTURE_BYTES * GARMENTS / 1e9 * PRICES["a GB of objects, a month"]
        cards = max(2, -(-peak // CARD_ANSWERS_A_S)) * PRICES["a card, a month"] / wearers
        for name, dollars in (
            ("web processes, twice what the peak takes", web), ("database, processors", base),
            ("database, disks", disk), ("pictures", objects), ("cards for vLLM, two at least", cards),
        ):  # fmt: skip
            parts.setdefault(name, []).append(dollars * 100)
    lines += [f"| {name} | {few:.3f} | {many:.3f} |" for name, (few, many) in parts.items()]
    totals = [sum(column) for column in zip(*parts.values(), strict=True)]
    lines.append(f"| **together** | **{totals[0]:.2f}** | **{totals[1]:.2f}** |")
    return "\n".join(lines) + "\n"


def write_pages(results: dict[str, Any]) -> str:
    """How a wearer's pages and jobs compare between the sizes, in blocks and in time."""
    sizes = sorted(results["sizes"], key=int)
    few, many = (results["sizes"][size]["blocks"] for size in (sizes[0], sizes[-1]))
    blocks = {name: many[name] / max(few[name], 1) for name in few}
    leaves = {name: (many[name] - deeper(results, name)) / max(few[name], 1) for name in few}
    load = f"on a machine with a load of {results['environment']['load']:.0f}"
    lines = [
        f"| {int(sizes[-1]):,} wearers over {int(sizes[0]):,} | median | 90th of 100 | most | within {GOAL} |",
        "|---|---:|---:|---:|---:|",
        row("blocks of tables and indexes", blocks),
        row("blocks, but for those by which indexes are deeper", leaves),
    ]
    if "cpu_ms" in results:
        lines += [
            row(f"time of a processor, {load}", compare(results, "cpu_ms")),
            row("time by the clock, on the same", compare(results, "ms")),
        ]
    return "\n".join(lines) + "\n"


def compare(results: dict[str, Any], figure: str) -> dict[str, float]:
    """Of each page and job, the larger size's over the smaller one's."""
    sizes = sorted(results["sizes"], key=int)
    return {name: one[sizes[-1]] / one[sizes[0]] for name, one in results[figure].items()}


def deeper(results: dict[str, Any], name: str) -> int:
    """Blocks above the leaves of indexes that are looked at in the larger size and not in the smaller one."""
    sizes = sorted(results["sizes"], key=int)
    few, many = (results["sizes"][size]["above_leaves"][name] for size in (sizes[0], sizes[-1]))
    return int(many - few)


def row(name: str, ratios: dict[str, float]) -> str:
    found = sorted(ratios.values())
    figures = (found[len(found) // 2], found[len(found) * 9 // 10], found[-1])
    within = sum(ratio <= GOAL for ratio in found)
    cells = " | ".join(f"{figure:.2f}" for figure in figures)
    return f"| {name} | {cells} | {within} of {len(found)} |"


def write_beyond(results: dict[str, Any]) -> str:
    """The pages and jobs that look at more blocks than the goal allows, and how many of these deeper indexes explain."""
    sizes = sorted(results["sizes"], key=int)
    few, many = (results["sizes"][size]["blocks"] for size in (sizes[0], sizes[-1]))
    beyond = [name for name in few if many[name] > GOAL * max(few[name], 1)]
    lines = [
        f"| beyond {GOAL} by blocks | {int(sizes[0]):,} wearers | {int(sizes[-1]):,} | of these, deeper indexes |",
        "|---|---:|---:|---:|",
    ]
    for name in sorted(beyond, key=lambda name: -many[name] / max(few[name], 1)):
        lines.append(f"| {name} | {few[name]:,} | {many[name]:,} | {deeper(results, name):,} |")
    return "\n".join(lines if beyond else ["No page and no job looks at more."]) + "\n"


def write_short(results: dict[str, Any]) -> str:
    """As `write_pages`, of many wearers with a short history; what is given is of the others."""
    return write_pages(json.loads(SHORT.read_text()))


def write_short_beyond(results: dict[str, Any]) -> str:
    return write_beyond(json.loads(SHORT.read_text()))


TABLES = {
    "sizes": write_sizes, "growth": write_growth, "costs": write_costs, "pages": write_pages,
    "beyond": write_beyond, "short": write_short, "short_beyond": write_short_beyond,
}  # fmt: skip


def fill_in(page: str) -> str:
    """The page with its tables as the results have them."""
    results = read_results()
    return BLOCK.sub(lambda found: found[1] + TABLES[found[2]](results) + found[4], page)


def main() -> None:
    parser = argparse.ArgumentParser(description="The tables of docs/scale.md.")
    parser.add_argument("--write", action="store_true", help="into the page")
    page = fill_in(PAGE.read_text())
    if parser.parse_args().write:
        PAGE.write_text(page)
    else:
        print(page)


if __name__ == "__main__":
    main()
