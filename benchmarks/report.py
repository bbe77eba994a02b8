"""How every benchmark reports: a table for people, or one JSON object for scripts.

The object has `name`, `figures` (measured in this run), `ratios` (ours over each named peer or floor; below
1 is better than the peer), `missing` (peers that could not be run, by name) and `environment`.
"""

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value; `unit` such as "ms" or "ms CPU"."""

    name: str
    value: float
    unit: str


def describe_environment() -> dict[str, str | int | float]:
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cpus": os.cpu_count() or 0,
        "load": round(os.getloadavg()[0], 2),
    }


def report(
    name: str,
    *,
    figures: Sequence[Figure],
    ratios: Mapping[str, float],
    missing: Sequence[str] = (),
    environment: Mapping[str, str | int | float] | None = None,
) -> None:
    """Print what was measured, as JSON when `--json` was asked for."""
    result = {
        "name": name,
        "figures": [asdict(figure) for figure in figures],
        "ratios": dict(ratios),
        "missing": list(missing),
        "environment": {**describe_environment(), **(environment or {})},
    }
    if "--json" in sys.argv[1:]:
        print(json.dumps(result))
    else:
        print_table(result)


def print_table(result: dict) -> None:
    print(f"\n{result['name']}")
    width = max((len(row["name"]) for row in result["figures"]), default=0)
    for row in result["figures"]:
        print(f"  {row['name']:<{width}}  {row['value']:>10.2f} {row['unit']}")
    for peer, ratio in result["ratios"].items():
        print(f"  ours / {peer}: {ratio:.2f}")
    for peer in result["missing"]:
        print(f"  not measured: {peer}")
    print("  " + ", ".join(f"{key} {value}" for key, value in result["environment"].items()))
