"""The JSON object in what a model says: thoughts and code fences before it are left out, and all behind it."""

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from registry.engines.base import OutputError

THOUGHT_BEGINS = re.compile(r"<\|channel\|?>|<\|?(?:think|thinking|thought)\|?>", re.IGNORECASE)
THOUGHT_ENDS = re.compile(r"<\|?channel\|>|</\|?(?:think|thinking|thought)\|?>", re.IGNORECASE)
LONGEST_MARK = 32
LONGEST_START = 200
"""Characters from a brace to the colon behind the first key."""
MAX_DEPTH = 40
MAX_SKIPPED = 100_000
MAX_OBJECTS = 50
BLANK = re.compile(
    r"(?:[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]|\\[nrtbf]|\\u(?:00[01][0-9a-f]|0020|00a0|20[0-6][0-9a-f]|feff))*"
    r"(?:\\(?:u[0-9a-f]{0,3})?)?",
    re.IGNORECASE,
)
"""What nobody can see, also as JSON escapes it, and the beginning of such an escape."""
MAX_BLANK_PARTS, MAX_BLANK_CHARACTERS = 40, 400
"""More than any indentation has: Gemma 4 loops in the whitespace that a JSON grammar allows."""


class ObjectReader:
    """Hands on the first object of a text that comes in parts, as it comes.

    An object begins with one of `keys`; without keys with any. Raises OutputError for one that is nested
    deeper than `MAX_DEPTH`.
    """

    def __init__(self, keys: Collection[str] = ()) -> None:
        names = "|".join(map(re.escape, keys))
        first = rf'"(?:{names})"\s*:' if names else r'["}]'
        self._start = re.compile(rf"\{{\s*{first}")
        self._head = self._skipped = ""
        self._is_inside = self._is_thinking = False
        self._depth = 0
        self._quoted = self._escaped = False
        self.is_whole = False

    @property
    def has_begun(self) -> bool:
        return self._is_inside or self.is_whole

    @property
    def skipped(self) -> str:
        """What came before the object, up to `MAX_SKIPPED` characters."""
        return self._skipped

    def feed(self, text: str) -> str:
        """The part of `text` that belongs to the object."""
        if self.is_whole:
            return ""
        if self._is_inside:
            return self._read_object(text)
        self._skipped = (self._skipped + text)[:MAX_SKIPPED]
        self._head += text
        while self._step():
            pass
        if not self.has_begun:
            return ""
        head, self._head = self._head, ""
        return self._read_object(head)

    def _step(self) -> bool:
        """Go on to the end of a thought, the beginning of one, or that of the object: False at none."""
        if self._is_thinking:
            return self._leave_thought()
        start, thought = self._start.search(self._head), THOUGHT_BEGINS.search(self._head)
        if thought and (start is None or thought.start() < start.start()):
            self._head, self._is_thinking = self._head[thought.end() :], True
            return True
        if start:
            self._head, self._is_inside = self._head[start.start() :], True
        else:
            self._head = self._head[-LONGEST_START:]
        return False

    def _leave_thought(self) -> bool:
        end = THOUGHT_ENDS.search(self._head)
        self._head = self._head[end.end() :] if end else self._head[-LONGEST_MARK:]
        self._is_thinking = end is None
        return end is not None

    def _read_object(self, text: str) -> str:
        for index, char in enumerate(text):
            self._take(char)
            if self._depth == 0 and not self._quoted:
                self.is_whole, self._is_inside = True, False
                return text[: index + 1]
        return text

    def _take(self, char: str) -> None:
        if self._quoted:
            self._quoted = char != '"' or self._escaped
            self._escaped = char == "\\" and not self._escaped
        elif char == '"':
            self._quoted = True
        elif char in "{[":
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise OutputError("The answer is nested too deeply")
        elif char in "}]":
            self._depth -= 1


class BlankGuard:
    """Gives up on a model that goes on and says nothing that can be seen."""

    def __init__(self) -> None:
        self._tail = ""
        self._parts = 0

    def feed(self, text: str) -> bool:
        """Whether `text` holds anything to be seen. Raises OutputError after too much that does not."""
        said = self._tail + text
        if BLANK.fullmatch(said) is None:
            self._tail, self._parts = find_blank_tail(text), 0
            return True
        self._tail = said[-MAX_BLANK_CHARACTERS - 1 :]
        self._parts += 1
        if self._parts > MAX_BLANK_PARTS or len(self._tail) > MAX_BLANK_CHARACTERS:
            raise OutputError("The answer went on in blanks", "truncated")
        return False


def find_blank_tail(text: str) -> str:
    """The half of an escape that ends `text`, to be read with what follows."""
    half = re.search(r"\\(?:u[0-9a-f]{0,3})?$", text, re.IGNORECASE)
    return half[0] if half else ""


def find_objects(text: str) -> Iterator[dict[str, Any]]:
    """The whole JSON objects of a text, in their order; an object inside another is not one of them.

    Raises ValueError where the text holds none, RecursionError for one that is nested too deeply.
    """
    decoder = json.JSONDecoder(strict=False)
    fault: ValueError | None = None
    index, found = text.find("{"), 0
    for _ in range(MAX_OBJECTS):
        if index < 0:
            break
        try:
            value, end = decoder.raw_decode(text, index)
        except ValueError as error:
            fault, end = fault or error, index + 1
        else:
            found += 1
            yield value
        index = text.find("{", end)
    if not found:
        raise fault or ValueError("it holds no object")
