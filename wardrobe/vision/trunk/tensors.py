"""The trunk's weights out of its package: PyTorch's legacy file, read into NumPy without PyTorch.

Such a file is a row of pickles (a number, a version, the machine's facts, the tensors, the keys of
their storages), then the bytes of each storage. Only what tensors are made of is unpickled.
"""

import pickle
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

MAGIC = 0x1950A86A20F9469CFC6C
NUMBERS = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}

Array = NDArray[Any]


class UnreadableWeightsError(Exception):
    """The file is none of PyTorch's legacy layout, or holds more than tensors."""


class TensorUnpickler(pickle.Unpickler):
    """Takes names of tensors and storages only, so that nothing in the file is run."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.storages: dict[str, Array] = {}

    def find_class(self, module: str, name: str) -> Any:
        known: dict[tuple[str, str], Any] = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): rebuild_tensor,
            **{("torch", kind): numbers for kind, numbers in NUMBERS.items()},
        }
        if (module, name) not in known:
            raise UnreadableWeightsError(f"The weights name {module}.{name}, which is no tensor")
        return known[module, name]

    def persistent_load(self, pid: Any) -> Array:
        kind, numbers, key, _, length, _ = pid
        if kind != "storage":
            raise UnreadableWeightsError(f"The weights hold a {kind}, which is no storage")
        return self.storages.setdefault(key, np.zeros(length, numbers))


def rebuild_tensor(
    storage: Array, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> Callable[[], Array]:
    """Later, when the storage has been filled."""
    steps = [stride * storage.itemsize for stride in strides]
    return lambda: np.lib.stride_tricks.as_strided(storage[offset:], shape, steps).copy()


def read_tensors(path: Path) -> dict[str, Array]:
    """Arrays by name. Raises UnreadableWeightsError, OSError."""
    with path.open("rb") as file:
        try:
            if TensorUnpickler(file).load() != MAGIC:
                raise UnreadableWeightsError(f"{path.name} does not begin as PyTorch's files do")
            TensorUnpickler(file).load()
            TensorUnpickler(file).load()
            tensors = TensorUnpickler(file)
            named = tensors.load()
            for key in TensorUnpickler(file).load():
                fill_storage(file, tensors.storages[key])
        except (pickle.UnpicklingError, EOFError, KeyError, ValueError) as error:
            raise UnreadableWeightsError(f"{path.name}: {error}") from error
    return {name: rebuild() for name, rebuild in named.items()}


def fill_storage(file: BinaryIO, storage: Array) -> None:
    length = int(np.frombuffer(file.read(8), "<i8")[0])
    content = file.read(storage.nbytes)
    if length != len(storage) or len(content) != storage.nbytes:
        raise UnreadableWeightsError("The file ends too early")
    storage[:] = np.frombuffer(content, storage.dtype)
