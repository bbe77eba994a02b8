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
    "schema_revision": 1,
    "vocabulary_revision": "",
    "examples": [],
    "parameters": {},
}
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


def render(template: str, variables: Mapping[str, str]) -> str:
    """Fill a template once: what a variable holds is never read as a template again.

    Raises KeyError for a variable that the task does not provide.
    """
    return Template(template).substitute(variables)
