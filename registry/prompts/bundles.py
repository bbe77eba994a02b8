"""Bundles, which hold all that a version decides by: defaults, identity, rendering."""

import hashlib
import json
import re
from collections.abc import Mapping
from string import Template
from typing import Any

Bundle = dict[str, Any]
DEFAULTS: Bundle = {
    "engine": "default",
    "model": {},
    "sampling": {},
    "enable_thinking": False,
    "image": {},
    "schema_revision": 0,
    "vocabulary_revision": "",
    "examples": [],
    "parameters": {},
}
"""What a file may leave out. A version holds the revisions of its task where these are nought."""
MOST_PICTURES = 3
"""Examples with a picture in a version: a model server is asked with four pictures at most, the last one being the
wearer's."""
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""In JSON. PostgreSQL's texts cannot hold it."""


def canonical_json(value: Any) -> str:
    """One text for equal values: sorted keys, no spaces, no NaN."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest(value: Any) -> str:
    """The SHA-256 of a value's canonical JSON, hex."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def get_variables(bundle: Bundle) -> set[str]:
    """The variables that both templates of a bundle use."""
    texts = (bundle["system"], bundle["user"])
    return {name for text in texts for name in Template(text).get_identifiers()}


def name_model(model: Mapping[str, Any]) -> str:
    """What a version's model is called at the server: its adapter, else its id, `@` the revision of the
    weights below. A server of other weights has no model of that name."""
    name = str(model.get("adapter") or model.get("id", ""))
    revision = model.get("revision", "")
    return f"{name}@{revision}" if name and revision else name


def render(template: str, variables: Mapping[str, str]) -> str:
    """Fill a template once: what a variable holds is never read as a template again.

    Raises KeyError for a variable that the task does not provide.
    """
    return Template(template).substitute(variables)
