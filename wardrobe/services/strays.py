"""Files that no row names, looked for a wearer at a time."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial

from django.core.files.storage import default_storage

from wardrobe.photos import storage
from wardrobe.services.rounds import go_on

Names = Iterable[str]


def delete_strays(
    round_name: str,
    folders: Iterable[str],
    *,
    older_than: timedelta,
    find_named: Callable[[str, int], Names],
    is_named: Callable[[str], bool],
    most_s: float,
) -> int:
    """Delete files below `folders/<owner>/` that no row names, once they are old enough to be no upload on its way.

    `find_named` answers with what the rows of an owner name in a folder, `is_named` is asked again for each of the
    others. Goes on where the last run stopped, and answers with how many were deleted.
    """
    deleted = 0
    for place, names in go_on(round_name, partial(list_parts, sorted(folders)), most_s=most_s):
        folder, _, owner = place.partition("/")
        named = {*find_named(folder, int(owner))} if owner.isdecimal() else set()
        old = (name for name in names if name not in named and storage.is_older(name, older_than))
        stray = [name for name in old if not is_named(name)]
        storage.delete_files(stray)
        deleted += len(stray)
    return deleted


def list_parts(folders: list[str], place: str) -> Iterator[tuple[str, tuple[str, Iterator[str]]]]:
    """Places behind the given one: `folder/` with its own files, `folder/name` with all that is below it."""
    behind = tuple(place.split("/", 1))
    for folder in folders:
        if (folder,) < behind[:1]:
            continue
        try:
            below, files = default_storage.listdir(folder)
        except FileNotFoundError:
            continue
        found = {"": iter([f"{folder}/{name}" for name in files if name])} if any(files) else {}
        for name in sorted([*found, *below]):
            if (folder, name) > behind:
                end = f"{folder}/{name}"
                yield end, (end, found.get(name) or storage.list_files(end))
