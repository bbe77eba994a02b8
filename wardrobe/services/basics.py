"""A starter set of basics for who has no photos at hand, and what a wardrobe lacks for a first outfit."""

import io
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.translation import pgettext
from PIL import Image

from accounts.models import User
from wardrobe import vocabulary
from wardrobe.models import Act, Garment, GarmentQuerySet
from wardrobe.photos import ingestion, storage
from wardrobe.services.garment_builder import OF_BASICS
from wardrobe.services.garments import add_garment
from wardrobe.services.many import note_made, remove_made
from wardrobe.services.pictures import folder_of

FOLDER = Path(settings.BASE_DIR, "fixtures", "basics")
GROUND = (231, 232, 234)
"""Under a basic where pages show it as a print: about `--ground` by day."""


@dataclass(frozen=True)
class Basic:
    """One of the set, as `fixtures/basics/basics.toml` has it. `colours` map the vocabulary's names to hex."""

    key: str
    name: str
    type: str
    colours: dict[str, str]
    material: str
    usual: bool = False

    @property
    def said(self) -> str:
        """The name in the language that is spoken; `name` is English, as it is stored."""
        return pgettext(OF_BASICS, self.name)

    @property
    def slot(self) -> str:
        return vocabulary.slot_of(self.type)

    def read_picture(self) -> bytes:
        """A WebP with alpha, as cut-outs are."""
        return (FOLDER / f"{self.key}.webp").read_bytes()


@cache
def list_basics() -> tuple[Basic, ...]:
    rows = tomllib.loads((FOLDER / "basics.toml").read_text())["basics"]
    return tuple(Basic(**{name: row[name] for name in row if name != "drawn"}) for row in rows)


def find_basic(key: str) -> Basic | None:
    return next((basic for basic in list_basics() if basic.key == key), None)


@transaction.atomic
def hang_up_basics(*, owner: User, basics: Iterable[Basic]) -> Act:
    """Add a garment for each, marked as a basic, with its drawn picture. It can be undone as one act."""
    made = [hang_up(owner, basic) for basic in basics]
    return Act.objects.create(owner=owner, kind=Act.Kind.BASICS, changes=note_made(made))


def describe(basic: Basic) -> dict[str, Any]:
    """What a garment has of the list; the rest is as usual for the type."""
    colours = [
        {"name": name, "hex": hex_, "share": round(1 / len(basic.colours), 3)}
        for name, hex_ in basic.colours.items()
    ]
    return {
        "name": basic.name,
        "type": basic.type,
        "colours": colours,
        "material": basic.material,
    }


def hang_up(owner: User, basic: Basic) -> Garment:
    garment = add_garment(owner=owner, changes=describe(basic))
    keep_picture(garment, basic.read_picture())
    garment.is_basic = True
    garment.save()
    return garment


def keep_picture(garment: Garment, data: bytes) -> None:
    """Its cut-out, and the same on a plain ground for where a print is shown."""
    with Image.open(io.BytesIO(data)) as picture:
        cut_out = picture.convert("RGBA")
    ground = Image.new("RGB", cut_out.size, GROUND)
    ground.paste(cut_out, mask=cut_out)
    garment.image.name = storage.save_rendition(
        folder_of(garment), "crop", ingestion.make_crop(ground, [])
    )
    garment.cut_out.name = storage.save_rendition(folder_of(garment), "cut", data)
    garment.cut_out_size, garment.cut_out_sureness = [*cut_out.size], 1.0


@transaction.atomic
def take_basics_down(owner: User) -> list[str]:
    """Remove the basics that are as they came, and that nothing was done with; answers with the names of those.

    So one that hangs again is the same, though its row is new.
    """
    basics = Garment.objects.for_owner(owner).filter(is_basic=True).select_related("photo")
    return [one.name for one in basics if is_as_it_came(one) and remove_made(one, {})]


def is_as_it_came(garment: Garment) -> bool:
    """Whether its wearer has said nothing of a basic that the list does not say."""
    basic = next((one for one in list_basics() if one.name == garment.name), None)
    if basic is None or garment.is_favourite or garment.wash_after is not None:
        return False
    said = describe(basic)
    return garment.edited_fields == sorted(said) and all(
        getattr(garment, name) == value for name, value in said.items()
    )


def find_missing(owner: User) -> list[str]:
    """What a first outfit lacks of what the stylist may offer: "top", "bottom", "shoes", in this order.

    A dress stands for a top and a bottom. Raises nothing; an empty list means that there is an outfit.
    """
    offered = Garment.objects.for_owner(owner).wearable().order_by()
    return list_missing(dict(offered.values_list("slot").annotate(Count("pk"))))


def find_unsure(owner: User, missing: Collection[str]) -> Garment | None:
    """The first piece that waits for a look and would then fill a slot that is missing."""
    waiting = Garment.objects.for_owner(owner).needing_review().filter(slot__in=missing)
    return waiting.order_by("created_at", "pk").first()


def find_look_first(owner: User, pieces: GarmentQuerySet) -> Garment | None:
    """What waits for a look and keeps these pieces of theirs out of every outfit until then."""
    if missing := find_missing(owner):
        return find_unsure(owner, missing)
    waiting = pieces.needing_review().order_by("created_at", "pk").first()
    return waiting if waiting and not pieces.wearable().exists() else None


def list_missing(slots: Collection[str]) -> list[str]:
    needed = ["shoes"] if "dress" in slots else ["top", "bottom", "shoes"]
    return [slot for slot in needed if slot not in slots]
