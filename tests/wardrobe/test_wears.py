"""The log of what was worn: what follows from it, and what its wearer may say and take back."""

import random
import uuid
from datetime import date, timedelta
from unittest.mock import PropertyMock, patch

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.factories import make_garment
from wardrobe.jobs import count_plans_job
from wardrobe.models import Garment, Wear
from wardrobe.services import wears

HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)
ACCEPTED = Wear.Source.ACCEPTED


def post(client, garment: Garment, **data: str):
    return client.post(reverse("wardrobe:garment-worn", args=[garment.pk]), data, headers=HTMX)


def undo(client, wear: Wear):
    return client.post(reverse("wardrobe:wear-undo", args=[wear.garment_id, wear.pk]), headers=HTMX)


def read(garment: Garment) -> tuple[int, int, date | None]:
    garment.refresh_from_db()
    return garment.wear_count, garment.wears_since_wash, garment.last_worn_on


def wear_outfit(garment: Garment, *, day: date) -> uuid.UUID:
    origin = uuid.uuid4()
    wears.replace_outfit(
        owner=garment.owner,
        origin=origin,
        day=day,
        before=[],
        after=[garment.pk],
        source=ACCEPTED,
    )
    return origin


def forget_outfit(garment: Garment, origin: uuid.UUID, *, day: date) -> None:
    wears.replace_outfit(
        owner=garment.owner,
        origin=origin,
        day=day,
        before=[garment.pk],
        after=[],
        source=ACCEPTED,
    )


class Expected:
    """What a garment's counts must be, told from the acts alone."""

    def __init__(self) -> None:
        self.worn: dict[tuple[date, uuid.UUID | None], bool] = {}
        self.washed_on: date | None = None

    def wear(self, day: date, origin: uuid.UUID | None) -> None:
        is_washed = self.washed_on is not None and day < self.washed_on
        self.worn.setdefault((day, origin), is_washed)

    def wash(self, today: date) -> None:
        self.worn |= {key: True for key in self.worn if key[0] <= today}
        self.washed_on = today

    def counts(self, today: date) -> tuple[int, int, date | None]:
        days = {day for day, _ in self.worn if day <= today}
        unwashed = {day for (day, _), washed in self.worn.items() if day <= today and not washed}
        return len(days), len(unwashed), max(days, default=None)


@pytest.mark.parametrize("seed", range(4))
def test_counts_follow_from_the_log_whatever_is_done(alice, seed):
    rng, garment, expected = random.Random(seed), make_garment(alice), Expected()
    today = timezone.localdate()
    with patch.object(User, "today", new_callable=PropertyMock) as clock:
        for _ in range(40):
            clock.return_value = today
            act, day = rng.choice("sswwwuuctt"), today + rng.randint(-4, 3) * DAY
            if act == "s" and day <= today:
                if wears.log_wear(garment, day=day):
                    expected.wear(day, None)
            elif act == "w":
                expected.wear(day, wear_outfit(garment, day=day))
            elif act == "u" and (wear := garment.wears.order_by("?").first()):
                wears.undo_wear(wear)
                del expected.worn[wear.day, wear.origin]
            elif act == "c":
                wears.wash(garment)
                expected.wash(today)
            elif act == "t":
                today += DAY
                clock.return_value = today
                wears.count_plans_come(alice)
            assert read(garment) == expected.counts(today)
            from_log = wears.count_wears(garment.wears.all(), today=today)
            assert read(garment) == (
                from_log.wear_count, from_log.wears_since_wash, from_log.last_worn_on
            )  # fmt: skip


def test_an_outfit_that_was_turned_down_after_all_leaves_everything_as_it_was(alice):
    garment = make_garment(alice)
    wears.log_wear(garment, day=alice.today - 7 * DAY)
    wears.log_wear(garment, day=alice.today - 3 * DAY)
    before = read(garment)
    origin = wear_outfit(garment, day=alice.today)
    assert read(garment) == (3, 3, alice.today)
    forget_outfit(garment, origin, day=alice.today)
    assert read(garment) == before == (2, 2, alice.today - 3 * DAY)


def test_what_was_taken_back_of_an_outfit_by_hand_stays_taken_back(alice):
    coat, shirt = make_garment(alice), make_garment(alice)
    said = {
        "owner": alice, "origin": uuid.uuid4(), "day": alice.today, "source": ACCEPTED,
        "after": [coat.pk, shirt.pk],
    }  # fmt: skip
    wears.replace_outfit(**said, before=[])
    wears.undo_wear(coat.wears.get())
    wears.replace_outfit(**said, before=[coat.pk, shirt.pk])
    assert (read(coat)[0], read(shirt)[0]) == (0, 1)


