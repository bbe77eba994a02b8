"""Jobs for the workers under test."""

import io
import sys
import time
from pathlib import Path

from django.urls import reverse
from PIL import Image

from registry.tasks import get_task
from wardrobe.photos.formats import PILLOW_FORMATS
from wardrobe.photos.ingestion import make_renditions
from wardrobe.vision.classifier import get_classifier, load_classifier
from wardrobe.vision.garments import detect_garments
from wardrobe.vision.parameters import VisionParameters

GIBIBYTE = 1024**3


def touch_job(path: str = "") -> None:
    Path(path).touch()


def take_memory_job(gibibytes: int) -> int:
    return len(bytearray(gibibytes * GIBIBYTE))


def guess_type_job(path: str) -> None:
    """Writes down how many sets of weights were in memory already, and uses them."""
    Path(path).write_text(str(load_classifier.cache_info().currsize))
    get_classifier(VisionParameters()).guess_types([Image.new("RGB", (64, 64))], certainty=0.7)


def see_photo_job(path: str) -> None:
    """Writes down the modules that seeing a photo imports anew."""
    before = set(sys.modules)
    detect_garments(Image.effect_noise((80, 100), 60), parameters=VisionParameters())
    Path(path).write_text(" ".join(sorted(set(sys.modules) - before)))


def read_formats_job(path: str) -> None:
    """Writes down the modules that photos of all formats import anew."""
    before, picture = set(sys.modules), Image.effect_noise((80, 100), 60).convert("RGB")
    for ours, format in PILLOW_FORMATS.items():
        buffer = io.BytesIO()
        picture.save(buffer, format)
        make_renditions(buffer.getvalue(), format=ours)
    Path(path).write_text(" ".join(sorted(set(sys.modules) - before)))


def look_job(path: str) -> None:
    """Writes down whether the stylist is in memory of a process that is about to look at a photo."""
    get_task("digitize_photo")
    Path(path).write_text(str("styling.tasks" in sys.modules))


def name_address_job(path: str) -> None:
    """Writes down whether the operator's pages were in memory already, and where a page of theirs is."""
    loaded = "monitoring.admin" in sys.modules
    Path(path).write_text(f"{loaded} {reverse('admin:index')}")


def sleep_job(path: str) -> None:
    Path(path).touch()
    time.sleep(600)


def nothing_job() -> None:
    pass
