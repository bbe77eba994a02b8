"""Prompt files and bundles: parse, identify, render. Nothing here touches the database.

A prompt file is TOML between two `+++` lines, then the sections `# System` and `# User`, which are
`string.Template` texts: a missing variable raises, and JSON braces survive. A line of a text that would
read as such a heading has a backslash before it.
"""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from registry.prompts.bundles import DEFAULTS, MOST_PICTURES, NUL, Bundle, canonical_json

FILE = re.compile(
    r"\A\+\+\+\n(?P<toml>.*?)\n\+\+\+\s*\n# System\n(?P<system>.*?)\n# User\n(?P<user>.*)\Z", re.S
)
HEADING = re.compile(r"^(\\*# (?:System|User))$", re.M)
ESCAPED_HEADING = re.compile(r"^\\(\\*# (?:System|User))$", re.M)
MAX_CHARACTERS = 300
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
SHA256 = re.compile("[0-9a-f]{64}")
SAMPLED: dict[str, tuple[float, float]] = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "min_p": (0, 1),
    "top_k": (-1, 1_000_000),
    "max_tokens": (1, 1_000_000),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
    "repetition_penalty": (0, 2),
}
"""From and to, as vLLM's `SamplingParams` and OpenAI's API have them; the largest numbers are ours."""
WHOLE = {"top_k", "max_tokens"}


class PromptFileError(ValueError):
    """A prompt file that cannot be read; the message names the file and what is wrong."""


@dataclass(frozen=True)
class PromptFile:
    """One parsed file: the task's name (the file's), words for people, and the bundle."""

    name: str
    description: str
    notes: str
    bundle: Bundle


def parse_prompt_file(path: Path) -> PromptFile:
    """Read one `<task>.md`. Raises PromptFileError."""
    return parse_prompt(path.stem, path.read_text(encoding="utf-8"))


def parse_prompt(name: str, content: str) -> PromptFile:
    """The text of `<name>.md`. Raises PromptFileError."""
    match = FILE.match(content.replace("\r\n", "\n"))
    if match is None:
        raise PromptFileError(f"{name}.md: wanted +++ TOML +++, then # System and # User")
    try:
        front = parse_toml(match["toml"])
        description, notes = front.pop("description", ""), front.pop("notes", "")
        check_words(description, notes)
        check_settings(front)
        texts = {part: ESCAPED_HEADING.sub(r"\1", match[part]) for part in ("system", "user")}
        bundle = make_bundle(front, **texts)
    except PromptFileError as error:
        raise PromptFileError(f"{name}.md: {error}") from error
    return PromptFile(name, description, notes, bundle)