def test_the_database_keeps_one_row_of_a_garment_a_day_and_an_outfit(alice):
    garment = make_garment(alice)
    row = {"owner": alice, "garment": garment, "day": alice.today, "source": "said"}
    Wear.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wear.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wear.objects.create(**row | {"day": None})


def test_a_plan_counts_when_its_day_has_come_where_the_wearer_is(alice, monkeypatch):
    garment = make_garment(alice)
    User.objects.filter(pk=alice.pk).update(time_zone="Pacific/Auckland")
    alice.refresh_from_db()
    garment.owner = alice
    wear_outfit(garment, day=alice.today + DAY)
    count_plans_job()
    assert read(garment) == (0, 0, None)
    garment.wears.update(day=alice.today)
    assert count_plans_job() == 1
    assert read(garment) == (1, 1, alice.today)
    assert not Wear.objects.filter(is_planned=True).exists()


def test_washing_takes_no_plan_along(alice):
    garment = make_garment(alice)
    wears.log_wear(garment, day=alice.today)
    wear_outfit(garment, day=alice.today + DAY)
    wears.wash(garment)
    assert read(garment)[1] == 0
    garment.wears.update(day=alice.today)
    wears.count_plans_come(alice)
    assert read(garment)[:2] == (1, 1)


def test_a_day_before_the_wash_that_is_added_later_was_washed(alice):
    garment = make_garment(alice)
    wears.wash(garment)
    wears.log_wear(garment, day=alice.today - DAY)
    assert read(garment) == (1, 0, alice.today - DAY)


def test_a_day_counts_once_however_often_it_is_said(as_alice, alice):
    garment = make_garment(alice)
    for _ in range(3):
        post(as_alice, garment)
    assert read(garment) == (1, 1, alice.today)


def test_worn_today_can_be_undone_to_the_day_before_it(as_alice, alice):
    last_week = alice.today - 7 * DAY
    garment = make_garment(alice, wear_count=4, wears_since_wash=1, last_worn_on=last_week)
    post(as_alice, garment)
    assert read(garment) == (5, 2, alice.today)
    wear = garment.wears.get(day=alice.today)
    for _ in range(2):
        assert undo(as_alice, wear).status_code == 200
        assert read(garment) == (4, 1, last_week)


def test_another_day_can_be_added_and_is_listed_with_a_way_back(as_alice, alice):
    garment = make_garment(alice)
    day = alice.today - 40 * DAY
    page = post(as_alice, garment, day=day.isoformat()).text
    assert read(garment) == (1, 1, day)
    wear = garment.wears.get()
    assert f'datetime="{day.isoformat()}"' in page
    assert reverse("wardrobe:wear-undo", args=[garment.pk, wear.pk]) in page
    assert "Known already" in post(as_alice, garment, day=day.isoformat()).text
    assert garment.wears.count() == 1


@pytest.mark.parametrize("headers", [HTMX, {}])
@pytest.mark.parametrize("ahead", ["1", "x", ""])
def test_no_day_to_come_can_be_added(as_alice, alice, ahead, headers):
    garment = make_garment(alice)
    day = (alice.today + DAY).isoformat() if ahead == "1" else ahead
    address = reverse("wardrobe:garment-worn", args=[garment.pk])
    answer = as_alice.post(address, {"day": day}, headers=headers)
    assert answer.status_code == 422
    assert 'id="worn_day_error"' in answer.text
    assert 'aria-describedby="worn_day_error"' in answer.text
    assert not garment.wears.exists()


def test_the_log_is_paged_newest_first(as_alice, alice):
    garment = make_garment(alice)
    days = [alice.today - number * DAY for number in range(12)]
    for day in days:
        wears.log_wear(garment, day=day)
    address = reverse("wardrobe:garment-detail", args=[garment.pk])
    first, second = as_alice.get(address).text, as_alice.get(f"{address}?wears=2").text
    shown = [[f'datetime="{day.isoformat()}"' in page for day in days] for page in (first, second)]
    assert shown == [[True] * 10 + [False] * 2, [False] * 10 + [True] * 2]


def test_what_was_counted_before_the_log_can_be_taken_back(as_alice, alice):
    garment = make_garment(alice, wear_count=4)
    post(as_alice, garment)
    undo(as_alice, garment.wears.get(source="earlier"))
    assert read(garment)[0] == 1


def test_charlie_cannot_take_back_what_alice_wore(as_charlie, alice):
    garment = make_garment(alice)
    wear = wears.log_wear(garment, day=alice.today)
    assert undo(as_charlie, wear).status_code == 404
    assert post(as_charlie, garment).status_code == 404
    assert garment.wears.count() == 1
