"""What the demo wearer has ahead and behind her besides outfits: trips, prices, another calendar, a shared outfit."""

from decimal import Decimal

import pytest

from accounts.models import User
from dresscode.local.demo_calendar import ADDRESS, subscribe_calendar
from dresscode.local.demo_diary import share_an_outfit
from dresscode.local.demo_history import make_history
from dresscode.local.demo_trips import PRICES, plan_trips, tell_prices
from styling.calendars import subscriptions
from styling.models import CalendarOccasion, SharedPicture, Subscription, Trip
from tests.dresscode.test_demo_history import PORTO, make_wearer
from tests.factories import load_vocabulary, make_garment, make_user
from wardrobe import vocabulary
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara(db: None) -> User:
    load_vocabulary()
    vocabulary.forget()
    wearer = make_wearer("mara@example.org")
    wearer.live_in(PORTO.time_zone)
    return wearer


def test_the_other_calendar_makes_occasions_without_a_network(mara: User) -> None:
    for _ in range(2):
        subscribe_calendar(mara)
    (subscription,) = Subscription.objects.filter(owner=mara)
    assert (subscription.url, subscription.failure) == (ADDRESS, "")
    assert subscription.fetched_at and "example" in subscription.name
    assert subscriptions.list_due() == []
    coming = CalendarOccasion.objects.for_owner(mara)
    kinds = {*coming.values_list("kind", flat=True)}
    assert {"business", "sports", "date_night", "smart_casual", ""} == kinds
    assert all(0 <= (one.date - mara.today).days < subscriptions.DAYS_AHEAD for one in coming)


def test_a_look_at_its_address_asks_nobody(mara: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.outside.addresses.socket.getaddrinfo", know_nobody)
    subscribe_calendar(mara)
    Subscription.objects.update(next_look_at=mara.date_joined)
    pk = Subscription.objects.get().pk
    assert not subscriptions.look(pk)
    assert Subscription.objects.get().failure == "unknown_host"
    assert CalendarOccasion.objects.exists()


def know_nobody(*_: object, **__: object) -> None:
    raise OSError


def test_one_trip_is_over_and_one_is_half_packed(mara: User) -> None:
    make_history(mara, PORTO)
    for _ in range(2):
        plan_trips(mara)
    over, ahead = Trip.objects.for_owner(mara)
    assert (over.status, ahead.status) == ("ready", "ready")
    assert over.ends_on < mara.today < ahead.starts_on
    assert not over.pieces.filter(is_packed=False).exists()
    assert {*ahead.pieces.values_list("is_packed", flat=True)} == {True, False}
    assert over.is_planned and ahead.is_planned


def test_most_pieces_have_a_price_and_the_wearers_own_stays(mara: User) -> None:
    mine = make_garment(mara, name="Beige chinos", price=Decimal(1), currency="USD")
    for name in [*PRICES][:3]:
        make_garment(mara, name=name)
    tell_prices(mara)
    assert Garment.objects.for_owner(mara).filter(currency="EUR").count() == 3
    assert Garment.objects.get(pk=mine.pk).price == 1


def test_an_outfit_is_shared_once(mara: User) -> None:
    share_an_outfit(mara)
    assert not SharedPicture.objects.exists()
    make_history(mara, PORTO)
    for _ in range(2):
        share_an_outfit(mara)
    (link,) = SharedPicture.objects.for_owner(mara).public()
    assert link.description.count(",") >= 2
    assert not SharedPicture.objects.for_owner(make_user()).exists()
