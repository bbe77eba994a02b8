from typing import Any

from django.core.management.base import BaseCommand

from dresscode.queues.scheduling import make_scheduler


class Command(BaseCommand):
    help = "Runs the scheduler: puts periodic jobs on the maintenance queue until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        make_scheduler(logging_level="WARNING").start()  # type: ignore[no-untyped-call]
