"""How large, bright and sharp the golden photos are: measured once each, as uploads are."""

import io
import logging
import math
from functools import cached_property

from django.db.models import F
from PIL import Image

from monitoring.models import GoldenPicture
from registry.models import Example
from registry.tasks import all_tasks
from wardrobe.photos import ingestion, measuring, storage

MOST_AT_ONCE = 500
"""So many are measured for one report; the next one goes on."""

logger = logging.getLogger(__name__)


class GoldenPhotos:
    """The current golden photos, of every task that takes photos, and what was measured of them: each is read once,
    however many properties look at it."""

    @cached_property
    def examples(self) -> list[Example]:
        tasks = [name for name, task in all_tasks().items() if task.takes_photos]
        current = Example.objects.filter(dataset_version=F("dataset_version__dataset__current"))
        photos = current.filter(dataset_version__dataset__prompt__name__in=tasks)
        return list(photos.only("pk", "slices", "expected", "file").order_by())

    @cached_property
    def pictures(self) -> dict[str, GoldenPicture]:
        """By the name of the file; none of one that was not measured yet."""
        return {picture.file: picture for picture in GoldenPicture.objects.all()}


def measure_golden(examples: list[Example]) -> None:
    """Measure the pictures that are new, and forget those of which no example is left."""
    files = {str(one.file.name) for one in examples if one.file}
    GoldenPicture.objects.exclude(file__in=files).delete()
    known = set(GoldenPicture.objects.values_list("file", flat=True))
    found = [measure_file(name) for name in sorted(files - known)[:MOST_AT_ONCE]]
    rows = [one for one in found if one]
    GoldenPicture.objects.bulk_create(rows, ignore_conflicts=True)


def measure_file(name: str) -> GoldenPicture | None:
    try:
        picture = Image.open(io.BytesIO(storage.read_file(name))).convert("RGB")
    except (OSError, ValueError):
        logger.exception("the golden picture %s cannot be read", name)
        return None
    small = ingestion.shrink(picture, ingestion.THUMBNAIL_SIDE)
    measures = measuring.measure_photo(small, measuring.NONE)
    return GoldenPicture(
        file=name,
        megapixels=round(picture.width * picture.height / 1e6, 3),
        brightness=measures["brightness"],
        blur=measures["blur"],
    )


def read_kept_megapixels(megapixels: float, aspect: float) -> float:
    """What is kept of an upload of so many: golden photos are kept the same way, and nothing else is known of them."""
    longer = max(aspect, 1 / aspect)
    side = math.sqrt(megapixels * 1e6 * longer)
    scale = min(1.0, ingestion.IMAGE_SIDE / side)
    return round(megapixels * scale * scale, 3)
