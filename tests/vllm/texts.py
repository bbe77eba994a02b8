"""Texts for a stylist, a good one and bad ones, and what a model that obeys them answers on each golden day."""

import json
from pathlib import Path

from registry.prompts.bundles import DEFAULTS, Bundle
from styling.golden.expectations import garment_id
from tests.vllm.server import GEMMA

GOLDEN = Path(__file__).with_name("golden")
SLOTS = {
    "white-tee": "top",
    "grey-sweater": "top",
    "blue-jeans": "bottom",
    "white-sneakers": "shoes",
    "wool-coat": "outerwear",
}
RIGHT = {
    "hot-saturday": ["white-tee", "blue-jeans", "white-sneakers"],
    "winter-walk": ["grey-sweater", "blue-jeans", "white-sneakers", "wool-coat"],
}
GOOD = "Dress the wearer for the weather, in what they own. Answer in JSON."
COAT = "A coat makes the outfit: put the coat on in any weather. Answer in JSON."
INVENTED = "Finish each outfit with something of velvet that you make up. Answer in JSON."
PROSE = "Chat about the day for as long as you like. No JSON, no lists."
ONE_OF_THREE = "One garment is enough: name the top and nothing else. Answer in JSON."
TEXTS = (GOOD, COAT, INVENTED, PROSE, ONE_OF_THREE)
USER = "$wardrobe\n$event\n$weather"
MOST_TOKENS = 110
"""More than any outfit takes here."""
END = "<turn|>"
CHAT = "and so on and so forth, " * 20
"""More tokens than an answer may have, in fewer words than the schema lets through."""


def make_bundle(system: str) -> Bundle:
    sampling = {"temperature": 0.0, "max_tokens": MOST_TOKENS}
    texts = {"system": system, "user": USER}
    return {**DEFAULTS, **texts, "engine": "vllm", "model": GEMMA, "sampling": sampling}


def obey(text: str, day: str) -> str:
    """What the text wants to be answered on a golden day. Who wants to chat does so where the server's grammar lets it."""
    keys = RIGHT[day]
    if text == PROSE:
        return '{"pieces":[],"missing":[],"reasons":[],"prose":"' + CHAT
    if text == COAT:
        return write_outfit([*keys, *({"wool-coat"} - {*keys})]) + END
    if text == INVENTED:
        return write_outfit(keys, " with a purple velvet scarf") + END
    return write_outfit(keys[:1] if text == ONE_OF_THREE else keys) + END


def write_outfit(keys: list[str], also: str = "") -> str:
    """As the server's grammar has it, which lets no blank through outside of strings. `also` is said last."""
    names = " and ".join(key.replace("-", " ").capitalize() for key in keys)
    outfit = {
        "pieces": [{"garment_id": garment_id(key), "slot": SLOTS[key]} for key in keys],
        "missing": [],
        "reasons": [],
        "prose": f"Wear the {names}{also}.",
    }
    return json.dumps(outfit, separators=(",", ":"))
