"""How fast the sweep of files goes through those of wearers, on the disk that `MEDIA_ROOT` is on."""

import math
import shutil
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

WEARERS = 200
"""Whose files are written, where there are as many."""


def time_files(time_ms: Callable[[Callable[[], object]], tuple[float, float]]) -> dict[str, float]:
    """Files a second that the sweep looks at where rows name them all, by the clock and of a processor's time: four of a
    garment, empty ones, since none is read.

    `time_ms` runs it, and answers with milliseconds of both. The rows name other files afterwards, as before.
    """
    from django.core.files.storage import default_storage
    from django.db import transaction

    from accounts.models import User
    from wardrobe.photos import storage
    from wardrobe.services import sweeps
    from wardrobe.services.strays import delete_strays

    owners = [*User.objects.order_by("pk").values_list("pk", flat=True)[:WEARERS]]
    folders = [Path(default_storage.path(folder)) for folder in storage.FOLDERS]
    try:
        with transaction.atomic():
            files = name_files(owners)
            for name in files:
                path = Path(default_storage.path(name))
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
            sweep = partial(
                delete_strays,
                "growth",
                storage.FOLDERS,
                older_than=timedelta(0),
                find_named=sweeps.find_named,
                is_named=sweeps.is_named,
                most_s=math.inf,
            )
            clock_ms, cpu_ms = time_ms(sweep)
            left = sum(1 for folder in storage.FOLDERS for _ in storage.list_files(folder))
            transaction.set_rollback(True)
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
    assert left == len(files), "files that rows name were taken for strays"  # noqa: S101
    return {"a_s": len(files) / clock_ms * 1000, "a_cpu_s": len(files) / cpu_ms * 1000}


def name_files(owners: list[int]) -> list[str]:
    """Rows name a file each as the product would; answers with those names."""
    from django.db.models import CharField, F, Value
    from django.db.models.functions import Cast, Concat

    from wardrobe.models import Garment, Photo

    names: list[str] = []
    for model, folder, fields in (
        (Photo, "photos", ("image", "thumbnail")),
        (Garment, "garments", ("image", "cut_out")),
    ):
        rows = model._default_manager.filter(owner__in=owners)
        for field in fields:
            name = Concat(
                Value(f"{folder}/"), Cast(F("owner_id"), CharField()), Value("/"),
                Cast(F("id"), CharField()), Value(f"/{field}.webp"),
            )  # fmt: skip
            rows.update(**{field: name})
            names += rows.values_list(field, flat=True)
    return names
