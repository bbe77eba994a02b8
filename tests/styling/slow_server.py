"""The real application for a process of its own that a test may kill: an engine that takes its time.

The test's database is named by TEST_DATABASE; TEST_STEPS holds the engine's steps as JSON.
"""

import json
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "dresscode.settings"

from django.conf import settings  # noqa: E402

settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
settings.INFERENCE_TASKS = ["styling.tasks.SuggestOutfit"]
settings.INFERENCE_ENGINES = {
    "scripted": {"ENGINE": "tests.styling.scripted.ScriptedEngine"},
    "builtin": {"ENGINE": "registry.engines.builtin.BuiltinEngine"},
}

from dresscode.asgi import application  # noqa: E402
from tests.styling.scripted import Script  # noqa: E402

Script.steps = json.loads(os.environ["TEST_STEPS"])

__all__ = ["application"]
