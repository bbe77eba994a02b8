"""ONNX models as bytes: the few messages of onnx.proto3 that a network's graph needs, and reading any.

By hand, for the `onnx` package would be installed for this one file. Field numbers are those of
https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Attribute = int | str | Sequence[int]

IR_VERSION, OPSET = 8, 17
FLOAT, HALF = 1, 10
VARINT, BLOCK = 0, 2
FIXED = {1: 8, 5: 4}
"""Bytes of a field that is written so."""
ATTRIBUTE_INT, ATTRIBUTE_STRING, ATTRIBUTE_INTS = 2, 3, 7


class Field(NamedTuple):
    """Of a message: a number that is not negative, or bytes."""

    number: int
    value: int | bytes
    wire: int
    """How it is written: VARINT, BLOCK, or as four or eight bytes."""


def read_message(content: bytes) -> Iterator[Field]:
    """Its fields in their order. Raises ValueError where it is none."""
    at = 0

    def take(length: int) -> bytes:
        nonlocal at
        part = content[at : at + length]
        if len(part) < length:
            raise ValueError("The message ends too early")
        at += length
        return part

    def take_varint() -> int:
        value = shift = 0
        while True:
            (byte,) = take(1)
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(content):
        key = take_varint()
        wire = key & 7
        if wire == VARINT:
            yield Field(key >> 3, take_varint(), wire)
        elif wire == BLOCK:
            yield Field(key >> 3, take(take_varint()), wire)
        elif wire in FIXED:
            yield Field(key >> 3, take(FIXED[wire]), wire)
        else:
            raise ValueError(f"No field is written as {wire}")


def write_message(fields: Iterable[Field]) -> bytes:
    """What `read_message` reads."""
    written = []
    for one in fields:
        key = varint(one.number << 3 | one.wire)
        if isinstance(one.value, int):
            written.append(key + varint(one.value))
        else:
            length = varint(len(one.value)) if one.wire == BLOCK else b""
            written.append(key + length + one.value)
    return b"".join(written)


def varint(value: int) -> bytes:
    """Of a number that is not negative, seven bits a byte, the lowest first."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def block(field: int, content: bytes | str) -> bytes:
    """Text, bytes or another message."""
    encoded = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(encoded)) + encoded


def tensor(name: str, values: Floats) -> bytes:
    shape = b"".join(number(1, side) for side in values.shape)
    content = np.ascontiguousarray(values, "<f4").tobytes()
    return shape + number(2, FLOAT) + block(8, name) + block(9, content)


def node(
    operator: str, inputs: Iterable[str], output: str, attributes: Mapping[str, Attribute]
) -> bytes:
    return b"".join(
        [
            *(block(1, name) for name in inputs),
            block(2, output),
            block(3, output),
            block(4, operator),
            *(block(5, attribute(name, value)) for name, value in attributes.items()),
        ]
    )


def attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        return block(1, name) + number(3, value) + number(20, ATTRIBUTE_INT)
    if isinstance(value, str):
        return block(1, name) + block(4, value) + number(20, ATTRIBUTE_STRING)
    values = b"".join(number(8, one) for one in value)
    return block(1, name) + values + number(20, ATTRIBUTE_INTS)


def variable(name: str, sides: Sequence[int | str]) -> bytes:
    """An input or output of floats; a side that may vary goes by a name."""
    dimensions = b"".join(
        block(1, number(1, side) if isinstance(side, int) else block(2, side)) for side in sides
    )
    return block(1, name) + block(2, block(1, number(1, FLOAT) + block(2, dimensions)))


def model(
    name: str,
    *,
    nodes: Iterable[bytes],
    weights: Iterable[bytes],
    inputs: Iterable[bytes],
    outputs: Iterable[bytes],
) -> bytes:
    graph = [
        *(block(1, one) for one in nodes),
        block(2, name),
        *(block(5, one) for one in weights),
        *(block(11, one) for one in inputs),
        *(block(12, one) for one in outputs),
    ]
    opset = block(1, "") + number(2, OPSET)
    return number(1, IR_VERSION) + block(7, b"".join(graph)) + block(8, opset)