def parse_toml(text: str) -> Bundle:
    """Raises PromptFileError."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # Also integers that are too long.
        raise PromptFileError(str(error)) from error


def make_bundle(settings: Bundle, *, system: str, user: str) -> Bundle:
    """What decides behaviour: checked settings, and both texts. Raises PromptFileError."""
    texts = {"system": parse_template(system), "user": parse_template(user)}
    return {**DEFAULTS, **settings, **texts}


def parse_template(text: str) -> str:
    """A text as bundles hold it, with no blank ends. Raises PromptFileError."""
    text = text.replace("\r\n", "\n").strip()
    if not Template(text).is_valid():
        raise PromptFileError("a lone $ must be written $$")
    if "\x00" in text:
        raise PromptFileError("no text may hold a NUL")
    return text


def write_prompt(file: PromptFile) -> str:
    """The text that `parse_prompt` reads as this file again; what is as by default is left out.

    Raises PromptFileError for a bundle that no file can say: null values, texts with carriage returns or
    with blank ends.
    """
    bundle = {"description": file.description, "notes": file.notes}
    defaults: Bundle = {"description": "", "notes": "", **DEFAULTS}
    bundle.update({key: value for key, value in file.bundle.items() if key in DEFAULTS})
    changed = {key: value for key, value in bundle.items() if value != defaults[key]}
    texts = [HEADING.sub(r"\\\1", file.bundle[name]) for name in ("system", "user")]
    content = f"+++\n{write_toml(changed)}\n+++\n\n# System\n\n{texts[0]}\n\n# User\n\n{texts[1]}\n"
    if "\r" in content or parse_prompt(file.name, content) != file:
        raise PromptFileError(f"{file.name}.md: a prompt file cannot say what this version holds")
    return content


def write_toml(table: Bundle) -> str:
    """Plain values first, then one table for each mapping; what is deeper stands on one line."""
    plain = {key: value for key, value in table.items() if not isinstance(value, dict)}
    lines = [f"{write_key(key)} = {write_value(value)}" for key, value in plain.items()]
    for name in [name for name in table if name not in plain]:
        values = table[name].items()
        lines += ["", f"[{write_key(name)}]"]
        lines += [f"{write_key(key)} = {write_value(value)}" for key, value in values]
    return "\n".join(lines)


def write_value(value: Any) -> str:
    """One TOML value on one line. Raises PromptFileError for null, which TOML has not."""
    if isinstance(value, dict):
        inner = (f"{write_key(key)} = {write_value(held)}" for key, held in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(write_value, value)) + "]"
    if value is None:
        raise PromptFileError("a prompt file cannot hold null")
    # JSON's escapes are TOML's, but TOML wants DEL escaped, too.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def write_key(key: str) -> str:
    return key if BARE_KEY.fullmatch(key) else write_value(key)


def write_settings(bundle: Bundle) -> str:
    """All that an author may choose but the texts, as TOML. Raises PromptFileError for null, which TOML
    has not."""
    chosen = {name: value for name, value in DEFAULTS.items() if name != "schema_revision"}
    return write_toml({name: bundle.get(name, value) for name, value in chosen.items()})


def check_words(*words: Any) -> None:
    """The words for people. Raises PromptFileError."""
    if not all(isinstance(text, str) and len(text) <= MAX_CHARACTERS for text in words):
        raise PromptFileError(
            f"description and notes are texts of {MAX_CHARACTERS} characters at most"
        )
    check_json([*words])


def check_settings(settings: Bundle) -> None:
    """All of a bundle but the texts. Raises PromptFileError."""
    if fault := find_fault(settings):
        raise PromptFileError(fault)
    check_json(settings)


def check_json(value: Any) -> None:
    """That PostgreSQL can hold it. Raises PromptFileError."""
    try:
        text = canonical_json(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise PromptFileError(f"JSON cannot hold it: {error}") from error
    if NUL.search(text):
        raise PromptFileError("no text may hold a NUL")


def find_fault(front: Bundle) -> str:
    """What is wrong with the settings; empty if nothing is."""
    if unknown := set(front) - set(DEFAULTS):
        return f"unknown keys {sorted(unknown)}"
    for name, value in front.items():
        if type(value) is not type(DEFAULTS[name]):
            return f"{name} must be a {type(DEFAULTS[name]).__name__}"
    return find_sampling_fault(front.get("sampling", {})) or find_example_fault(
        front.get("examples", [])
    )


def find_sampling_fault(sampling: Bundle) -> str:
    """What is wrong with numbers that we know; empty if nothing is. A server may know others."""
    for name, (low, high) in SAMPLED.items():
        kinds = (int,) if name in WHOLE else (int, float)
        value = sampling.get(name, low)
        if type(value) not in kinds or not low <= value <= high:
            whole = "a whole number" if name in WHOLE else "a number"
            return f"sampling.{name} is {whole} from {low} to {high}"
    return ""


def find_example_fault(examples: list[Any]) -> str:
    """What is wrong with few-shot examples; empty if nothing is."""
    for example in examples:
        if not isinstance(example, dict) or set(example) - {"picture"} != {"user", "assistant"}:
            return "every example has a user and an assistant text, and may have a picture"
    pictures = [example["picture"] for example in examples if "picture" in example]
    if not all(isinstance(digest, str) and SHA256.fullmatch(digest) for digest in pictures):
        return "an example's picture is the SHA-256 of its pixels, hex"
    if len(pictures) > MOST_PICTURES:
        return f"at most {MOST_PICTURES} examples have a picture"
    return ""
