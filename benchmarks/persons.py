"""Whether the stylist learns a person: simulated wearers judge what the real ranking suggests, for sixty days.

    python -m benchmarks.persons [--wearers 200] [--days 60] [--json]

Each wearer has a wardrobe of their own, a taste drawn once (a few features that they care about, a liking for
some garments that no feature tells, a need for warmth of their own), and a day's weather and occasion. They take
or turn down the one outfit that is suggested, by chance, and half of the time say why. Three stylists dress the
same wearers in the same weather: one that learns nothing; one that keeps an exponential average of the features
of what was taken (+0.3) and turned down (-0.5) with alpha 0.15, after wardrowbe, times the strength that does best
for eight other wearers; and ours. All three rank with `styling.stylist.search`. Shown is the share taken on the last thirty
days, with 95 % intervals over wearers, and the difference of each to no learning.
"""

import argparse
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")
django.setup()

from benchmarks.report import Figure, report  # noqa: E402
from styling.golden.expectations import read_vocabulary  # noqa: E402
from styling.learning.lines import find_preferences  # noqa: E402
from styling.learning.signals import ACCEPTED, COLOUR_FEATURES, REJECTED, Signal  # noqa: E402
from styling.stylist.context import Candidate, EventContext, GarmentFacts, OutfitContext  # noqa: E402
from styling.stylist.features import NAMES, describe_outfit  # noqa: E402
from styling.stylist.preferences import Preferences  # noqa: E402
from styling.stylist.search import suggest_outfits  # noqa: E402
from styling.weather.model import WeatherHour, summarize_hours  # noqa: E402

SEED = 20261129
FIRST_DAY = date(2026, 3, 1)
OWNED = {"top": 9, "mid": 3, "bottom": 6, "dress": 2, "shoes": 4, "outer": 4}
"""How many garments of a group everybody owns."""
TYPES = {
    "top": ("t-shirt", "polo", "shirt", "blouse", "longsleeve", "turtleneck"),
    "mid": ("sweater", "cardigan", "hoodie", "waistcoat"),
    "bottom": ("pants", "chinos", "jeans", "skirt"),
    "dress": ("dress", "jumpsuit"),
    "shoes": ("sneakers", "derbies", "loafers", "boots"),
    "outer": ("blazer", "jacket", "denim-jacket", "coat", "rain-jacket"),
}
COLOURS = (
    "black", "charcoal", "grey", "white", "cream", "beige", "brown", "navy", "denim", "blue", "light_blue",
    "green", "olive", "red", "burgundy", "pink", "purple", "yellow",
)  # fmt: skip
PATTERNS = ("solid", "solid", "solid", "striped", "plaid", "floral")
OCCASIONS = ("casual", "smart_casual", "business", "casual")
CARES, CARE_DEVIATION = 7, 1.3
"""How many features a wearer cares about, and how much."""
WARMTH_DEVIATION, GARMENT_DEVIATION = 1.5, 0.5
USUALLY_TAKEN = 0.3
SAYS_WHY = 0.5
GAINED, LOST, ALPHA = 0.3, -0.5, 0.15
TRIED_STRENGTHS = (0.5, 1.0, 2.0)
TRIAL_WEARERS = 8
LEARNING_DAYS = 30
ARMS = ("none", "average", "ours")


@dataclass(frozen=True)
class Wearer:
    wardrobe: tuple[Candidate, ...]
    taste: Mapping[str, float]
    likings: Mapping[str, float]

    def judge(self, pieces: Sequence[Candidate], features: Mapping[str, float]) -> float:
        """The log odds of taking an outfit."""
        liked = sum(self.taste[name] * value for name, value in features.items())
        return USUALLY_TAKEN + liked + float(np.mean([self.likings[p.id] for p in pieces] or [0]))

    def explain(self, features: Mapping[str, float]) -> tuple[str, ...]:
        """The reason on the page for what weighed most against it, if there is one."""
        if not features:
            return ()
        worst = min(features, key=lambda name: self.taste[name] * features[name])
        too_much = features[worst] > 0
        reasons = {
            "warmth": "too_warm" if too_much else "too_cold",
            "dressed_up": "too_dressed_up" if too_much else "not_dressed_up",
            "repeats": "worn_lately",
        }
        if worst in COLOUR_FEATURES:
            return ("colours",)
        return (reasons[worst],) if worst in reasons else ()


def make_wearer(rng: np.random.Generator) -> Wearer:
    words = read_vocabulary()
    wardrobe = []
    for group, count in OWNED.items():
        for number in range(count):
            facts = GarmentFacts(
                id=f"{group}-{number}",
                name=f"{group} {number}",
                type=str(rng.choice(TYPES[group])),
                colours=({"name": str(rng.choice(COLOURS)), "share": 1.0},),
                pattern=str(rng.choice(PATTERNS)) if group in {"top", "dress"} else "solid",
                warmth=str(rng.choice(["light", "medium", "heavy"])),
            )
            wardrobe.append(Candidate.of(facts, words))
    taste = dict.fromkeys(NAMES, 0.0)
    for name in rng.choice(NAMES, size=CARES, replace=False):
        taste[str(name)] = rng.normal(0, CARE_DEVIATION)
    taste["warmth"] = rng.normal(0, WARMTH_DEVIATION)
    likings = {piece.id: rng.normal(0, GARMENT_DEVIATION) for piece in wardrobe}
    return Wearer(tuple(wardrobe), taste, likings)


