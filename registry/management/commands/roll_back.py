"""Make an earlier version live again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry import selectors
from registry.evaluation.gate import NotPassedError
from registry.management.commands.promote import find_superuser
from registry.models import Deployment
from registry.services import releases


class Command(BaseCommand):
    help = "Roll a prompt back to a version that had passed and was live, in every process at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("prompt")
        parser.add_argument("version", type=int)
        parser.add_argument("--reason", required=True)
        parser.add_argument(
            "--override-as",
            default="",
            metavar="EMAIL",
            help="Go back to what had not passed, in this superuser's name; --reason says why.",
        )
        parser.add_argument(
            "--again", default="", metavar="WHY", help="Why one that was taken back comes again."
        )
        parser.add_argument(
            "--in-flight",
            choices=Deployment.InFlight.values,
            default=Deployment.InFlight.DRAIN,
            help="answers that are being written: let them end, begin them anew, or break them off",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version = selectors.find_version(f"{options['prompt']}@{options['version']}")
        except LookupError as error:
            raise CommandError(str(error)) from error
        prompt = version.prompt
        live = prompt.production()
        if live is None:
            raise CommandError(f"{prompt} has no live version")
        actor = find_superuser(options["override_as"]) if options["override_as"] else None
        try:
            alias = releases.roll_back(
                prompt=prompt,
                to_version=version,
                actor=actor,
                reason=options["reason"],
                override_reason=options["reason"] if actor else "",
                again_reason=options["again"],
                expected_epoch=live.epoch,
                in_flight=options["in_flight"],
            )
        except NotPassedError as error:
            raise CommandError("\n  ".join(["Not rolled back:", *error.failures])) from error
        except releases.REFUSALS as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{prompt} is at version {alias.version.number}, epoch {alias.epoch}")
