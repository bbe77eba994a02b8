"""A real worker of the photo queue, on the test's own database and folder: `python -m` this."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

connection.settings_dict["NAME"] = os.environ["TEST_DATABASE"]
settings.MEDIA_ROOT = os.environ["TEST_MEDIA"]
call_command("rqworker", "photos", burst="TEST_BURST" in os.environ)
