"""Weights that are 16-bit floats in all but size, kept as such: half the memory, and a network makes floats of them as it
runs.

The networks that we trained come with 16-bit floats. onnxruntime makes floats of them as it orders them for the
processor, and so keeps each with 16 bits of nothing. Made a float again each is the same to the bit.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from wardrobe.vision.messages import (
    BLOCK,
    FLOAT,
    HALF,
    Field,
    block,
    node,
    number,
    read_message,
    write_message,
)

GRAPH = 7
"""Of a ModelProto."""
NODE, TENSOR = 1, 5
"""Of a GraphProto."""
INPUT, OPERATOR, DOMAIN = 1, 4, 7
"""Of a NodeProto."""
TYPE, NAME, EXTERNAL = 2, 8, 13
"""Of a TensorProto."""
ORDERED = (b"Conv", b"com.microsoft.nchwc")
"""The one operator that reads weights as they lie. Others pack them once if they never change, and then compute in
another order."""
ALIGNED = 64
"""Bytes that the place of a tensor in the file is a multiple of."""


@dataclass(frozen=True)
class Tensor:
    """One of which the values lie in the file of weights."""

    fields: tuple[Field, ...]
    name: bytes
    type: int
    values: bytes

    def halve(self) -> "Tensor":
        """With 16-bit floats under another name; itself where one of its values is no 16-bit float."""
        if self.type != FLOAT:
            return self
        floats = np.frombuffer(self.values, "<f4")
        with np.errstate(over="ignore"):
            halves = floats.astype("<f2")
        if halves.astype("<f4").tobytes() != self.values:
            return self
        return replace(self, name=self.name + b"/half", type=HALF, values=halves.tobytes())

    def write(self, file: bytes, offset: int) -> bytes:
        kept = [one for one in self.fields if one.number not in (TYPE, NAME, EXTERNAL)]
        places = {b"location": file, b"offset": b"%d" % offset, b"length": b"%d" % len(self.values)}
        told = b"".join(
            block(EXTERNAL, block(1, key) + block(2, value)) for key, value in places.items()
        )
        return write_message(kept) + number(TYPE, self.type) + block(NAME, self.name) + told


def halve_weights(graph: bytes, weights: bytes) -> tuple[bytes, bytes]:
    """A model and its file of weights, as onnxruntime writes them, with halves where that loses nothing.

    Raises ValueError for what is no such model.
    """
    packed = bytearray()
    fields = [
        replace_value(one, pack(list(read_message(one.value)), weights, packed))
        if one.number == GRAPH and isinstance(one.value, bytes)
        else one
        for one in read_message(graph)
    ]
    return write_message(fields), bytes(packed)


def replace_value(field: Field, value: bytes) -> Field:
    return field._replace(value=value)


def pack(fields: list[Field], weights: bytes, packed: bytearray) -> bytes:
    """A graph whose tensors lie in `packed`: casts come first, for nodes stand in the order in which they run."""
    halvable = find_halvable(fields)
    casts, rest = [], []
    for one in fields:
        tensor = read_tensor(one, weights)
        if tensor is None:
            rest.append(one)
            continue
        kept = tensor.halve() if tensor.name in halvable else tensor
        if kept is not tensor:
            cast = node("Cast", [kept.name.decode()], tensor.name.decode(), {"to": FLOAT})
            casts.append(Field(NODE, cast, BLOCK))
        packed.extend(bytes(-len(packed) % ALIGNED))
        rest.append(replace_value(one, kept.write(find_file(tensor), len(packed))))
        packed.extend(kept.values)
    return write_message([*casts, *rest])


def find_halvable(fields: Iterable[Field]) -> set[bytes]:
    """The names of what none but ORDERED reads."""
    readers: dict[bytes, set[tuple[bytes, bytes]]] = defaultdict(set)
    for one in fields:
        if one.number != NODE or not isinstance(one.value, bytes):
            continue
        parts = list(read_message(one.value))
        operator = (find(parts, OPERATOR), find(parts, DOMAIN))
        for part in parts:
            if part.number == INPUT and isinstance(part.value, bytes):
                readers[part.value].add(operator)
    return {name for name, operators in readers.items() if operators == {ORDERED}}


def read_tensor(field: Field, weights: bytes) -> Tensor | None:
    """None for what is no tensor, or has its values in the graph."""
    if field.number != TENSOR or not isinstance(field.value, bytes):
        return None
    fields = tuple(read_message(field.value))
    places = dict(read_places(fields))
    if not places:
        return None
    offset, length = int(places[b"offset"]), int(places[b"length"])
    values = weights[offset : offset + length]
    if len(values) != length:
        raise ValueError("The file of weights ends too early")
    kinds = [one.value for one in fields if one.number == TYPE]
    return Tensor(fields, find(fields, NAME), int(kinds[0]), values)


def read_places(fields: Iterable[Field]) -> Iterator[tuple[bytes, bytes]]:
    """Where the values of a tensor are: `location`, `offset`, `length`."""
    for one in fields:
        if one.number == EXTERNAL and isinstance(one.value, bytes):
            parts = list(read_message(one.value))
            yield find(parts, 1), find(parts, 2)


def find_file(tensor: Tensor) -> bytes:
    return dict(read_places(tensor.fields))[b"location"]


def find(fields: Iterable[Field], number_: int) -> bytes:
    """The bytes of the field of that number; none where it is left out."""
    found = (one.value for one in fields if one.number == number_)
    value = next(found, b"")
    return value if isinstance(value, bytes) else b""
