"""A piece as somebody else of the household may see it: whose it is, what it looks like, and nothing of its owner's life."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.languages.words import within
from accounts.models import User
from wardrobe.models import Garment, Member, Wear
from wardrobe.services.garments import call
from wardrobe.vocabulary.naming import begin_with_adjective

Garments = TypeVar("Garments", bound=Sequence[Garment])


def show_borrowed(wearer: User, garments: Garments) -> Garments:
    """The same rows in memory, those of others without what is not told of them; they must not be saved.

    Told are name, picture and attributes. The photo it was cut from, other photos, price, notes, brand and when its owner
    wore or washed it are not; `last_worn_on` is the wearer's own last day in it. No query where all are the wearer's; done twice it is done once.
    """
    others = [
        garment for garment in garments if garment.owner_id != wearer.pk and not garment.whose
    ]
    if not others:
        return garments
    names = dict(
        Member.objects.filter(user__in={one.owner_id for one in others}).values_list("user", "name")
    )
    worn = Wear.objects.for_owner(wearer).filter(garment__in=others, day__lte=wearer.today)
    days = dict(worn.order_by().values_list("garment").annotate(Max("day")))
    for garment in others:
        called = call(
            garment
        )  # Before it is somebody's: of what is borrowed it answers with what is set here.
        garment.whose = names.get(garment.owner_id, "")
        garment.called = name_of(garment, called)
        garment.name = name_of(garment, garment.name)
        garment.photo = garment.face = garment.price = garment.call = None
        garment.brand = garment.notes = garment.currency = ""
        garment.is_favourite = False
        garment.wear_count = garment.wears_since_wash = 0
        garment.washed_on = None
        garment.last_worn_on = days.get(garment.pk)
        if not garment.shows_cut_out:
            garment.cut_out = ""
    return garments


def name_of(garment: Garment, name: str) -> str:
    """Such as "Anna’s camel wool coat"."""
    if not garment.whose:
        return name
    return _("%(owner)s’s %(piece)s") % {
        "owner": garment.whose,
        "piece": begin_small(garment, name),
    }


def begin_small(garment: Garment, name: str) -> str:
    """The name as it stands in mid sentence: a colour, kind or cloth that it begins with loses its capital, as does
    the first word of a name of ours in the language that is spoken; of a German one, unless it is a noun."""
    if name != garment.name:
        return begin_with_adjective(name) or within(name)
    first = name.split(maxsplit=1)[0] if name.strip() else ""
    said = [garment.type, garment.material, garment.pattern]
    said += [str(colour.get("name", "")) for colour in garment.colours]
    known = {word for text in said for word in text.lower().replace("_", "-").split("-")}
    is_plain = first.istitle() and first.lower() in known
    return name[0].lower() + name[1:] if is_plain else name
