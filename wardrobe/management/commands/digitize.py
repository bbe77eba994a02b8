"""`manage.py digitize PATH…`: what the photos in files and folders show, without the database."""

import json
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from wardrobe.golden.measures import measure, write_table
from wardrobe.services import batch_digitize, labelled

INTERRUPTED = 130
"""What shells expect of a command that Ctrl-C ended."""


def count_jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("must be a whole number from 1")
    return int(text)


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Describe the garments in photos. Writes nothing to the database, and needs none. A file "
        "that cannot be read is a line with an error; the others go on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="Files or folders.")
        parser.add_argument("--jsonl", action="store_true", help="One JSON object a line.")
        parser.add_argument("--engine", choices=("builtin", "vllm"), default="builtin")
        parser.add_argument(
            "--labels",
            type=Path,
            metavar="FILE",
            help="Finer labels, one a line, of photos in the one folder PATH: how good the answers are.",
        )
        parser.add_argument(
            "--jobs",
            type=count_jobs,
            default=os.cpu_count() or 1,
            metavar="N",
            help="Photos at a time, each in a process of its own (default: %(default)s).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["engine"] == "vllm" and not settings.VLLM_BASE_URL:
            raise CommandError("VLLM_BASE_URL is not set: there is no vLLM to ask.")
        if options["labels"]:
            self.measure(options)
            return
        files = batch_digitize.find_files(options["paths"])
        if not files:
            raise CommandError("There are no photos in these folders.")
        show = json.dumps if options["jsonl"] else write_lines
        jobs = min(options["jobs"], len(files))
        found = batch_digitize.scan_files(files, engine=options["engine"], jobs=jobs)
        try:
            for photo in found:
                self.stdout.write(show(photo))
                self.stdout.flush()
        except KeyboardInterrupt:
            found.close()
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            found.close()
            # Whoever read has gone. Python would complain of what is left when it flushes at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def measure(self, options: dict[str, Any]) -> None:
        if len(options["paths"]) != 1:
            raise CommandError("With --labels there is one folder, which the labels' files are in.")
        try:
            answers = labelled.ask_labelled(
                options["paths"][0],
                options["labels"],
                engine=options["engine"],
                jobs=options["jobs"],
            )
            self.stdout.write(write_table(measure(answers)))
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error


def write_lines(photo: dict[str, Any]) -> str:
    """A photo for people: its file, then a line for each garment."""
    garments = [f"  {describe(garment)}" for garment in photo["garments"]]
    fault = [f"  {photo['error']}"] if photo["error"] else []
    return "\n".join([f"{photo['file']}  ({photo['ms']:.0f} ms)", *garments, *fault])


def describe(garment: dict[str, Any]) -> str:
    """Like `shirt        0.93  striped    0.80  navy #1f2a44 70 %, white #f0f0f0 30 %`."""
    sure = garment["confidence"]
    colours = ", ".join(
        f"{colour['name']} {colour['hex']} {colour['share']:.0%}" for colour in garment["colors"]
    )
    kind = f"{garment['type']:<12} {sure.get('type', 0):.2f}"
    return f"{kind}  {garment['pattern']:<12} {sure.get('pattern', 0):.2f}  {colours}"
