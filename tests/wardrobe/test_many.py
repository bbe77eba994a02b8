"""Several pieces at once: chosen, changed, put away, deleted, and taken back as a whole."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from feedback.models import Correction
from tests.factories import make_described_garment, make_garment, make_photo
from wardrobe.models import Act, Garment
from wardrobe.services import many
from wardrobe.views.many import PER_PAGE

SELECT, MANY = "/wardrobe/select/", "/wardrobe/many/"


def do(client: Client, act: str, *garments: Garment, **data: Any) -> Any:
    return client.post(MANY, {"act": act, "garment": [one.pk for one in garments], **data})


def undo(client: Client) -> Any:
    act = Act.objects.latest("created_at")
    return client.post(reverse("wardrobe:act-undo", args=[act.pk]), follow=True)


def look(*garments: Garment) -> list[dict[str, Any]]:
    """All columns but the time of the last change."""
    rows = Garment.objects.filter(pk__in=[one.pk for one in garments]).order_by("pk").values()
    return [{name: row[name] for name in row if name != "updated_at"} for row in rows]


@pytest.fixture
def two(alice: User) -> tuple[Garment, Garment]:
    return (
        make_described_garment(alice, name="Shirt", photo=make_photo(alice)),
        make_garment(alice, name="Coat", occasions=["party"], quantity=2),
    )


ACTS: list[tuple[str, dict[str, Any]]] = [
    ("wash", {}),
    ("clean", {}),
    ("worn", {}),
    ("restore", {}),
    ("archive", {"sure": 1, "because": "sold"}),
    ("edit", {"sure": 1, "how": "add", "occasions": ["party"], "formality": "formal"}),
    ("edit", {"sure": 1, "how": "replace", "seasons": ["winter"]}),
    ("edit", {"sure": 1, "how": "remove", "seasons": ["spring", "summer"]}),
]


@pytest.mark.parametrize(("act", "data"), ACTS)
def test_each_act_is_undone_whole(as_alice, alice, two, act, data):
    dirty = make_garment(alice, in_wash=True, washing=1, wear_count=3, wears_since_wash=3)
    away = make_garment(alice, status="archived", away="stored")
    all_ = (*two, dirty, away)
    before, logged = look(*all_), list(alice.wears.order_by("pk").values())
    assert do(as_alice, act, *all_, **data).status_code == 302
    assert look(*all_) != before
    assert "as before" in undo(as_alice).text
    assert look(*all_) == before
    assert list(alice.wears.order_by("pk").values()) == logged
    assert not Correction.objects.exists()


def test_tags_are_added_taken_away_or_replaced(as_alice, two):
    shirt, coat = two
    do(as_alice, "edit", *two, sure=1, how="add", seasons=["winter"])
    coat.refresh_from_db()
    assert coat.seasons == ["spring", "summer", "autumn", "winter"]
    do(as_alice, "edit", *two, sure=1, how="remove", seasons=["spring", "winter"])
    do(as_alice, "edit", *two, sure=1, how="replace", occasions=["business"])
    for one in two:
        one.refresh_from_db()
        assert (one.seasons, one.occasions) == (["summer", "autumn"], ["business"])
        assert {"seasons", "occasions"} <= {*one.edited_fields}


def test_putting_away_and_deleting_ask_first(as_alice, two):
    before = look(*two)
    asked = do(as_alice, "archive", *two)
    assert "Put 2 pieces away?" in asked.text
    assert "Given away" in asked.text
    assert "Delete 2 pieces?" in do(as_alice, "delete", *two).text
    assert "Change 2 pieces" in do(as_alice, "edit", *two).text
    assert look(*two) == before
    do(as_alice, "delete", *two, sure=1)
    assert look(*two) == []


def test_nothing_to_change_brings_the_question_back(as_alice, two):
    answer = do(as_alice, "edit", *two, sure=1, how="add")
    assert answer.status_code == 422
    assert "Choose what is to change." in answer.text


def test_the_reason_stands_on_the_piece_until_it_is_back(as_alice, two):
    do(as_alice, "archive", *two, sure=1, because="given")
    page = as_alice.get("/wardrobe/?state=archived").text
    assert page.count("Given away</span>") == 2
    do(as_alice, "restore", *two)
    assert {*Garment.objects.values_list("away", "status")} == {("", "ready"), ("", "needs_review")}


def test_what_changed_since_stays_when_the_act_is_undone(as_alice, two):
    shirt, coat = two
    do(as_alice, "archive", *two, sure=1, because="sold")
    as_alice.post(reverse("wardrobe:garment-archive", args=[coat.pk]), {"off": 1})
    assert "1 of 2 pieces" in undo(as_alice).text
    assert "Nothing was left to take back." in undo(as_alice).text


def test_charlie_reaches_nothing_of_alices(as_charlie, as_alice, charlie, two):
    before = look(*two)
    mine = make_garment(charlie)
    for act, data in (*ACTS, ("delete", {"sure": 1})):
        assert do(as_charlie, act, *two, **data).status_code == 404
    do(as_charlie, "wash", mine, *two)
    assert look(*two) == before
    mine.refresh_from_db()
    assert mine.in_wash
    do(as_alice, "wash", *two)
    act = Act.objects.latest("created_at")
    assert as_charlie.post(reverse("wardrobe:act-undo", args=[act.pk])).status_code == 404
    chosen = as_charlie.get(SELECT, {"garment": [one.pk for one in two]}).text
    assert "Shirt" not in chosen


def test_more_than_one_act_may_have_change_nothing(as_alice, two):
    keys = [two[0].pk, *(uuid.uuid4() for _ in range(many.MOST_AT_ONCE))]
    before = look(*two)
    page = as_alice.post(MANY, {"act": "wash", "garment": keys}, follow=True).text
    assert "At most 100 pieces at once. Nothing changed." in page
    assert look(*two) == before


def test_choosing_nothing_and_acts_that_are_none(as_alice, two):
    assert "Choose a piece first." in as_alice.post(MANY, {"act": "wash"}, follow=True).text
    for act in ("import", "basics", "nonsense", ""):
        assert do(as_alice, act, *two).status_code == 404


def test_ticks_are_kept_and_come_first_while_other_pieces_are_shown(as_alice, alice, two):
    shoes = make_garment(alice, name="Boots", slot="shoes", type="boots")
    page = as_alice.post(SELECT, {"garment": [two[1].pk], "slot": "shoes"}).text
    assert page.index("Coat") < page.index("Boots")
    assert "Shirt" not in page
    assert f'value="{two[1].pk}" checked' in page
    assert f'value="{shoes.pk}" checked' not in page


def test_all_ticks_as_many_as_one_act_may_have(as_alice, alice, two, monkeypatch):
    monkeypatch.setattr(many, "MOST_AT_ONCE", 2)
    make_garment(alice)
    page = as_alice.post(SELECT, {"all": 1}).text
    assert page.count("checked>") == 2 + 1  # And the kind "All".
    assert "The first 2" in page


def test_the_page_of_a_thousand_pieces_is_small_and_asks_little(
    as_alice, alice, django_assert_max_num_queries
):
    Garment.objects.bulk_create(
        Garment(
            owner=alice,
            name=f"Piece number {n}",
            slot="top",
            type="shirt",
            cut_out=f"garments/{alice.pk}/{n}/cut.webp",
            cut_out_size=[400, 480],
            last_worn_on=alice.today,
        )
        for n in range(1000)
    )
    chosen = list(alice.garments.values_list("pk", flat=True)[:100])
    with django_assert_max_num_queries(20):
        answer = as_alice.post(SELECT, {"garment": chosen})
    assert len(as_alice.get(SELECT).content) < 40_000
    assert len(answer.content) < 60_000, "a hundred that are ticked, and a page more"
    assert answer.text.count("hang__tick") == 100 + PER_PAGE


def test_a_hundred_pieces_are_changed_with_few_queries_each(
    as_alice, alice, django_assert_max_num_queries
):
    made = [make_garment(alice) for _ in range(100)]
    with django_assert_max_num_queries(12 * 100):
        do(as_alice, "wash", *made)
    assert alice.garments.filter(in_wash=True).count() == 100
    with django_assert_max_num_queries(15 * 100):
        undo(as_alice)


def test_old_acts_are_forgotten(as_alice, two):
    do(as_alice, "wash", *two)
    Act.objects.update(created_at="2020-01-01T00:00:00Z")
    assert many.delete_old_acts() == 1
