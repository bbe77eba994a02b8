"""Digests of what shapes the answers of each task, stored beside the revisions that tasks declare.

    python -m tests.revisions --write    after raising a task's `schema_revision`

A digest covers, on one fixed question: the prompt variables, the schema, the tools and the output model;
and of the built-in engine its parameters, its constants, the weights and, where it is the same on every
machine, its answer.
"""

import hashlib
import importlib
import json
import os
import pkgutil
import re
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

STORED = Path(__file__).with_suffix(".json")
PLAIN = (str, int, float, bool, type(None), re.Pattern)
NARROW_TOOLS = {"tools": ["get_weather"]}
NOT_ANSWERING = (
    "wardrobe.vision.networks.",
    "wardrobe.vision.halves.",
    "wardrobe.vision.messages.",
)
"""How networks are kept on a machine: answers are the same to the bit (`tests/wardrobe/test_networks.py`)."""


def digest_tasks() -> dict[str, dict[str, Any]]:
    """Revision and digest of each task, by name."""
    from registry.prompts.bundles import digest
    from registry.tasks import get_task

    return {
        name: {"schema_revision": get_task(name).schema_revision, "digest": digest(shape)}
        for name, shape in {
            "digitize_photo": shape_digitize_photo(),
            "suggest_outfit": shape_suggest_outfit(),
        }.items()
    }


def shape_request(task: Any, context: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "variables": dict(task.fill_variables(context)),
        "schema": task.schema(context, parameters),
        "output": task.output.model_json_schema(),
        "tools": [
            [tool.name, tool.description, tool.arguments.model_json_schema()]
            for tool in task.tools(context, parameters)
        ],
    }


def shape_digitize_photo() -> dict[str, Any]:
    from wardrobe import vision
    from wardrobe.tasks import DigitizeContext, DigitizePhoto
    from wardrobe.vision.classifier import WEIGHTS
    from wardrobe.vision.parameters import VisionParameters

    files = sorted(path for path in WEIGHTS.iterdir() if path.suffix in {".onnx", ".json", ".npz"})
    return {
        **shape_request(DigitizePhoto(), DigitizeContext(b"", read_words()), {}),
        "parameters": VisionParameters().as_json(),
        "constants": {
            name: value
            for name, value in read_constants(vision).items()
            if not name.startswith(NOT_ANSWERING)
        },
        "weights": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    }


def shape_suggest_outfit() -> dict[str, Any]:
    from styling import learning, notes, stylist
    from styling.stylist.parameters import Parameters
    from styling.tasks import SuggestOutfit

    task, context = SuggestOutfit(), make_question()
    return {
        **shape_request(task, context, NARROW_TOOLS),
        "parameters": Parameters().model_dump(mode="json"),
        "constants": read_constants(stylist) | read_constants(learning) | read_constants(notes),
        "answer": "".join(task.offline(context, {})),
    }


def read_words() -> Any:
    """A vocabulary of its own: other words are another revision of the vocabulary, not of the code."""
    from wardrobe.vocabulary import Term, Vocabulary

    clo = {"light": 0.2, "medium": 0.3, "heavy": 0.4}
    casual = {"formality": "casual", "layering": "base", "clo": clo, "closed": True}
    slots = {"shirt": "top", "pants": "bottom", "boots": "shoes", "sandals": "shoes"}
    types = [Term("type", type_, type_.title(), slot, 0, casual) for type_, slot in slots.items()]
    other = {"formality": "casual", "met_w_m2": 100, "indoors": False}
    kinds = [
        "slot",
        "pattern",
        "material",
        "warmth",
        "layering",
        "season",
        "fit",
        "style",
        "sleeve",
        "length",
    ]
    return Vocabulary.of(
        [
            *types,
            *(Term(kind, f"{kind}_word", kind.title()) for kind in kinds),
            Term("colour", "navy", "Navy", "", 0, {"hex": "#1f2a44", "neutral": True}),
            *(Term("formality", v, v, "", i) for i, v in enumerate(["very_casual", "casual"])),
            Term("event", "other", "Something else", "", 0, other),
        ]
    )


def make_question() -> Any:
    from styling.stylist.context import Candidate, EventContext, GarmentFacts, OutfitContext
    from styling.weather.model import stated_weather

    words, starts = read_words(), datetime(2026, 11, 23, 9, tzinfo=UTC)
    names = {
        "shirt": "Navy shirt",
        "pants": "Grey trousers",
        "boots": "Boots",
        "sandals": "Sandals",
    }
    colours = ({"name": "navy", "hex": "", "share": 1.0},)
    facts = [
        GarmentFacts(id=f"{i}" * 8, name=name, type=type_, colours=colours)
        for i, (type_, name) in enumerate(names.items())
    ]
    return OutfitContext(
        event=EventContext.of("other", starts=starts, ends=starts.replace(hour=17), words=words),
        weather=stated_weather("mild", "dry", now=starts),
        wardrobe=tuple(Candidate.of(fact, words) for fact in facts),
        today=date(2026, 11, 23),
        words=words,
        seed=1,
    )


def read_constants(package: ModuleType) -> dict[str, Any]:
    """The plain constants of all modules of a package, by dotted name."""
    found: dict[str, Any] = {}
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if name.isupper() and is_plain(value):
                found[f"{module.name}.{name}"] = as_json(value)
    return found


def is_plain(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(is_plain(part) for pair in value.items() for part in pair)
    if isinstance(value, tuple | list | set | frozenset):
        return all(map(is_plain, value))
    return isinstance(value, PLAIN)


def as_json(value: Any) -> Any:
    """Sets and mappings in one order, whatever the hash seed is; of a computed float what every machine
    agrees on."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, re.Pattern):
        return value.pattern
    if isinstance(value, Mapping):
        return sorted((repr(key), as_json(part)) for key, part in value.items())
    if isinstance(value, set | frozenset):
        return sorted(map(repr, value))
    return [as_json(part) for part in value] if isinstance(value, tuple | list) else value


def read_stored() -> dict[str, dict[str, Any]]:
    stored: dict[str, dict[str, Any]] = json.loads(STORED.read_text())
    return stored


def find_fault(name: str, now: Mapping[str, Any], stored: Mapping[str, Any]) -> str:
    """What is to be done about a task; empty if nothing is."""
    if now == stored:
        return ""
    if now["digest"] == stored.get("digest"):
        return f"{name}: schema_revision changed, and nothing that it stands for: put it back"
    store = "store the new digest with python -m tests.revisions --write"
    if now["schema_revision"] > stored.get("schema_revision", 0):
        return f"{name}: {store}"
    return f"{name}: what shapes its answers changed: raise schema_revision of {name} and {store}"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")
    import django

    django.setup()
    now, stored = digest_tasks(), read_stored() if STORED.exists() else {}
    faults = [find_fault(name, now[name], stored.get(name, {})) for name in now]
    unraised = [fault for fault in faults if "raise schema_revision" in fault]
    if "--write" in sys.argv and not unraised:
        STORED.write_text(json.dumps(now, indent=2) + "\n")
    elif any(faults):
        sys.exit("\n".join(filter(None, faults)))


if __name__ == "__main__":
    main()
