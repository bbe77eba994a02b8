"""`python -m lab train_patterns --photos DIR`: fit the model that names patterns."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lab.training import patterns as training
from wardrobe.vision.cloth import hash_layers
from wardrobe.vision.patterns import PATTERNS, WEIGHTS


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Fit the model that names patterns to labelled photos in DIR, and cross-validate it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        labels = Path(settings.BASE_DIR) / "benchmarks" / "data" / "train_labels.json"
        parser.add_argument("--photos", type=Path, required=True, metavar="DIR")
        parser.add_argument("--labels", type=Path, default=labels, metavar="FILE")
        parser.add_argument("--output", type=Path, default=WEIGHTS, metavar="FILE")
        parser.add_argument("--drawn", type=int, default=600, metavar="COUNT")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        seed, sha256 = options["seed"], hash_layers()
        try:
            samples = training.read_samples(
                options["photos"], options["labels"], layers_sha256=sha256, report=self.stdout.write
            )
        except OSError as error:
            raise CommandError(str(error)) from error
        samples += training.draw_samples(
            options["drawn"], seed=seed, layers_sha256=sha256, report=self.stdout.write
        )
        checked = training.cross_validate(samples, seed=seed)
        temperature = checked.choose_temperature()
        self.report(checked, temperature)
        model = training.fit_model(
            samples, seed=seed, layers_sha256=sha256, temperature=temperature
        )
        options["output"].write_text(model.as_json())
        self.stdout.write(f"Written: {options['output']}")

    def report(self, checked: training.CrossValidation, temperature: float) -> None:
        right, total = Counter[str](), Counter[str]()
        for is_right, sample in zip(checked.right, checked.samples, strict=True):
            right[sample.accepted[0]] += bool(is_right)
            total[sample.accepted[0]] += 1
        for pattern in PATTERNS:
            self.stdout.write(f"{pattern:<14} {right[pattern]:>4} of {total[pattern]}")
        self.stdout.write(f"accepted in cross-validation: {checked.right.mean():.1%}")
        error = checked.calibration_error(temperature)
        self.stdout.write(f"temperature {temperature}, expected calibration error {error:.3f}")
