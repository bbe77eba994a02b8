"""Wearers who ask the real model what to wear, over the websocket."""

from itertools import cycle, islice
from typing import Any

from channels.db import database_sync_to_async

from accounts.models import User
from styling.models import Suggestion
from tests.factories import make_garment, make_user
from tests.styling.conftest import Page, ask_for_outfit
from wardrobe.models import Garment

CLOTHES = [
    {"name": "Navy shirt"},
    {"name": "White tee", "type": "tee"},
    {"name": "Grey trousers", "slot": "bottom", "type": "pants", "material": "wool"},
    {"name": "Blue jeans", "slot": "bottom", "type": "jeans", "material": "denim"},
    {"name": "Brown boots", "slot": "shoes", "type": "boots", "material": "leather"},
    {"name": "Rain jacket", "slot": "outerwear", "type": "jacket", "layering": "outer"},
]
ENDS = {"done", "error"}


def make_wearer(number: int, *, garments: int = len(CLOTHES)) -> User:
    """A wearer with some garments of six kinds."""
    owner = make_user(f"wearer{number}@example.net")
    for fields in islice(cycle(CLOTHES), garments):
        make_garment(owner, **fields)
    return owner


def make_scarf_wearer(number: int) -> User:
    """A wearer with one scarf: no outfit is all there is to show, so that no choice of pieces is held back."""
    owner = make_user(f"wearer{number}@example.net")
    make_garment(owner, slot="accessory", type="scarf")
    return owner


@database_sync_to_async
def ask(owner: User, **fields: Any) -> Suggestion:
    return ask_for_outfit(owner, **fields)


async def hear_out(page: Page) -> list[dict[str, Any]]:
    """Every event up to the answer's end."""
    page.patience_s = 300.0
    await page.resume()
    while not page.events or page.events[-1]["type"] not in ENDS:
        await page.hear()
    return page.events


@database_sync_to_async
def owned_ids(owner: User) -> set[str]:
    return {str(pk) for pk in Garment.objects.filter(owner=owner).values_list("pk", flat=True)}
