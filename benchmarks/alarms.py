"""False alarms of a healthy site, how soon faults are seen, and whether a rule rolls a bad version back.

    python -m benchmarks.alarms [--quick] [--only played|drawn] [--faults NAME ...] [--seeds 20] [--json]

`drawn`: minutes of calls are drawn from fixed seeds and go through the test and the states that run in production, without
the database. A healthy site fails 1 % of its calls. The exact rules are the shipped ones for failed calls (2 % allowed) in an
hour and in six; the burn rate is 14.4 times a 1 % objective in an hour and in five minutes (Google, The Site Reliability
Workbook, chapter 5).

`played`: the simulated site (docs/simulation.md) in a PostgreSQL of this run. Each fault, and releases at two calls a second:
bad ones, of which 2 % of answers name what is not owned, and healthy ones. `--quick` plays each once and draws nothing. `--faults` plays these faults alone.
"""

import argparse
import os
import statistics
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.alarm_faults import few_scenarios, play_fault, play_release, prepare_site
from benchmarks.report import Figure, report
from benchmarks.stream import stores

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")

RATES = (3, 12, 30, 300)
"""Calls an hour."""
WEEKS, QUIET_SEEDS, OUTAGE_SEEDS = 52, 4, 40
HEALTHY, OUTAGE = 0.01, 0.30
HOUR, SIX_HOURS = "failed-calls", "failed-calls-slowly"
BURN, BURN_OBJECTIVE = 14.4, 0.01
WEEK = 7 * 24 * 60
LONGEST = 24 * 60
START = datetime(2026, 1, 1, tzinfo=UTC)

Counts = NDArray[np.int64]


def prepare() -> None:
    import django

    django.setup()


def draw(hourly: float, shares: NDArray[np.float64], seed: int) -> tuple[Counts, Counts]:
    """Bad and all calls that end in each minute; `shares` are bad on average in each."""
    random = np.random.default_rng(seed)
    total = random.poisson(hourly / 60, len(shares))
    return random.binomial(total, shares), total


def slide(counts: Counts, window: int) -> Counts:
    """Sums over the last `window` minutes, fewer at the beginning."""
    sums = np.concatenate([[0], np.cumsum(counts)])
    ends = np.arange(1, len(counts) + 1)
    return sums[ends] - sums[np.maximum(ends - window, 0)]


def judge_exact(bad: Counts, total: Counts, key: str = HOUR) -> list[bool | None]:
    """A shipped rule's test at each minute; None without data."""
    from monitoring.alerts.counting import Observation
    from monitoring.alerts.measures import MEASURES

    rule = make_rule(key)
    bads, totals = slide(bad, rule.window_minutes), slide(total, rule.window_minutes)
    measure, looks = MEASURES[rule.measure], np.where(totals > 0, False, None)
    judge = cache(lambda bad, total: measure.judge(rule, Observation(bad, total)))
    for minute in np.flatnonzero(bads >= rule.min_bad).tolist():
        looks[minute] = judge(int(bads[minute]), int(totals[minute]))
    return looks.tolist()


def judge_six_hours(bad: Counts, total: Counts) -> list[bool | None]:
    return judge_exact(bad, total, SIX_HOURS)


def judge_burn(bad: Counts, total: Counts) -> list[bool | None]:
    limit = BURN * BURN_OBJECTIVE
    shares = [
        slide(bad, window) > limit * np.maximum(slide(total, window), 1) for window in (60, 5)
    ]
    return [bool(both) for both in shares[0] & shares[1]]


def make_rule(key: str = HOUR):
    from monitoring.alerts.shipped import RULES
    from monitoring.models import AlertRule

    return AlertRule(**RULES[key])


def list_firings(looks: list[bool | None]) -> list[int]:
    """The minutes at which an alert opened."""
    from monitoring.alerts import states

    rule = make_rule()
    timing = states.Timing(
        timedelta(minutes=rule.for_minutes), timedelta(minutes=rule.keep_minutes)
    )
    life, firings = states.Life(), []
    for minute, look in enumerate(looks):
        if not look and life.state == states.OK:
            continue
        before = life.state
        life = states.step(life, look, START + timedelta(minutes=minute), timing)
        if life.state == states.FIRING and before in {states.OK, states.PENDING}:
            firings.append(minute)
    return firings


def count_a_year(judge, hourly: float, share: float) -> float:
    shares = np.full(WEEKS * WEEK, share)
    fired = sum(
        len(list_firings(judge(*draw(hourly, shares, seed)))) for seed in range(QUIET_SEEDS)
    )
    return fired / (QUIET_SEEDS * WEEKS * WEEK) * 365 * 24 * 60


