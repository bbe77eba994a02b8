"""`manage.py retrain [NUMBER]`: refit the built-in heads on a training set, here and now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.models import TrainingRun, TrainingSet
from feedback.training.retraining import RunningAlreadyError, carry_out, start_run


class Command(BaseCommand):
    help = "Refit the built-in engine's heads on a training set; writes a draft version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("set", type=int, nargs="?", help="Its number; the newest by default.")

    def handle(self, *args: Any, **options: Any) -> None:
        sets = TrainingSet.objects.all()
        chosen = sets.filter(number=options["set"]) if options["set"] else sets
        training_set = chosen.first()
        if training_set is None:
            raise CommandError("There is no such training set: run manage.py build_training_set.")
        try:
            run = start_run(training_set=training_set, author=None)
        except RunningAlreadyError as error:
            raise CommandError(str(error)) from error
        carry_out(run)
        if run.status == TrainingRun.Status.FAILED:
            raise CommandError(run.error)
        told = f"{run.version}, a draft" if run.version else run.get_status_display()
        self.stdout.write(f"{run} on {training_set}: {told}")
