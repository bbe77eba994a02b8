"""How well the check of the stylist's prose tells what is false: precision and recall on labelled sentences.

    python -m benchmarks.claims [--split dev|test|all] [--wrong]

`fixtures/prose_claims.jsonl` holds 500 sentences with labels made by the project: the wearer's question, the kind
of sentence, and which claims in it are false. Rules are made looking at the half `dev`; `test` measures them.
"""

import argparse
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")

import django

django.setup()

from styling.checks.claims import Claims  # noqa: E402
from styling.stylist.context import OutfitContext  # noqa: E402
from tests.styling.wardrobes import ask, make_event, make_wardrobe, make_weather  # noqa: E402

SENTENCES = Path(__file__).resolve().parents[1] / "fixtures" / "prose_claims.jsonl"
WARDROBE = {piece.name: piece for piece in make_wardrobe()}
RAINY = make_weather(8, 12, rain=range(14, 17), wind=34)
QUESTIONS = {
    "summer": (
        make_weather(27, 31, code=1),
        {"note": "No umbrella please. Last time I wore the wool coat."},
        ("White tee", "Khaki shorts", "Tan sandals"),
    ),
    "mild": (make_weather(18), {}, ("Green polo", "Beige chinos", "White sneakers")),
    "rain": (
        RAINY,
        {"note": "My red umbrella is broken.", "kind": "business"},
        ("Blue oxford", "Grey sweater", "Grey trousers", "Brown boots", "Olive rain jacket"),
    ),
    "snow": (
        make_weather(-6, -2, rain=range(9, 17), code=73),
        {},
        ("Cream turtleneck", "Wool trousers", "Brown boots", "Wool coat", "Plaid scarf", "Navy beanie", "Wool socks"),
    ),
    "fahrenheit": (
        make_weather(18, 21),
        {"kind": "formal", "units": "imperial"},
        ("Wine dress", "Black heels"),
    ),
    "unknown": (None, {}, ("Black longsleeve", "Dark jeans", "White sneakers")),
}  # fmt: skip
"""The weather, what else is known, and what is worn, of each context."""


@dataclass(frozen=True)
class Sentence:
    context: str
    kind: str
    split: str
    text: str
    false: frozenset[str]


@dataclass(frozen=True)
class Judged:
    sentence: Sentence
    found: frozenset[str]

    @property
    def is_right(self) -> bool:
        return self.found == self.sentence.false


def read_sentences(split: str = "all") -> list[Sentence]:
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    sentences = [Sentence(**{**row, "false": frozenset(row["false"])}) for row in rows]
    return [one for one in sentences if split in {"all", one.split}]


@cache
def build_claims(context: str) -> Claims:
    weather, more, worn = QUESTIONS[context]
    fields = dict(more)
    event = make_event(fields.pop("kind", "casual"), note=fields.pop("note", ""))
    question: OutfitContext = ask(WARDROBE.values(), weather, **{**fields, "event": event})
    return Claims(question, [WARDROBE[name] for name in worn])


def judge(sentences: Iterable[Sentence]) -> list[Judged]:
    judged = []
    for one in sentences:
        clauses = build_claims(one.context).judge(one.text)
        codes = frozenset(fault.code for clause in clauses for fault in clause.faults)
        judged.append(Judged(one, codes))
    return judged


@dataclass(frozen=True)
class Quality:
    """Of all false claims by their codes: those that were found, and those that were found and are true."""

    hits: int
    missed: int
    alarms: int

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.alarms) if self.hits + self.alarms else 1.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0


def measure(judged: Iterable[Judged], codes: Iterable[str]) -> Quality:
    pairs = [(code in one.sentence.false, code in one.found) for one in judged for code in codes]
    return Quality(
        pairs.count((True, True)), pairs.count((True, False)), pairs.count((False, True))
    )


CODES = ("invented_garment", "invented_weather")


def main() -> None:
    parser = argparse.ArgumentParser(description="Precision and recall of the prose check.")
    parser.add_argument("--split", choices=["dev", "test", "all"], default="all")
    parser.add_argument("--wrong", action="store_true", help="print the sentences judged wrongly")
    options = parser.parse_args()
    judged = judge(read_sentences(options.split))
    for name, codes in [("all claims", CODES), *((code, (code,)) for code in CODES)]:
        quality = measure(judged, codes)
        print(
            f"{name:<18} precision {quality.precision:6.1%}  recall {quality.recall:6.1%}  "
            f"({quality.hits} found, {quality.missed} missed, {quality.alarms} false alarms)"
        )
    for kind in sorted({one.sentence.kind for one in judged}):
        of_kind = [one for one in judged if one.sentence.kind == kind]
        print(f"  {kind:<16} {sum(one.is_right for one in of_kind):>3} of {len(of_kind)}")
    if options.wrong:
        for one in judged:
            if not one.is_right:
                print(
                    f"{one.sentence.context:<10} {sorted(one.sentence.false)} → {sorted(one.found)}: {one.sentence.text}"
                )


if __name__ == "__main__":
    main()