def make_question(rng: np.random.Generator, wearer: Wearer, number: int) -> OutfitContext:
    """A day's weather and occasion: spring, with rain on one day of five."""
    day = FIRST_DAY + timedelta(days=number)
    starts = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    low = float(rng.normal(11, 5))
    wet = rng.random() < 0.2
    hours = [
        WeatherHour(
            time=starts + timedelta(hours=hour),
            temperature_c=low + hour / 2,
            apparent_c=low + hour / 2,
            precipitation_mm=1.0 if wet else 0.0,
            precipitation_probability=80 if wet else 5,
            wmo_code=63 if wet else 3,
            wind_kmh=10.0,
            uv=2.0,
            is_day=True,
        )
        for hour in range(8)
    ]
    ends = starts + timedelta(hours=8)
    weather = summarize_hours(hours, starts=starts, ends=ends, sensitivity=0, fetched_at=starts)
    event = EventContext.of(
        str(rng.choice(OCCASIONS)), starts=starts, ends=ends, words=read_vocabulary()
    )
    return OutfitContext(
        event=event,
        weather=weather,
        wardrobe=wearer.wardrobe,
        today=day,
        seed=int(rng.integers(2**31)),
    )


def follow(seed: int, arm: str, days: int, strength: float) -> list[bool]:
    """Whether one wearer took the outfit of each day. `strength` multiplies the average."""
    rng = np.random.default_rng(seed)
    wearer = make_wearer(rng)
    questions = [make_question(rng, wearer, day) for day in range(days)]
    chances, says_why = rng.random(days), rng.random(days) < SAYS_WHY
    worn: dict[str, date] = {}
    signals: list[Signal] = []
    average = np.zeros(len(NAMES))
    taken = []
    for number, question in enumerate(questions):
        wardrobe = tuple(replace(p, last_worn_on=worn.get(p.id)) for p in question.wardrobe)
        preferences = Preferences()
        if arm == "ours":
            preferences = find_preferences(signals)
        elif arm == "average":
            preferences = Preferences(dict(zip(NAMES, average.tolist(), strict=True)))
        context = replace(question, wardrobe=wardrobe, preferences=preferences)
        (outfit,) = suggest_outfits(context, count=1)
        features = describe_outfit(outfit.pieces, context)
        is_taken = chances[number] < 1 / (1 + np.exp(-wearer.judge(outfit.pieces, features)))
        reasons = () if is_taken or not says_why[number] else wearer.explain(features)
        signals.append(
            Signal(number + 1, ACCEPTED if is_taken else REJECTED, features, reasons=reasons)
        )
        seen = np.array([features.get(name, 0.0) for name in NAMES])
        gain = strength * (GAINED if is_taken else LOST)
        average = np.where(seen != 0, average + ALPHA * (gain * seen - average), average)
        worn |= dict.fromkeys((p.id for p in outfit.pieces), question.today) if is_taken else {}
        taken.append(bool(is_taken))
    return taken


def share_late(task: tuple[int, str, int, float]) -> float:
    """In per cent, on the days after the learning ones."""
    return 100 * float(np.mean(follow(*task)[LEARNING_DAYS:]))


def find_strength(days: int) -> float:
    """The one with which the average does best, of other wearers than those who are reported."""
    trial = range(SEED - TRIAL_WEARERS, SEED)
    means = {
        strength: np.mean([share_late((seed, "average", days, strength)) for seed in trial])
        for strength in TRIED_STRENGTHS
    }
    return max(means, key=lambda strength: means[strength])


def summarize(name: str, shares: np.ndarray) -> list[Figure]:
    error = 1.96 * shares.std(ddof=1) / np.sqrt(len(shares))
    return [
        Figure(name, float(shares.mean()), "%"),
        Figure(f"{name}: interval, plus or minus", float(error), "points"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wearers", type=int, default=200)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    strength = find_strength(asked.days)
    tasks = list(product(range(SEED, SEED + asked.wearers), ARMS, [asked.days], [strength]))
    with ProcessPoolExecutor(asked.processes) as pool:
        shares = np.array(list(pool.map(share_late, tasks, chunksize=6))).reshape(-1, len(ARMS))
    taken = dict(zip(ARMS, shares.T, strict=True))
    figures = [figure for arm in ARMS for figure in summarize(f"taken, {arm}", taken[arm])]
    for better, worse in (("average", "none"), ("ours", "none"), ("ours", "average")):
        figures += summarize(f"{better} over {worse}", taken[better] - taken[worse])
    environment = {"wearers": asked.wearers, "seed": SEED, "strength of the average": strength}
    report("persons", figures=figures, ratios={}, environment=environment)


if __name__ == "__main__":
    main()
