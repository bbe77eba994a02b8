"""Read a JSON object while it is still being written.

The object of an answer is flat: its members are strings, arrays or scalars. Strings are handed out
as they grow, array elements as each is finished, everything else when it is whole.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# By hand: ijson and pydantic-core's partial parsing hand out a string when it is whole, or read all of the text
# again at every piece; words must go out as they come.

MAX_LENGTH = 100_000
PLAIN = re.compile(r'[^"\\\x00]+')
"""What a string has nothing special in is taken at once."""
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class PartialJsonError(ValueError):
    """What came is not the beginning of one JSON object, or it is longer than `MAX_LENGTH`."""


@dataclass(frozen=True)
class Text:
    """More of the string member `key`, unescaped and without NUL."""

    key: str
    text: str


@dataclass(frozen=True)
class Item:
    """One finished element of the array member `key`."""

    key: str
    value: Any


@dataclass(frozen=True)
class Ended:
    """The member `key` is whole. `value` is None for strings and arrays: they were handed out."""

    key: str
    value: Any = None


Part = Text | Item | Ended


class PartialJson:
    """An incremental reader: `feed` it text in any pieces, get what became known.

    It is lenient where a model is (raw control characters in strings, as `json.loads` with
    `strict=False`) and strict about structure. It never waits for more than it needs.
    """

    def __init__(self) -> None:
        self._state: Callable[[str], None] = self._before_object
        self._parts: list[Part] = []
        self._length = 0
        self._key = ""
        self._raw: list[str] = []
        self._depth = 0
        self._quoted = self._escaped = self._is_in_text = False
        self._text: list[str] = []
        self._escape = self._high = ""

    def feed(self, text: str) -> list[Part]:
        self._parts = []
        self._length += len(text)
        if self._length > MAX_LENGTH:
            raise PartialJsonError("The answer is too long.")
        start = 0
        while start < len(text):
            is_plain = self._is_in_text and not (self._escape or self._high)
            if is_plain and (plain := PLAIN.match(text, start)):
                self._text.append(plain[0])
                start = plain.end()
            else:
                self._state(text[start])
                start += 1
        self._hand_out_text()
        return self._parts

    def _fail(self, char: str) -> None:
        raise PartialJsonError(f"Did not expect {char!r} {self._state.__name__.strip('_')}.")

    # Between the members

    def _before_object(self, char: str) -> None:
        if char == "{":
            self._state = self._before_key
        elif not char.isspace():
            self._fail(char)

    def _before_key(self, char: str) -> None:
        if char == '"':
            self._raw = ['"']
            self._state = self._in_key
        elif char == "}":
            self._state = self._after_object
        elif not char.isspace() and char != ",":
            self._fail(char)

    def _in_key(self, char: str) -> None:
        self._raw.append(char)
        if char == '"' and not self._escaped:
            self._key = self._decode()
            self._state = self._before_colon
        self._escaped = char == "\\" and not self._escaped

    def _before_colon(self, char: str) -> None:
        if char == ":":
            self._state = self._before_value
        elif not char.isspace():
            self._fail(char)

    def _before_value(self, char: str) -> None:
        if char.isspace():
            return
        self._raw, self._depth, self._quoted, self._escaped = [], 0, False, False
        if char == '"':
            self._state, self._is_in_text = self._in_string, True
        elif char == "[":
            self._state = self._in_array
        else:
            self._state = self._in_other
            self._in_other(char)

    def _after_object(self, char: str) -> None:
        if not char.isspace():
            self._fail(char)

    # Inside one member

    def _in_array(self, char: str) -> None:
        if self._is_inside(char) or char not in ",]":
            self._raw.append(char)
            return
        if raw := "".join(self._raw).strip():
            self._raw = [raw]
            self._parts.append(Item(self._key, self._decode()))
        self._raw = []
        if char == "]":
            self._end_member()

    def _in_other(self, char: str) -> None:
        if self._is_inside(char) or char not in ",}":
            self._raw.append(char)
            return
        self._end_member(self._decode())
        if char == "}":
            self._state = self._after_object

    def _is_inside(self, char: str) -> bool:
        """Whether `char` belongs to a nested value: within quotes or brackets."""
        if self._quoted:
            self._quoted = char != '"' or self._escaped
            self._escaped = char == "\\" and not self._escaped
            return True
        was_inside = self._depth > 0
        if char == '"':
            self._quoted = True
        elif char in "{[":
            self._depth += 1
        elif char in "}]" and was_inside:
            self._depth -= 1
        return was_inside or self._quoted

    def _in_string(self, char: str) -> None:
        if self._escape:
            self._continue_escape(char)
        elif char == "\\":
            self._escape = char
        else:
            self._drop_lone_surrogate()
            if char == '"':
                self._hand_out_text()
                self._end_member()
            elif char != "\0":
                self._text.append(char)

    def _continue_escape(self, char: str) -> None:
        self._escape += char
        if self._escape[1] == "u" and len(self._escape) < 6:
            return
        self._raw = ['"', self._escape, '"']
        self._escape = ""
        self._add_escaped(self._decode())

    def _add_escaped(self, char: str) -> None:
        """Join the two halves of a surrogate pair; a half without its other is replaced."""
        if self._high and "\udc00" <= char <= "\udfff":
            pair = (self._high + char).encode("utf-16", "surrogatepass").decode("utf-16")
            self._high = ""
            self._text.append(pair)
            return
        self._drop_lone_surrogate()
        if "\ud800" <= char <= "\udbff":
            self._high = char
        elif char != "\0":
            self._text.append(REPLACEMENT if "\udc00" <= char <= "\udfff" else char)

    def _drop_lone_surrogate(self) -> None:
        if self._high:
            self._high = ""
            self._text.append(REPLACEMENT)

    # Handing out

    def _hand_out_text(self) -> None:
        if self._text:
            self._parts.append(Text(self._key, "".join(self._text)))
            self._text = []

    def _end_member(self, value: Any = None) -> None:
        self._parts.append(Ended(self._key, value))
        self._state, self._is_in_text = self._before_key, False

    def _decode(self) -> Any:
        try:
            return json.loads("".join(self._raw), strict=False)
        except (ValueError, RecursionError) as error:
            raise PartialJsonError(f"Not JSON: {error}") from None
