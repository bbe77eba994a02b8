"""The web process as it is started, on a test's database, with short deadlines and nowhere to write temporary files.

Run as a module; TEST_DATABASE names the database.
"""

import os
import tempfile

os.environ["DJANGO_SETTINGS_MODULE"] = "dresscode.settings"

from django.conf import settings  # noqa: E402

settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.STORAGES["staticfiles"] = {"BACKEND": plain}
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

import dresscode.asgi  # noqa: E402, F401 - Loads the apps.
from dresscode.web import bodies, connections  # noqa: E402
from dresscode.web.__main__ import run  # noqa: E402

DEADLINE_S = 1.0
connections.HEAD_S = bodies.IDLE_S = bodies.GRACE_S = DEADLINE_S
bodies.SLOWEST_RATE = 10_000_000
bodies.LINGER_S = 0.5
tempfile.tempdir = "/nowhere"  # What is spooled to a disk breaks.

if __name__ == "__main__":
    run()
