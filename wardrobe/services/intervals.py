"""After how many wears a piece is due for the wash."""

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from wardrobe.models import Garment

NEVER = 0
BY_TYPE: dict[str, int] = {
    **dict.fromkeys(("t-shirt", "tank-top", "polo", "leggings", "sweatpants"), 1),
    **dict.fromkeys(("underwear", "socks", "tights", "thermals", "swimwear"), 1),
    **dict.fromkeys(("shirt", "blouse", "longsleeve", "turtleneck", "dress", "jumpsuit"), 2),
    **dict.fromkeys(("pants", "chinos", "jeans", "shorts", "skirt"), 3),
    **dict.fromkeys(("sweater", "cardigan", "sweatshirt", "hoodie", "fleece"), 4),
    **dict.fromkeys(("blazer", "waistcoat"), 4),
    **dict.fromkeys(("vest", "jacket", "bomber", "coat", "puffer", "parka"), 30),
    **dict.fromkeys(("scarf", "beanie", "gloves", "hat", "cap"), 15),
}
"""By the type of the vocabulary; what is not here is never due. After the American Cleaning Institute, "Do I need to wash
this?": what is next to the skin after each wear, dress shirts and khakis after a few, jeans after three, suits after
three or four, coats once or twice in a season. Sweaters and accessories are ours."""


def usual_interval(type_: str) -> int:
    """Wears between two washes of a type; 0 for what is never due."""
    return BY_TYPE.get(type_, NEVER)


def interval_of(garment: Garment) -> int:
    """The wearer's own word on the piece, else what is usual for its type."""
    return usual_interval(garment.type) if garment.wash_after is None else garment.wash_after


def list_due(owner: User) -> QuerySet[Garment]:
    """What was worn as often as its interval says, and is not in the wash, away or put away; the longest due first."""
    usual = Case(
        *(When(type=type_, then=Value(wears)) for type_, wears in BY_TYPE.items()),
        default=Value(NEVER),
        output_field=IntegerField(),
    )
    worn = Garment.objects.for_owner(owner).current().filter(in_wash=False, wears_since_wash__gt=0)
    due = worn.annotate(interval=Coalesce(F("wash_after"), usual)).filter(
        interval__gt=NEVER,
        wears_since_wash__gte=F("interval"),
        quantity__gt=F("washing") + F("elsewhere"),
    )
    return due.order_by(F("interval") - F("wears_since_wash"), "name", "pk")
