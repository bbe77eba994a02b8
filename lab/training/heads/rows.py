"""What is known of each photo that heads learn from: the words that a careful person would accept."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wardrobe.vision.families import FAMILIES, FAMILY_OF, FOLDER_NAMES, PHOTOGRAPHED

MATERIALS = ("denim", "knit", "leather", "suede")
"""What a photo can show plainly, as far as the vocabulary has a word for it."""
NOT_PLAIN = ""
SLEEVES = ("none", "short", "long")
LENGTHS = ("short", "knee", "long")
BOTTOMS = frozenset({*FAMILIES["pants"], "shorts", "skirt"})
SECOND = 0.5
"""What each further acceptable word counts, against the one before it."""

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
    weight: float = 1.0
    is_labelled: bool = True
    """By eye: what is measured is measured on these."""
    is_real: bool = True


def read_labelled(path: Path) -> Iterator[Row]:
    """The lines of a file of finer labels. Raises OSError, KeyError."""
    for line in path.read_text().splitlines():
        yield read_label(json.loads(line))


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


def read_patterns(path: Path) -> dict[str, list[str]]:
    """Acceptable patterns by photo, of an earlier file of labels."""
    return {entry["file"]: entry["patterns"] for entry in json.loads(path.read_text())}


def read_folders(
    root: Path, known: Iterable[str], patterns: dict[str, list[str]], *, count: int, weight: float
) -> Iterator[Row]:
    """The first `count` photos of `root`/train that are not `known`: their folder tells the family.

    Those come first whose patterns are labelled.
    """
    left_out = set(known)
    files = [str(path.relative_to(root)) for path in sorted((root / "train").glob("*/*.jpg"))]
    others = [file for file in files if file not in left_out]
    for file in sorted(others, key=lambda file: file not in patterns)[:count]:
        folder = Path(file).parent.name
        family = FOLDER_NAMES.get(folder, folder)
        finer = [type_ for type_, own in PHOTOGRAPHED.items() if own == family]
        yield Row(
            file,
            dict.fromkeys([*FAMILIES[family], *finer], 1.0),
            patterns=share(patterns.get(file, [])),
            weight=weight,
            is_labelled=False,
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
            is_labelled=False,
            is_real=False,
        )


def share(words: list[str]) -> Shares:
    """The first word counts 1, each further one half as much as the one before."""
    return {word: SECOND**rank for rank, word in enumerate(words)}
