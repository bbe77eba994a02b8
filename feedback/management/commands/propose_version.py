"""Write the next draft of a prompt from what wearers corrected and reviewers accepted."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.proposals.keeping import NothingToProposeError
from feedback.proposals.kinds import KINDS
from feedback.proposals.wording import CopiedWordsError
from registry.engines.base import EngineUnavailableError
from registry.models import Prompt
from registry.services.archivings import explain_archived


class Command(BaseCommand):
    help = "Write the next draft of a prompt from corrections of the last weeks. It goes live only as others do."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("prompt", nargs="?", default="digitize_photo")
        parser.add_argument("--kind", choices=[*KINDS], default="sentences")

    def handle(self, *args: Any, **options: Any) -> None:
        prompt = Prompt.objects.filter(name=options["prompt"]).first()
        if prompt is None:
            raise CommandError(f"No prompt is called {options['prompt']}")
        try:
            proposal = KINDS[options["kind"]](prompt)
        except NothingToProposeError:
            self.stdout.write("Nothing to propose.")
            return
        except (CopiedWordsError, EngineUnavailableError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{proposal.version}: {proposal.version.notes}")
        if archived := explain_archived(proposal.version):
            self.stdout.write(archived)
