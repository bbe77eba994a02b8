"""Housekeeping that the scheduler enqueues on the `maintenance` queue."""

import logging
from pathlib import Path

from django.conf import settings

from registry import datasets, services
from registry.datasets import BadExamplesError
from registry.tasks import all_tasks

logger = logging.getLogger(__name__)

GOLDEN = "golden"


def close_lost_calls_job() -> int:
    return services.close_lost_calls()


def end_lost_evaluations_job() -> int:
    return services.end_lost_evaluations()


def import_golden_job() -> list[str]:
    """The golden examples that come with the code; when nothing changed, their files are only hashed."""
    folders = [(name, Path(settings.BASE_DIR, "fixtures", GOLDEN, name)) for name in all_tasks()]
    return [
        str(version)
        for name, folder in folders
        if folder.is_dir() and (version := import_golden(name, folder))
    ]


def import_golden(task_name: str, folder: Path) -> str:
    try:
        imported = datasets.import_dataset(task_name=task_name, directory=folder, name=GOLDEN)
    except (BadExamplesError, LookupError, ValueError):
        logger.exception("The golden examples of %s were not imported", task_name)
        return ""
    return str(imported.version)