def measure_outage(judge, hourly: float) -> float:
    """Median minutes until it is seen, of those that a day was enough for; a day where it was not for half of them."""
    shares = np.concatenate([np.full(180, HEALTHY), np.full(LONGEST, OUTAGE)])
    seen = []
    for seed in range(OUTAGE_SEEDS):
        after = [m for m in list_firings(judge(*draw(hourly, shares, 1000 + seed))) if m >= 180]
        seen.append(after[0] - 180 + 1 if after else LONGEST)
    return statistics.median(seen)


def state_a_year(key: str, hourly: float) -> float:
    from monitoring.alerts.binomial import count_false_alarms

    rule = make_rule(key)
    return count_false_alarms(
        [hourly],
        share=rule.objective,
        p_value=rule.p_value,
        min_bad=rule.min_bad,
        window=rule.window_minutes,
    )


def draw_figures() -> tuple[list[Figure], dict[str, float]]:
    figures, ratios = [], {}
    for hourly in RATES:
        name, soon = f"{hourly} an hour", {}
        rules = {
            "1 h": (HOUR, judge_exact),
            "6 h": (SIX_HOURS, judge_six_hours),
        }
        for window, (key, judge) in rules.items():
            stated = state_a_year(key, hourly)
            allowed = make_rule(key).objective
            soon[window] = measure_outage(judge, hourly)
            figures += [
                Figure(f"{name}, {window}: stated, at most", stated, "a year"),
                Figure(
                    f"{name}, {window}: seen at 2 %", count_a_year(judge, hourly, allowed), "a year"
                ),
                Figure(
                    f"{name}, {window}: seen at 1 %", count_a_year(judge, hourly, HEALTHY), "a year"
                ),
                Figure(f"{name}, {window}: outage seen after", soon[window], "min"),
            ]
        burn_soon = measure_outage(judge_burn, hourly)
        figures += [
            Figure(
                f"{name}, burn: seen at 1 %", count_a_year(judge_burn, hourly, HEALTHY), "a year"
            ),
            Figure(f"{name}, burn: outage seen after", burn_soon, "min"),
        ]
        ratios[f"{name}: minutes, over burn rate"] = min(soon.values()) / burn_soon
    return figures, ratios


def play_figures(faults: list[str], seeds: int, releases: int) -> list[Figure]:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    with few_scenarios() as directory:
        start = prepare_site(directory)
    figures = []
    for is_bad in (True, False):
        name = "bad version" if is_bad else "healthy version"
        count = min(seeds, releases) if is_bad else releases
        played = [play_release(seed, start, is_bad=is_bad) for seed in range(count)]
        seconds = [one.seconds for one in played if one.seconds is not None]
        figures += [
            Figure(f"{name}: runs", count, ""),
            Figure(f"{name}: rolled back", sum(one.is_back for one in played), ""),
            Figure(f"{name}: longest after the alert", max(seconds, default=0.0), "s"),
        ]
        print(f"{name}: {len(seconds)} of {count} rolled back, seconds {seconds}", flush=True)
    return figures + play_faults(start, faults, seeds)


def play_faults(start: datetime, names: list[str], seeds: int) -> list[Figure]:
    from monitoring.simulation.faults import FAULTS

    figures = []
    for name in names or FAULTS:
        fault = FAULTS[name]
        played = [play_fault(name, seed, start) for seed in range(seeds)]
        minutes = [one.minutes for one in played if one.minutes is not None]
        figures += [
            Figure(
                f"{name}: seen within {fault.within / timedelta(minutes=1):g} min",
                len(minutes),
                f"of {seeds}",
            ),
            Figure(f"{name}: median", statistics.median(minutes or [0.0]), "min"),
            Figure(f"{name}: latest", max(minutes, default=0.0), "min"),
            Figure(f"{name}: runs with a wrong alert", sum(bool(one.wrong) for one in played), ""),
        ]
        for one in played:
            if one.wrong:
                print(f"{name}, seed {one.seed}: {', '.join(sorted(one.wrong))}", flush=True)
        print(f"{name}: {len(minutes)} of {seeds}, minutes {sorted(minutes)}", flush=True)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=["played", "drawn"])
    parser.add_argument("--faults", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--releases", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    seeds, releases = (1, 1) if options.quick else (options.seeds, options.releases)
    figures: list[Figure] = []
    ratios: dict[str, float] = {}
    with stores():
        prepare()
        if options.only != "drawn":
            figures += play_figures(options.faults, seeds, releases)
        if options.only != "played" and not options.quick:
            drawn, ratios = draw_figures()
            figures += drawn
    report("alarms", figures=figures, ratios=ratios)


if __name__ == "__main__":
    main()
