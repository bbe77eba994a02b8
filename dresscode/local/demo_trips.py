"""What the demo wearer paid for some of her pieces, and a trip of hers that is packed and half in the bag."""

from datetime import timedelta
from decimal import Decimal

from accounts.models import User
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
}
CURRENCY = "EUR"
AHEAD, DAYS = 4, 4
DESTINATION = "Lisbon, Portugal"
OCCASIONS = (("casual",), ("smart_casual", "date_night"), ("outdoor",), ("casual",))


def tell_prices(wearer: User) -> None:
    for name, price in PRICES.items():
        owned = Garment.objects.for_owner(wearer).filter(name=name, price=None)
        owned.update(price=Decimal(price), currency=CURRENCY)


def plan_trips(wearer: User) -> None:
    """Once. She expects mild days with rain, in case that no forecast can be had."""
    place, first = get_place(DESTINATION), wearer.today + timedelta(days=AHEAD)
    if place is None or Trip.objects.for_owner(wearer).exists():
        return
    days = [first + timedelta(days=at) for at in range(DAYS)]
    plan = TripPlan(
        name=place.label.split(",")[0],
        starts_on=days[0],
        ends_on=days[-1],
        stays=[Stay(place, first, "mild", "rainy")],
        occasions=dict(zip(days, OCCASIONS, strict=True)),
    )
    trip = ask_to_pack(save_trip(Trip(owner=wearer), plan))
    if pack_trip(trip.pk, trip.attempt):
        keys = list(trip.pieces.values_list("garment", flat=True))
        tick(trip, keys[: len(keys) // 2])
        plan_days(trip, is_planned=True)
