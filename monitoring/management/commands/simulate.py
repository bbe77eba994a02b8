"""Play days of wearers in minutes, with faults to switch on, and say what monitoring made of them.

The clock, the wearers and their rows are drawn; rollups, reports of drift, rules, states and actions are the real ones.
Each hour one suggestion is asked of the built-in engine through the real stack besides. Rows stay: use a database of its own.
"""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from monitoring.alerts.sentences import say_alert
from monitoring.alerts.shipped import load_rules
from monitoring.figures.building import LENGTHS, Grain, floor_to
from monitoring.probe.asking import TASK, probe_engine
from monitoring.simulation.clock import run_minutes, write_past
from monitoring.simulation.faults import FAULTS
from monitoring.simulation.site import DOMAIN, Rates, Site, make_wearers
from registry.selectors import list_live


class Command(BaseCommand):
    help = (
        "Play days of wearers in minutes, in a database that nobody uses. Calls, uploads and probes are written in bulk, as the "
        "services would have left them; rollups, drift reports, rules and actions are those of production. One suggestion an hour "
        "is asked of the built-in engine for real."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hours", type=int, default=24, help="Simulated ones (24).")
        parser.add_argument("--past-days", type=int, default=35, help="Written before (35).")
        parser.add_argument("--fault", action="append", default=[], choices=sorted(FAULTS))
        parser.add_argument("--after", type=int, default=1, help="Hours until the faults (1).")
        parser.add_argument("--asks", type=float, default=60.0, help="An hour (60).")
        parser.add_argument("--uploads", type=float, default=20.0, help="An hour (20).")
        parser.add_argument("--wearers", type=int, default=60)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--among-real-wearers",
            action="store_true",
            help="Also where accounts are that it did not make. Simulated calls count as theirs in every figure.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        strangers = User.objects.exclude(email__endswith=f"@{DOMAIN}").exclude(is_staff=True)
        if strangers.exists() and not options["among_real_wearers"]:
            raise CommandError(
                "There are wearers here whom no simulation made. Set DRESSCODE_STATE to an empty folder, "
                "migrate and load the prompts, or say --among-real-wearers."
            )
        live = next((one for one in list_live() if one.prompt.name == TASK), None)
        if live is None:
            raise CommandError("No version is live: run manage.py load_prompts first.")
        load_rules()
        if "vllm-away" in options["fault"] and "vllm" not in settings.PROBED_ENGINES:
            raise CommandError("vLLM is not configured here: set VLLM_BASE_URL, to any address.")
        site = Site(
            make_wearers(options["wearers"]),
            np.random.default_rng(options["seed"]),
            Rates(options["asks"], options["uploads"]),
            tuple(settings.PROBED_ENGINES),
        )
        start = floor_to(timezone.now(), LENGTHS[Grain.HOUR]) + LENGTHS[Grain.HOUR]
        if options["past_days"]:
            write_past(site, start, days=options["past_days"])
        for hour in range(options["hours"]):
            if hour == options["after"]:
                site.faults = set(options["fault"])
                for name in options["fault"]:
                    self.stdout.write(
                        f"{start + timedelta(hours=hour):%d %b %H:%M}  fault: {FAULTS[name].title}"
                    )
            began = start + timedelta(hours=hour)
            asked = probe_engine("builtin", live)
            self.stdout.write(f"{began:%d %b %H:%M}  the built-in engine, for real: {asked}")
            for step in run_minutes(site, began, 60):
                words = f"{step.alert} {step.state}: {say_alert(step.alert)} {step.note}".rstrip()
                self.stdout.write(f"{step.at:%d %b %H:%M}  {words}")
