"""Faults on a simulated site, and releases that are rolled back by a rule: with the database, through the real rules.

Each run is one transaction that is rolled back, so that all begin with the same five weeks behind them.
"""

import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PAST_DAYS, WEARERS = 35, 60
ENGINES = ("builtin", "vllm")
BY_REPORT = {"new-format", "cold-snap"}
REPORT_EVERY = {"new-format": HOUR, "cold-snap": 3 * HOUR}
QUIET_MINUTES, AFTERMATH = 10, 10 * MINUTE
"""Of a good site before the fault, and for wrong alerts after the right one."""
RELEASE_MINUTES, CALLS_A_SECOND, DELAY_S = 10, 2, 30


@dataclass
class Outcome:
    """`minutes` until the right alert, None if it did not come in time; `wrong` are the keys of rules that fired before the
    fault began, whichever they are, and of other rules that fired after it."""

    fault: str
    seed: int
    minutes: float | None = None
    wrong: set[str] = field(default_factory=set)


@dataclass
class Release:
    """Seconds from the alert to the roll-back; None where nothing was rolled back."""

    seconds: float | None = None
    alert_minutes: float | None = None
    is_back: bool = False


def prepare_site(directory: Path) -> datetime:
    """Two versions of the stylist that passed on the scenarios of `directory`, the second one live; five weeks of past."""
    from django.conf import settings
    from django.core.management import call_command

    from monitoring.alerts.shipped import load_rules
    from monitoring.figures.building import floor_to
    from monitoring.simulation.clock import write_past
    from monitoring.simulation.site import STYLIST, Rates, Site, make_wearers
    from registry.evaluation.datasets import import_dataset
    from registry.evaluation.runner import evaluate_version
    from registry.models import Prompt
    from registry.services.releases import promote_version
    from registry.services.versions import create_version

    settings.PROBED_ENGINES = list(ENGINES)
    call_command("load_vocabulary", verbosity=0)
    call_command("load_prompts", verbosity=0)
    prompt = Prompt.objects.get(name=STYLIST)
    golden = import_dataset(task_name=STYLIST, directory=directory, name="golden").version
    first = prompt.versions.get()
    second = create_version(prompt=prompt, bundle={**first.bundle, "system": "Another one."})
    for version in (first, second):
        evaluate_version(version=version, dataset_version=golden, engine="builtin")
    promote_version(version=second, actor=None, reason="better")
    load_rules()
    from django.utils import timezone

    start = floor_to(timezone.now(), HOUR) + HOUR
    past = Site(make_wearers(WEARERS), np.random.default_rng(0), Rates(asks=20, uploads=6))
    write_past(past, start, days=PAST_DAYS)
    return start


@contextmanager
def few_scenarios() -> Iterator[Path]:
    """One file of the golden scenarios: enough to pass on."""
    source = Path(__file__).resolve().parents[1] / "fixtures" / "golden" / "suggest_outfit"
    with tempfile.TemporaryDirectory() as folder:
        for name in ("rain.toml", "wardrobes.toml"):
            shutil.copy(source / name, folder)
        (Path(folder) / "thresholds.toml").write_text("")
        yield Path(folder)


@contextmanager
def thrown_away() -> Iterator[None]:
    from django.db import transaction

    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def make_site(seed: int, faults: set[str], asks: float = 300.0):
    from monitoring.simulation.site import Rates, Site, make_wearers

    return Site(
        make_wearers(WEARERS),
        np.random.default_rng(seed),
        Rates(asks=asks, uploads=60.0),
        ENGINES,
        faults,
    )


def play_fault(name: str, seed: int, start: datetime) -> Outcome:
    """A good site for a while, then the fault until it is seen or too late, and on for as long as a wrong alert may follow."""
    from monitoring.simulation.faults import FAULTS

    outcome, fault = Outcome(name, seed), FAULTS[name]
    steps = play_reports if name in BY_REPORT else play_minutes
    with thrown_away():
        note_steps(outcome, fault.rules, steps(name, make_site(seed, set()), start, fault.within))
    return outcome


