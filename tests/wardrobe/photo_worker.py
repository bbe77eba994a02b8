"""A real worker of the photo queue, on the test's own database and folder: `python -m` this.

With TEST_WEIGHTS it is one of another release: that folder has the files that the networks and heads are read from.
"""

import hashlib
import os
from functools import partial
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from dresscode.queues import workers  # noqa: E402
from wardrobe.vision import classifier  # noqa: E402
from wardrobe.vision.parameters import VisionParameters  # noqa: E402

connection.settings_dict["NAME"] = os.environ["TEST_DATABASE"]
settings.MEDIA_ROOT = os.environ["TEST_MEDIA"]
if folder := os.environ.get("TEST_WEIGHTS"):
    classifier.WEIGHTS = Path(folder)
    digest = hashlib.sha256((classifier.WEIGHTS / "heads.npz").read_bytes()).hexdigest()
    workers.VisionParameters = partial(VisionParameters, heads_sha256=digest)  # type: ignore[misc,assignment]
call_command("rqworker", "photos", burst="TEST_BURST" in os.environ)
