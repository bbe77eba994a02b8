"""What the demo wearer paid for most of her pieces, a trip of hers that is over, and one that is packed and half in the
bag."""

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import User
from dresscode.local.demo_history import DAYS
from styling.models import Trip
from styling.trips.packing import pack_trip
from styling.trips.service import Stay, TripPlan, ask_to_pack, plan_days, save_trip, tick
from styling.weather.places import get_place
from wardrobe.models import Garment

PRICES = {
    "Camel wool coat": "239.00",
    "Navy wool blazer": "155.00",
    "Brown ankle boots": "129.80",
    "Dark straight jeans": "79.90",
    "White leather sneakers": "89.00",
    "Plaid wool skirt": "54.00",
    "White crew-neck tee": "14.90",
    "Breton longsleeve": "35.00",
    "Blue oxford shirt": "49.90",
    "White poplin shirt": "45.00",
    "Grey lambswool sweater": "69.00",
    "Olive field jacket": "95.00",
    "Charcoal wool trousers": "85.00",
    "Beige chinos": "39.90",
    "Black derbies": "119.00",
}
"""The others were gifts, or nobody knows any more."""
CURRENCY = "EUR"
AHEAD, LASTS = 4, 4
BEFORE, LASTED = DAYS + 8, 3
"""Days before today: earlier than the first outfit that she wore at home."""
OCCASIONS = (("casual",), ("smart_casual", "date_night"), ("outdoor",), ("casual",))


def tell_prices(wearer: User) -> None:
    for name, price in PRICES.items():
        owned = Garment.objects.for_owner(wearer).filter(name=name, price=None)
        owned.update(price=Decimal(price), currency=CURRENCY)


def plan_trips(wearer: User) -> None:
    """Once. She expects mild days with rain ahead, in case that no forecast can be had."""
    if Trip.objects.for_owner(wearer).exists():
        return
    today = wearer.today
    go(wearer, "Madrid, Spain", today - timedelta(days=BEFORE), LASTED, ("mild", "dry"), packed=1)
    go(wearer, "Lisbon, Portugal", today + timedelta(days=AHEAD), LASTS, ("mild", "rainy"))


def go(
    wearer: User,
    label: str,
    first: date,
    count: int,
    sky: tuple[str, str],
    *,
    packed: float = 0.5,
) -> None:
    """A trip of `count` days that is packed and in the calendar, with a share of its pieces in the bag."""
    place = get_place(label)
    if place is None:
        return
    days = [first + timedelta(days=at) for at in range(count)]
    plan = TripPlan(
        name=place.label.split(",")[0],
        starts_on=days[0],
        ends_on=days[-1],
        stays=[Stay(place, first, *sky)],
        occasions=dict(zip(days, OCCASIONS, strict=False)),
    )
    trip = ask_to_pack(save_trip(Trip(owner=wearer), plan))
    if pack_trip(trip.pk, trip.attempt):
        keys = list(trip.pieces.values_list("garment", flat=True))
        tick(trip, keys[: round(packed * len(keys))])
        plan_days(trip, is_planned=True)
