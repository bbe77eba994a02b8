"""A storage with faults: `FaultyStorage.script("save", OSError)` makes the next save fail."""

from typing import Any, ClassVar

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

ACK_LOST, PARTIAL = "ack lost", "partial"


class FaultyStorage(FileSystemStorage):
    """Each operation takes its next fault from the script; without one it works."""

    faults: ClassVar[dict[str, list[Any]]] = {}

    @classmethod
    def script(cls, operation: str, *faults: Any) -> None:
        cls.faults.setdefault(operation, []).extend(faults)

    def take(self, operation: str) -> Any:
        faults = self.faults.get(operation)
        return faults.pop(0) if faults else None

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        fault = self.take("save")
        if isinstance(fault, type):
            raise fault("the storage is away")
        if fault == PARTIAL:
            data = content.read()
            content = ContentFile(data[: len(data) // 2])
        stored = super().save(name, content, max_length)
        if fault == ACK_LOST:
            raise TimeoutError("the answer was lost")
        return stored

    def open(self, name: str, mode: str = "rb") -> File[Any]:
        fault = self.take("open")
        if fault == PARTIAL:
            with super().open(name, mode) as file:
                return ContentFile(file.read()[:100])
        if fault:
            raise fault("the storage is away")
        return super().open(name, mode)

    def delete(self, name: str) -> None:
        if fault := self.take("delete"):
            raise fault("the storage is away")
        super().delete(name)
