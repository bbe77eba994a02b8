"""One log of a garment: washed, repaired and lent beside its wears, each with its undo."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from styling.services.contexts import list_absent, read_not_offered
from styling.services.looks import keep_look
from styling.services.requests import count_garments
from tests.factories import make_garment
from wardrobe.models import Care, Garment
from wardrobe.services import care as services
from wardrobe.services.care import AllAwayError
from wardrobe.services.intervals import BY_TYPE, interval_of, list_due
from wardrobe.services.wears import log_wear
from wardrobe.vocabulary import values

pytestmark = pytest.mark.django_db


def reread(garment: Garment) -> Garment:
    return Garment.objects.select_related("owner").get(pk=garment.pk)


def wear(garment: Garment, *days_ago: int) -> None:
    for days in days_ago:
        log_wear(garment, day=garment.owner.today - timedelta(days=days))


def state(garment: Garment) -> tuple[Any, ...]:
    row = reread(garment)
    return row.washing, row.in_wash, row.elsewhere, row.wears_since_wash, row.washed_on


# Washing


def test_a_wash_is_an_entry_and_its_undo_brings_everything_back(alice: User) -> None:
    shirt = make_garment(alice)
    wear(shirt, 3, 1)
    services.put_in_basket(shirt)
    before = state(shirt)
    washed = services.wash_garment(shirt)
    assert state(shirt) == (0, False, 0, 0, alice.today)
    wear(shirt, 0)
    services.undo_care(washed)
    assert state(shirt) == (1, True, 0, 3, None)
    assert before == (1, True, 0, 2, None)


def test_undoing_a_wash_that_another_followed_leaves_the_piece_clean(alice: User) -> None:
    shirt = make_garment(alice)
    wear(shirt, 3)
    first = services.wash_garment(shirt)
    second = services.wash_garment(shirt)
    services.undo_care(first)
    assert state(shirt)[3:] == (0, alice.today)
    services.undo_care(Care.objects.get(pk=second.pk))
    assert state(shirt)[3:] == (1, None)


def test_out_of_the_basket_again_unwashed(alice: User) -> None:
    socks = make_garment(alice, quantity=3)
    entries = [services.put_in_basket(socks) for _ in range(3)]
    with pytest.raises(AllAwayError):
        services.put_in_basket(socks)
    services.undo_care(entries[0])
    assert state(socks)[:2] == (2, False)
    services.wash_garment(socks)
    services.undo_care(entries[1])
    assert state(socks)[:2] == (0, False)


def test_an_entry_is_taken_back_once(alice: User) -> None:
    tees = make_garment(alice, quantity=3)
    first, _ = (services.put_in_basket(tees) for _ in range(2))
    services.undo_care(first)
    services.undo_care(Care(pk=first.pk, garment=tees, kind=first.kind, pieces=first.pieces))
    assert state(tees)[0] == 1


def test_the_basket_is_one_act_and_one_undo(as_alice: Client, alice: User, charlie: User) -> None:
    mine = [make_garment(alice, name=name) for name in ("Shirt", "Jeans")]
    others = make_garment(charlie)
    for garment in (*mine, others):
        wear(garment, 1)
        services.put_in_basket(garment)
    page = as_alice.get("/wardrobe/laundry/").text
    assert "Shirt" in page and "Jeans" in page
    answer = as_alice.post("/wardrobe/laundry/washed/", follow=True)
    assert [state(one)[:2] for one in mine] == [(0, False), (0, False)]
    assert state(others)[:2] == (1, True)
    act = Care.objects.filter(kind="washed").first()
    assert act
    undo = reverse("wardrobe:laundry-undo", args=[act.act])
    assert undo in answer.text
    as_alice.post(undo)
    assert [state(one)[:4] for one in mine] == [(1, True, 0, 1), (1, True, 0, 1)]


def test_what_is_due_goes_into_the_basket_at_once(as_alice: Client, alice: User) -> None:
    shirt = make_garment(alice, name="Worn shirt", wash_after=1)
    make_garment(alice, name="Fresh shirt")
    wear(shirt, 1)
    assert "Worn shirt" in as_alice.get("/wardrobe/laundry/").text
    as_alice.post("/wardrobe/laundry/fill/", {"garment": ["nonsense"]})
    assert not Care.objects.exists()
    as_alice.post("/wardrobe/laundry/fill/")
    assert reread(shirt).in_wash and not list_due(alice).exists()
    act = Care.objects.get().act
    as_alice.post(reverse("wardrobe:laundry-undo", args=[act]))
    assert not reread(shirt).in_wash


def test_charlie_takes_back_no_act_of_alices(charlie: User, alice: User, client: Client) -> None:
    shirt = make_garment(alice)
    services.put_in_basket(shirt)
    act = services.wash_basket(alice)
    client.force_login(charlie)
    assert client.post(reverse("wardrobe:laundry-undo", args=[act])).status_code == 404
    assert not reread(shirt).in_wash


# When something is due


@pytest.mark.parametrize(
    ("type_", "own", "worn", "is_due"),
    [
        ("t-shirt", None, 1, True),
        ("jeans", None, 2, False),
        ("jeans", None, 3, True),
        ("jeans", 2, 2, True),
        ("t-shirt", 0, 9, False),
        ("boots", None, 9, False),
        ("boots", 5, 5, True),
    ],
)
def test_due_by_its_kind_or_by_its_wearer(
    alice: User, type_: str, own: int | None, worn: int, is_due: bool
) -> None:
    garment = make_garment(alice, type=type_, wash_after=own)
    wear(garment, *range(worn))
    assert list_due(alice).exists() == is_due


def test_an_interval_is_set_for_one_or_for_all_of_a_kind(as_alice: Client, alice: User) -> None:
    jeans, others = make_garment(alice, type="jeans"), make_garment(alice, type="jeans")
    path = f"/wardrobe/{jeans.pk}/interval/"
    as_alice.post(path, {"wears": "8"})
    assert (interval_of(reread(jeans)), interval_of(reread(others))) == (8, 3)
    as_alice.post(path, {"wears": "5", "is_for_type": "on"})
    assert (interval_of(reread(jeans)), interval_of(reread(others))) == (5, 5)
    as_alice.post(path, {"wears": ""})
    assert interval_of(reread(jeans)) == 3
    assert as_alice.post(path, {"wears": "-1"}).status_code == 422


def test_intervals_are_of_types_that_there_are(words: None) -> None:
    assert {*BY_TYPE} <= {*values("type")}


# Away


@pytest.mark.parametrize("kind", ["repair", "lent"])
def test_what_is_away_is_in_no_answer_until_it_is_back(
    as_alice: Client, alice: User, kind: str
) -> None:
    coat = make_garment(alice, name="Coat")
    until = (alice.today + timedelta(days=9)).isoformat()
    as_alice.post(f"/wardrobe/{coat.pk}/away/", {"kind": kind, "whom": "Sam", "until": until})
    assert not Garment.objects.wearable().exists()
    said = {"repair": "in repair", "lent": "lent"}[kind]
    assert [piece.why for piece in list_absent(alice, read_not_offered(alice.pk, []))] == [said]
    counts = count_garments(alice)
    assert (counts["wearable"], counts["lent_out"], counts["unreviewed"]) == (0, 1, 0)
    assert "Sam" in as_alice.get("/wardrobe/laundry/").text
    assert "Sam" in as_alice.get(f"/wardrobe/{coat.pk}/").text
    care = Care.objects.get()
    back = f"/wardrobe/{coat.pk}/care/{care.pk}/back/"
    as_alice.post(back)
    assert Garment.objects.wearable().exists() and Care.objects.get().ended_on == alice.today
    as_alice.post(f"{back}?undo")
    assert not Garment.objects.wearable().exists()
    as_alice.post(f"/wardrobe/{coat.pk}/care/{care.pk}/undo/")
    assert Garment.objects.wearable().exists() and not Care.objects.exists()


def test_what_is_away_is_shown_to_be_and_is_dressed_around_only_when_it_is_back(
    as_alice: Client, alice: User
) -> None:
    coat = make_garment(alice, name="Coat", quantity=2)
    look = keep_look(alice, [coat], name="Winter")
    pages = ["/wardrobe/", "/wardrobe/select/", f"/looks/{look.pk}/", f"/wardrobe/{coat.pk}/"]
    pages += [f"/looks/build/?slot={coat.slot}"]
    cares = [services.send_away(coat, kind=kind) for kind in (Care.Kind.LENT, Care.Kind.REPAIR)]
    for page in pages:
        assert re.search(r">(Away|[^<]*· away)<", as_alice.get(page).text), page
    page = as_alice.get(pages[3]).text
    assert not [words for words in ("Dress me around", "Put one in the wash") if words in page]
    assert "Not worn yet. Away." in page
    assert "1 is away." in as_alice.get("/today/").text
    services.bring_back(cares[0])
    for page in pages[:3]:
        assert not re.search(r">(Away|[^<]*· away)<", as_alice.get(page).text), page
    assert "Dress me around this" in as_alice.get(pages[3]).text


def test_one_of_two_lent_leaves_one_until_that_is_washed(alice: User) -> None:
    gloves = make_garment(alice, quantity=2)
    services.send_away(gloves, kind=Care.Kind.LENT)
    assert gloves in Garment.objects.wearable()
    services.put_in_basket(gloves)
    assert gloves not in Garment.objects.wearable()
    with pytest.raises(AllAwayError):
        services.send_away(gloves, kind=Care.Kind.REPAIR)


def test_nothing_is_expected_back_before_today(as_alice: Client, alice: User) -> None:
    coat = make_garment(alice)
    day = (alice.today - timedelta(days=1)).isoformat()
    answer = as_alice.post(f"/wardrobe/{coat.pk}/away/", {"kind": "lent", "until": day})
    assert answer.status_code == 422 and not Care.objects.exists()


def test_one_log_holds_wears_and_care_a_page_at_a_time(
    as_alice: Client, alice: User, django_assert_max_num_queries: Any
) -> None:
    shirt = make_garment(alice)
    wear(shirt, *range(1, 10))
    services.put_in_basket(shirt)
    services.wash_garment(shirt)
    services.send_away(shirt, kind=Care.Kind.LENT, whom="Sam")
    shown = as_alice.get(f"/wardrobe/{shirt.pk}/")
    log = shown.context["log"]
    assert [entry.care.kind for entry in log if entry.care] == ["lent", "washed", "basket"]
    assert (len(log.object_list), log.paginator.num_pages) == (10, 2)
    with django_assert_max_num_queries(26):
        as_alice.get(f"/wardrobe/{shirt.pk}/")


def test_charlie_finds_no_entry_of_alices(alice: User, charlie: User, client: Client) -> None:
    coat, own = make_garment(alice), make_garment(charlie)
    care = services.send_away(coat, kind=Care.Kind.LENT)
    client.force_login(charlie)
    for garment in (coat, own):
        assert client.post(f"/wardrobe/{garment.pk}/care/{care.pk}/back/").status_code == 404
    assert client.post(f"/wardrobe/{coat.pk}/care/{care.pk}/undo/").status_code == 404
    client.post(f"/wardrobe/{own.pk}/care/{care.pk}/undo/")
    assert Care.objects.exists() and reread(coat).elsewhere == 1


# What should be back


def overdue_coat(alice: User, name: str = "Camel coat") -> Care:
    coat = make_garment(alice, name=name)
    care = services.send_away(coat, kind=Care.Kind.LENT, whom="Tom", until=alice.today)
    Care.objects.filter(pk=care.pk).update(until=alice.today - timedelta(days=2))
    return Care.objects.select_related("garment").get(pk=care.pk)


def test_today_shows_what_should_be_back_with_both_acts(as_alice: Client, alice: User) -> None:
    make_garment(alice)
    assert "Should be back" not in as_alice.get(reverse("styling:ask")).text
    cares = [overdue_coat(alice, f"Coat {n}") for n in range(5)]
    page = as_alice.get(reverse("styling:ask")).text
    assert "Should be back" in page and "Coat 0" in page and "2 more" in page
    args = [cares[0].garment_id, cares[0].pk]
    told = as_alice.post(reverse("wardrobe:care-back", args=args), {"today": "1"}, follow=True)
    assert told.redirect_chain[-1][0] == reverse("styling:ask") and "Back: Coat 0." in told.text
    told = as_alice.post(reverse("wardrobe:care-back", args=args) + "?undo&today", follow=True)
    assert told.redirect_chain[-1][0] == reverse("styling:ask")
    assert Care.objects.get(pk=cares[0].pk).is_away


def test_a_week_longer_counts_from_today_and_is_taken_back(as_alice: Client, alice: User) -> None:
    care = overdue_coat(alice)
    Care.objects.update(told_on=alice.today)
    address = reverse("wardrobe:care-longer", args=[care.garment_id, care.pk])
    assert "A week longer" in as_alice.get(reverse("wardrobe:laundry")).text
    page = as_alice.post(address, {"laundry": "1"}, follow=True).text
    longer = Care.objects.get()
    assert (longer.until, longer.told_on) == (alice.today + timedelta(days=7), None)
    assert "A week longer" not in page
    undo = re.search(r'data-undo.*?action="([^"]+)"', page, re.DOTALL)
    assert undo and as_alice.post(undo[1]).status_code == 302
    as_before = Care.objects.get()
    assert (as_before.until, as_before.told_on) == (care.until, alice.today), "told once"
    services.bring_back(care)
    assert "It is back already." in as_alice.post(address, follow=True).text


def test_what_is_back_already_keeps_its_day(as_alice: Client, alice: User) -> None:
    """A page may stand open for days."""
    care = overdue_coat(alice)
    address = reverse("wardrobe:care-back", args=[care.garment_id, care.pk])
    yesterday = alice.today - timedelta(days=1)
    services.bring_back(care)
    Care.objects.update(ended_on=yesterday)
    as_alice.post(address)
    assert Care.objects.get().ended_on == yesterday


def test_of_somebody_elses_piece_nothing_is_put_off(as_charlie: Client, alice: User) -> None:
    care = overdue_coat(alice)
    address = reverse("wardrobe:care-longer", args=[care.garment_id, care.pk])
    assert as_charlie.post(address).status_code == 404
    assert Care.objects.get().until == care.until