Fired = tuple[timedelta, str]
"""How long after the fault began, below nought before it, and which rule; an empty one where a moment passed and none did."""


def note_steps(outcome: Outcome, right: Collection[str], steps: Iterable[Fired]) -> None:
    for after, key in steps:
        is_begun = after >= timedelta()
        if key and is_begun and key in right:
            if outcome.minutes is None:
                outcome.minutes = after / MINUTE
        elif key:
            outcome.wrong.add(key)
        if outcome.minutes is not None and after > outcome.minutes * MINUTE + AFTERMATH:
            return


def play_minutes(name: str, site, start: datetime, within: timedelta) -> Iterator[Fired]:
    """Each minute, ten of them good."""
    from monitoring.simulation.clock import run_minutes

    begins = start + QUIET_MINUTES * MINUTE
    last = int(within / MINUTE)
    for minute in range(-QUIET_MINUTES, last + int(AFTERMATH / MINUTE)):
        if minute == 0:
            site.faults = {name}
        at = begins + minute * MINUTE
        for step in run_minutes(site, at, 1, reports=False):
            if step.state == "firing" and (
                minute < last or step.alert.rule.key not in find_right(name)
            ):
                yield (
                    step.at - begins - (MINUTE if minute < 0 else timedelta()),
                    step.alert.rule.key,
                )
        if minute >= 0:
            yield at + MINUTE - begins, ""


def find_right(name: str) -> Collection[str]:
    from monitoring.simulation.faults import FAULTS

    return FAULTS[name].rules


def play_reports(name: str, site, start: datetime, within: timedelta) -> Iterator[Fired]:
    """From report to report, the first of a good site, and every three minutes while one waits: what rules do in between
    cannot change."""
    from monitoring.alerts.evaluation import evaluate_rule, evaluate_rules
    from monitoring.drift.report import make_report
    from monitoring.figures.building import build_due
    from monitoring.models import Alert, AlertRule

    every, at = REPORT_EVERY[name], start
    begins = start + every
    while at < begins + within:
        if at == begins:
            site.faults = {name}
        at += every
        site.play(at, every)
        build_due(at)
        make_report(at)
        for alert in evaluate_rules(at):
            if alert.state == "firing":
                yield since(begins, at, every), alert.rule.key
        waiting = AlertRule.objects.filter(alerts__in=Alert.objects.current()).distinct()
        for rule in waiting:
            for look in range(1, int(every / (3 * MINUTE))):
                now = at + look * 3 * MINUTE
                for alert in evaluate_rule(rule, now):
                    if alert.state == "firing":
                        yield since(begins, now, every), alert.rule.key
        yield since(begins, at, every), ""


def since(begins: datetime, at: datetime, every: timedelta) -> timedelta:
    """Below nought for what was reported as the fault began: of the good time before it."""
    return at - begins if at > begins else at - begins - every


def play_release(seed: int, start: datetime, *, is_bad: bool) -> Release:
    """Ten minutes at two calls a second, with every rule about versions rolling back 30 s after it fires."""
    from monitoring.models import Alert, AlertRule
    from monitoring.simulation.clock import run_minutes
    from monitoring.simulation.site import STYLIST
    from registry.models import Prompt

    site = make_site(seed, {"invented-garments"} if is_bad else set(), 3600.0 * CALLS_A_SECOND)
    release = Release()
    with thrown_away():
        acting = AlertRule.objects.filter(
            measure__in=["failed", "slow", "shown", "never_shown", "withheld"]
        )
        acting.update(action=AlertRule.Action.ROLL_BACK, action_delay_s=DELAY_S)
        before = Prompt.objects.get(name=STYLIST).production()
        for step in run_minutes(site, start, RELEASE_MINUTES, reports=False):
            if step.alert.action_state == Alert.ActionState.DONE and release.seconds is None:
                opened = step.alert.opened_at or step.at
                release.seconds = (step.at - opened).total_seconds()
                release.alert_minutes = (opened - start) / MINUTE
                break
        after = Prompt.objects.get(name=STYLIST).production()
        release.is_back = bool(before and after and before.version_id != after.version_id)
    return release
