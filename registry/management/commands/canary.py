"""Try a version on a share of the wearers, see how it stands, stop it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry import selectors
from registry.canary import guards
from registry.canary.service import CanaryRefusedError, start_canary, stop_canary
from registry.evaluation.gate import NotPassedError
from registry.models import Canary
from registry.services import releases


class Command(BaseCommand):
    help = (
        "Let a version that has passed answer some wearers; it reverts by itself when it is worse."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        start = acts.add_parser("start", help="Begin with a version that may go live.")
        start.add_argument("version", metavar="TASK@VERSION")
        start.add_argument("--share", type=float, required=True, help="Above 0, up to 0.5.")
        start.add_argument("--reason", required=True)
        status = acts.add_parser("status", help="How the last one of a task stands.")
        status.add_argument("task")
        stop = acts.add_parser("stop", help="Give everybody the live version again.")
        stop.add_argument("task")
        stop.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = ACTS[options["act"]](options)
        except NotPassedError as error:
            raise CommandError("\n  ".join(["Not started:", *error.failures])) from error
        except (LookupError, CanaryRefusedError, *releases.REFUSALS) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(text)


def start(options: dict[str, Any]) -> str:
    canary = start_canary(
        version=selectors.find_version(options["version"]),
        share=options["share"],
        actor=None,
        reason=options["reason"],
    )
    return f"On trial: {canary} of the wearers, beside {canary.live_version}"


def stop(options: dict[str, Any]) -> str:
    canary = find_last(options["task"])
    stop_canary(canary=canary, actor=None, reason=options["reason"])
    return f"Stopped: {canary}"


def describe(options: dict[str, Any]) -> str:
    canary = find_last(options["task"])
    lines = [f"{canary}: {canary.get_state_display().lower()}", canary.ending]
    lines.append(f"{canary.calls} calls, {canary.live_calls} of {canary.live_version} meanwhile")
    lines += [describe_tally(row) for row in guards.list_tallies(canary)]
    return "\n".join(line for line in lines if line)


def describe_tally(row: guards.CanaryTally) -> str:
    mine, theirs = row.candidate, row.live
    counts = f"{mine.hits:>5}/{mine.total:<6} live {theirs.hits:>5}/{theirs.total:<6}"
    return f"  {row.title:<24}{counts} evidence {row.evidence:.3g} of {guards.LIMIT:.0f}"


def find_last(task: str) -> Canary:
    """The newest canary of a task. Raises LookupError."""
    canaries = Canary.objects.filter(prompt__name=task)
    canary = canaries.select_related("prompt", "version__prompt", "live_version__prompt").first()
    if canary is None:
        raise LookupError(f"{task} has had no canary")
    return canary


ACTS = {"start": start, "status": describe, "stop": stop}
