"""The vocabulary as its files have it."""

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "vocabulary"


def read_terms(name: str) -> list[dict[str, Any]]:
    terms: list[dict[str, Any]] = tomllib.loads((FOLDER / f"{name}.toml").read_text())["terms"]
    return terms
