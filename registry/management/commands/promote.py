"""Make a version live that has passed the gate."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from registry import selectors
from registry.evaluation.gate import NotPassedError
from registry.services import releases


class Command(BaseCommand):
    help = "Make a version live in every process. Exits with 1 and says why when it has not passed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("version", metavar="TASK@VERSION")
        parser.add_argument("--reason", required=True, help="Why, for those who read the history.")
        parser.add_argument(
            "--override-as",
            default="",
            metavar="EMAIL",
            help="Promote what has not passed, in this superuser's name; --reason says why.",
        )
        parser.add_argument(
            "--again", default="", metavar="WHY", help="Why one that was taken back comes again."
        )
        parser.add_argument(
            "--anyway",
            action="store_true",
            help="Also when its canary had too few answers to tell.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        actor = find_superuser(options["override_as"]) if options["override_as"] else None
        try:
            alias = releases.promote_version(
                version=selectors.find_version(options["version"]),
                actor=actor,
                reason=options["reason"],
                override_reason=options["reason"] if actor else "",
                again_reason=options["again"],
                confirm=options["anyway"],
            )
        except NotPassedError as error:
            raise CommandError("\n  ".join(["Not promoted:", *error.failures])) from error
        except (LookupError, *releases.REFUSALS) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{alias.version} is live, epoch {alias.epoch}")


def find_superuser(email: str) -> Any:
    """The user who takes the responsibility. Raises CommandError."""
    users = get_user_model()
    try:
        return users._default_manager.get_by_natural_key(email)
    except users.DoesNotExist as error:
        raise CommandError(f"There is no user {email}") from error
