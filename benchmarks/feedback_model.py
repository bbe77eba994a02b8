"""A model server that follows sentences most of the time: it stands for the weights that are not here.

It knows what is right of every picture, and mixes one type up: every garment of `right` it calls `said`. Where the system
text tells the two apart it does as told for OBEYS of the pictures, and calls one in twenty of `said` by the other name, too;
where it is shown an example of `right`, for SHOWN of them. Which pictures these are follows from their bytes.
"""

import base64
import hashlib
import json
from typing import Any

from tests.fakes import Script, ScriptedVllm, answer

OBEYS, SHOWN, OVERDOES = 0.8, 0.7, 0.05
PLAIN = {"pattern": "solid", "colours": ["grey"]}
WORDS = ("warmth", "layering", "formality", "sleeve", "length")


class FollowingModel(ScriptedVllm):
    """`truth` has the labels of the garments of each picture, by the SHA-256 of its bytes."""

    def __init__(self) -> None:
        super().__init__(Script())
        self.truth: dict[str, list[dict[str, Any]]] = {}
        self.said = self.right = ""

    def next_script(self, body: dict[str, Any]) -> Script:
        digest = find_picture(body["messages"][-1])
        text = body["messages"][0]["content"]
        garments = [self.name(one, digest, text, body) for one in self.truth[digest]]
        return Script(answer(json.dumps({"person": False, "garments": garments})))

    def name(
        self, label: dict[str, Any], digest: str, text: str, body: dict[str, Any]
    ) -> dict[str, Any]:
        follows = self.choose_share(text, body)
        draw = int(digest[:8], 16) / 2**32
        told = label["type"]
        if told == self.right and draw >= follows:
            told = self.said
        elif told == self.said and follows and draw < OVERDOES:
            told = self.right
        return write_garment(label, told)

    def choose_share(self, text: str, body: dict[str, Any]) -> float:
        """Of the pictures of `right` that are told right."""
        if f"Call it `{self.right}`" in text and f"`{self.said}` if" in text:
            return OBEYS
        shown = [one["content"] for one in body["messages"] if one["role"] == "assistant"]
        return SHOWN if any(f'"type": "{self.right}"' in one for one in shown) else 0.0


def find_picture(message: dict[str, Any]) -> str:
    (picture,) = (one for one in message["content"] if one["type"] == "image_url")
    return hash_bytes(base64.b64decode(picture["image_url"]["url"].split(",")[1]))


def hash_bytes(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write_garment(label: dict[str, Any], told: str) -> dict[str, Any]:
    colour = (label.get("colours") or PLAIN["colours"])[0]
    return {
        "box": label.get("box", []),
        "type": told,
        "colours": [{"name": colour, "share": 1.0}],
        "pattern": (label.get("patterns") or ["solid"])[0],
        "material": (label.get("materials") or [""])[0],
        "seasons": label.get("seasons") or [],
        "water_resistant": bool(label.get("water_resistant")),
        **{name: label.get(name, "") for name in WORDS},
    }
