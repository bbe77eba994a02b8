"""Whatever hangs in a wardrobe and whatever is asked, the rules without exceptions hold."""

from datetime import timedelta
from random import Random

import pytest

from registry.tasks import Task
from styling.checks.hard_faults import judge_pieces
from styling.stylist.context import Candidate, OutfitContext
from styling.tasks import OutfitAnswer, SuggestOutfit
from tests.styling.wardrobes import TODAY, ask, make_piece, make_weather, read_vocabulary

KINDS = read_vocabulary().kinds
SEEN_IN_PHOTOS = [
    "t-shirt", "shirt", "longsleeve", "pants", "shorts", "skirt", "dress", "hat", "shoes", "jacket",
]  # fmt: skip
NEVER = {
    "unowned_item", "unavailable_item", "incomplete_outfit", "duplicate_slot", "coat_when_hot",
    "repeated_outfit", "invented_garment", "invented_weather",
}  # fmt: skip

task: Task[OutfitContext, OutfitAnswer] = SuggestOutfit()


def make_random_piece(random: Random, types: list[str], number: int) -> Candidate:
    return make_piece(
        random.choice(types),
        f"Piece {number}x",
        colour=random.choice(list(KINDS["colour"])),
        warmth=random.choice(["light", "medium", "heavy"]),
        pattern=random.choice(list(KINDS["pattern"])),
        water_resistant=random.random() < 0.15,
        last_worn_on=random.choice([None, TODAY, TODAY - timedelta(days=4)]),
    )


def make_random_question(random: Random) -> OutfitContext:
    types = random.choice([SEEN_IN_PHOTOS, list(KINDS["type"])])
    wardrobe = [make_random_piece(random, types, n) for n in range(random.randint(1, 25))]
    celsius = random.uniform(-15, 38)
    weather = make_weather(
        celsius,
        celsius + random.uniform(0, 12),
        rain=random.choice([(), (14,), range(9, 17)]),
        wind=random.choice([5, 35, 60]),
        uv=random.choice([1, 8]),
    )
    return ask(
        wardrobe,
        random.choice([weather, weather, None]),
        random.choice(list(KINDS["event"])),
        seed=random.randint(0, 99),
        sensitivity=random.randint(-2, 2),
        start_from=random.choice([None, wardrobe[0].id]),
        no_forecast="unavailable",
    )


@pytest.mark.parametrize("seed", range(12))
def test_no_wardrobe_breaks_the_stylist(seed: int) -> None:
    random = Random(seed)
    for _ in range(30):
        context = make_random_question(random)
        answer = OutfitAnswer.model_validate_json("".join(task.offline(context, {})))
        broken = {found.code for found in task.check(context, answer)} & NEVER
        said = [(piece.garment_id, piece.slot) for piece in answer.pieces]
        broken |= {fault.code for fault in judge_pieces(context, said).faults}
        assert not broken, (broken, answer)
        assert answer.prose
