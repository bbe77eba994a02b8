"""Trips drawn at random, and the fewest pieces for them by exhaustive search."""

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

from styling.packing.fit import find_faults, read_fit, wear
from styling.packing.packing import Packed, pack
from styling.packing.suitcase import Need, Terms
from styling.packing.washing import count_days_worn, is_used_up, number_stretches
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.judgement import find_off
from styling.stylist.shortlist import groups_of
from styling.weather.model import WeatherSnapshot
from tests.styling.wardrobes import (
    TODAY,
    make_event,
    make_piece,
    make_weather,
    read_vocabulary,
)

KINDS = ("casual", "business", "date_night", "outdoor", "formal")
TYPES = {
    "top": ("t-shirt", "shirt", "longsleeve", "turtleneck", "sweater", "blouse"),
    "bottom": ("jeans", "chinos", "pants", "skirt", "shorts"),
    "shoes": ("sneakers", "boots", "derbies", "sandals"),
    "dress": ("dress",),
    "outerwear": ("rain-jacket", "coat", "blazer", "denim-jacket", "parka"),
}
OWNED = {"top": 4, "bottom": 3, "shoes": 3, "dress": 1, "outerwear": 3}


def ask_for(
    kind: str, wardrobe: Sequence[Candidate], weather: WeatherSnapshot | None = None
) -> OutfitContext:
    return OutfitContext(
        event=make_event(kind),
        weather=weather,
        wardrobe=tuple(wardrobe),
        today=TODAY,
        repeat_days=0,
        words=read_vocabulary(),
    )


def draw_wardrobe(rng: random.Random) -> list[Candidate]:
    """Fourteen main pieces of many kinds, and socks, a scarf and at times tights, thermals or an umbrella."""
    pieces = [
        make_piece(kind, f"{slot} {number}", warmth=rng.choice(["light", "medium", "heavy"]))
        for slot, count in OWNED.items()
        for number, kind in enumerate(rng.choices(TYPES[slot], k=count))
    ]
    extras = ["socks", "scarf", *rng.sample(["tights", "thermals", "umbrella", "beanie"], k=2)]
    return pieces + [make_piece(kind, kind) for kind in extras]


def draw_trip(seed: int) -> tuple[list[Need], Terms, list[Candidate]]:
    rng = random.Random(seed)  # noqa: S311
    wardrobe, days = draw_wardrobe(rng), rng.choice([3, 4])
    base = rng.choice([-4, 4, 10, 16, 24])
    needs = []
    for day in range(days):
        low = base + rng.choice([-2, 0, 3])
        sky = make_weather(low, low + 5, rain=rng.choice([(), (), (12, 13)]))
        kinds = rng.sample(KINDS, k=rng.choice([1, 1, 2]))
        needs += [Need(day, read_fit(ask_for(kind, wardrobe, sky))) for kind in kinds]
    wash = frozenset({1}) if rng.random() < 0.3 else frozenset()
    return needs, Terms(days=days, wash_days=wash), wardrobe


def list_outfits(need: Need, wardrobe: Sequence[Candidate]) -> Iterator[tuple[Candidate, ...]]:
    """Every outfit that the checks let through, however it is found. Which pieces do which job is said anew here."""

    def of(group: str) -> list[Candidate]:
        return [piece for piece in wardrobe if group in groups_of(piece)]

    bodies = [*product(of("top"), of("bottom")), *((dress,) for dress in of("dress"))]
    layers = ("mid", "over", "outer")
    over = [*product(*([None, *of(layer)] for layer in layers))]
    extras = [piece for piece in wardrobe if not groups_of(piece)]
    for body, shoes, above in product(bodies, of("shoes"), over):
        jobs = [*zip(body, ("dress", "bottom"), strict=False), (shoes, "shoes")]
        jobs += [(piece, layer) for piece, layer in zip(above, layers, strict=True) if piece]
        if any(is_needless(piece, job, need, wardrobe) for piece, job in jobs):
            continue
        main = tuple(piece for piece, _ in jobs)
        if len({piece.place for piece in main}) == len(main):
            worn = wear(need.fit, main, [*main, *extras])
            if not find_faults(need.fit, worn):
                yield main


def is_needless(piece: Candidate, job: str, need: Need, wardrobe: Sequence[Candidate]) -> bool:
    """Off the occasion, though something that is not could do the same job: a gown to a walk. A top and a dress do one."""
    context, comfort = need.fit.context, need.fit.comfort
    if not find_off([piece], context, comfort):
        return False
    can = {"top", "dress"} if job == "dress" else {job}
    return job in {"mid", "over"} or any(
        can & groups_of(other) and not find_off([other], context, comfort) for other in wardrobe
    )


def find_fewest(needs: Sequence[Need], terms: Terms, wardrobe: Sequence[Candidate]) -> int:
    """By trying every set of pieces, the small ones first."""
    main = [piece for piece in wardrobe if groups_of(piece)]
    outfits = [
        {frozenset(p.id for p in one) for one in list_outfits(need, wardrobe)} for need in needs
    ]
    kinds = {piece.id: piece for piece in main}
    for count in range(2, len(main) + 1):
        for chosen in combinations(kinds, count):
            bag = frozenset(chosen)
            fitting = [[one for one in some if one <= bag] for some in outfits]
            if all(fitting) and can_wear(needs, terms, fitting, kinds):
                return count
    raise AssertionError("nothing dresses this trip")


def can_wear(
    needs: Sequence[Need],
    terms: Terms,
    fitting: Sequence[Sequence[frozenset[str]]],
    kinds: Mapping[str, Candidate],
) -> bool:
    """Whether one outfit for each occasion leaves no piece worn beyond its wash, by trying all in turn."""
    stretches = number_stretches(terms.days, terms.wash_days)

    def go(at: int, worn: dict[tuple[str, int], dict[int, int]]) -> bool:
        if at == len(needs):
            return True
        need = needs[at]
        is_used = is_used_up(need.fit.context.event.met_w_m2)
        for outfit in fitting[at]:
            after = {key: dict(days) for key, days in worn.items()}
            for piece in outfit:
                stands = count_days_worn(kinds[piece])
                days = after.setdefault((piece, stretches[need.day]), {})
                days[need.day] = max(days.get(need.day, 0), stands if is_used else 1)
            if all(
                sum(days.values()) <= count_days_worn(kinds[key])
                for (key, _), days in after.items()
            ) and go(at + 1, after):
                return True
        return False

    return go(0, {})


def pack_drawn(needs: Sequence[Need], terms: Terms, wardrobe: Sequence[Candidate]) -> Packed:
    travels = frozenset({0, terms.days - 1})
    return pack(needs, terms, travels=travels, owned=wardrobe, seconds=20)


def count_main(packed: Packed, wardrobe: Sequence[Candidate]) -> int:
    return sum(piece.id in packed.copies for piece in wardrobe if groups_of(piece))
