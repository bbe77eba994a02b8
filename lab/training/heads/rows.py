"""What is known of each photo that heads learn from: the words that a careful person would accept."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wardrobe.vision.families import FAMILIES, FAMILY_OF

MATERIALS = ("denim", "knit", "leather", "suede")
"""What a photo can show plainly, as far as the vocabulary has a word for it."""
NOT_PLAIN = ""
SLEEVES = ("none", "short", "long")
LENGTHS = ("short", "knee", "long")
BOTTOMS = frozenset({*FAMILIES["pants"], "shorts", "skirt"})
SECOND = 0.5
"""What each further acceptable word counts, against the one before it."""
OURS = Path("benchmarks/data/finer_labels.jsonl")
"""Labels of photos of the training part that the given labels leave out, by a multimodal model that was shown them."""

Shares = dict[str, float]


@dataclass(frozen=True)
class Row:
    """One photo. Each field maps acceptable words to shares of the truth; an empty one is not known."""

    file: str
    types: Shares
    patterns: Shares = field(default_factory=dict)
    materials: Shares = field(default_factory=dict)
    sleeves: Shares = field(default_factory=dict)
    lengths: Shares = field(default_factory=dict)
    colours: Shares = field(default_factory=dict)
    is_real: bool = True
    """Labelled by eye, not drawn: what is measured is measured on these."""


def read_labelled(*paths: Path) -> list[Row]:
    """The lines of files of finer labels; of a photo that several label the first one's. Raises OSError, KeyError."""
    rows: dict[str, Row] = {}
    for path in paths:
        for line in path.read_text().splitlines():
            row = read_label(json.loads(line))
            rows.setdefault(row.file, row)
    return list(rows.values())


def read_label(label: dict[str, Any]) -> Row:
    """Types that the engine has no word for are left out, and so is the family's where a finer one is true."""
    words = (label["type"], *label["also"])
    coarse = FAMILY_OF.get(words[0], "") if words[0] != FAMILY_OF.get(words[0]) else ""
    types = [type_ for type_ in words if type_ in FAMILY_OF and type_ != coarse]
    reach = label["sleeve"]
    is_bottom = label["type"] in BOTTOMS
    material = label["material"] if label["material"] in MATERIALS else NOT_PLAIN
    return Row(
        file=label["file"],
        types=share(types),
        patterns=share([label["pattern"]]),
        materials=share([material]),
        sleeves=share([reach] if reach in SLEEVES and not is_bottom else []),
        lengths=share([reach] if reach in LENGTHS and is_bottom else []),
        colours=share(label["colors"]),
    )


def read_drawn(folder: Path) -> Iterator[Row]:
    """What was drawn is known."""
    for path in sorted(folder.glob("*.json"), key=lambda path: int(path.stem)):
        spec = json.loads(path.read_text())
        material = spec["material"] if spec["material"] in MATERIALS else NOT_PLAIN
        length = spec.get("length") if spec["type"] in BOTTOMS else ""
        yield Row(
            file=f"{path.stem}.png",
            types={spec["type"]: 1.0},
            patterns={spec["pattern"]: 1.0},
            materials={material: 1.0},
            sleeves=share([sleeve] if (sleeve := spec.get("sleeve")) else []),
            lengths=share([length] if length else []),
            colours={spec["colours"][0]: 1.0},
            is_real=False,
        )


def share(words: list[str]) -> Shares:
    """The first word counts 1, each further one half as much as the one before."""
    return {word: SECOND**rank for rank, word in enumerate(words)}
