"""Packing of drawn trips: how many pieces more than the fewest, and how long it takes.

    python -m benchmarks.packing [TRIPS]

Trips are three or four days of one or two occasions, wardrobes have fourteen main pieces: few enough that every set of
them can be tried. A second table is of wardrobes and trips too large for that.
"""

import os
import random
import sys
import time
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")
django.setup()

from styling.packing.fit import read_fit  # noqa: E402
from styling.packing.suitcase import Need, Terms  # noqa: E402
from tests.styling.drawn_trips import (  # noqa: E402
    KINDS,
    ask_for,
    count_main,
    draw_trip,
    draw_wardrobe,
    find_fewest,
    pack_drawn,
)
from tests.styling.wardrobes import make_weather  # noqa: E402

TRIPS = 50
LARGE = ((60, 7, 1), (60, 14, 1), (150, 14, 2))
"""Main pieces, days, occasions a day."""


def measure_against_all(trips: int) -> None:
    more: Counter[int] = Counter()
    unclean, seconds = 0, []
    for seed in range(trips):
        needs, terms, wardrobe = draw_trip(seed)
        start = time.perf_counter()
        packed = pack_drawn(needs, terms, wardrobe)
        seconds.append(time.perf_counter() - start)
        if packed.overworn:
            unclean += 1
        else:
            more[count_main(packed, wardrobe) - find_fewest(needs, terms, wardrobe)] += 1
    seconds.sort()
    print(f"{trips} trips: pieces above the fewest {dict(more)}; {unclean} cannot stay clean")
    print(
        f"packed in {seconds[len(seconds) // 2]:.2f} s at the median, {seconds[-1]:.2f} s at most"
    )


def measure_large() -> None:
    for pieces, days, occasions in LARGE:
        rng = random.Random(pieces * days)
        wardrobe = {one.id: one for one in draw_wardrobe(rng)}
        while len(wardrobe) < pieces:
            for number, one in enumerate(draw_wardrobe(rng)):
                wardrobe[f"{len(wardrobe)}-{number}"] = one.__class__(
                    **{**vars(one), "id": f"{len(wardrobe)}-{number}"}
                )
        owned = list(wardrobe.values())
        needs = []
        for day in range(days):
            low = rng.choice([-2, 6, 12, 18])
            sky = make_weather(low, low + 5, rain=rng.choice([(), (), (12, 13)]))
            for kind in rng.sample(KINDS, k=occasions):
                needs.append(Need(day, read_fit(ask_for(kind, owned, sky))))
        start = time.perf_counter()
        packed = pack_drawn(needs, Terms(days=days, wash_days=frozenset({6})), owned)
        took = time.perf_counter() - start
        print(
            f"{len(owned)} pieces, {len(needs)} occasions on {days} days: {count_main(packed, owned)} packed"
            f" in {took:.1f} s{'' if packed.is_fewest else ', not proven to be the fewest'}"
        )


if __name__ == "__main__":
    measure_against_all(int(sys.argv[1]) if len(sys.argv) > 1 else TRIPS)
    measure_large()
