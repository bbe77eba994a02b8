"""Looks: laid by hand, kept of an answer, called something, copied, worn again; the builder behind them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from styling.models import Look, Suggestion
from styling.pages.looks import LOOKS_PER_PAGE
from styling.services import looks
from styling.services.contexts import build_context
from styling.stylist.search import suggest_outfits
from styling.stylist.seasons import find_season
from tests.factories import make_garment
from tests.styling.conftest import ask_for_outfit
from tests.styling.test_outfit_page import finish
from wardrobe.models import Garment, Wear

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def look(alice: User, clothes: list[Garment]) -> Look:
    return looks.keep_look(alice, clothes, name="Harbour lunch")


def read(client: Client, address: str) -> str:
    return client.get(address, follow=True).content.decode()


@pytest.mark.parametrize(
    ("said", "kept"), [("Going by the season.", "Going by the season"), (" . ", "A look")]
)
def test_a_name_ends_in_no_full_stop(
    alice: User, clothes: list[Garment], said: str, kept: str
) -> None:
    assert looks.keep_look(alice, clothes, name=said).name == kept


def test_a_look_is_kept_named_renamed_and_deleted(as_alice: Client, clothes: list[Garment]) -> None:
    pieces = [str(garment.pk) for garment in clothes]
    page = as_alice.post(reverse("styling:look-keep"), {"piece": pieces, "name": " Quay "}, follow=True)  # fmt: skip
    kept = Look.objects.get()
    assert kept.name == "Quay" and looks.list_pieces(kept) == clothes
    assert "Quay is kept." in page.content.decode()
    page = as_alice.post(reverse("styling:look-rename", args=[kept.pk]), {"name": "Shore"}, follow=True)  # fmt: skip
    undo = re.search(r'action="(/looks/[^"]*name=Quay)"', page.content.decode())
    assert undo and Look.objects.get().name == "Shore"
    as_alice.post(undo[1])
    assert Look.objects.get().name == "Quay"
    address = reverse("styling:look-delete", args=[kept.pk])
    assert as_alice.get(address).status_code == 200 and Look.objects.exists()
    as_alice.post(address)
    assert not Look.objects.exists() and Garment.objects.count() == 3


def test_an_answer_is_kept_as_a_look(
    as_alice: Client, suggestion: Suggestion, clothes: list[Garment]
) -> None:
    finish(suggestion, clothes)
    assert reverse("styling:look-keep") in read(
        as_alice, reverse("styling:outfit-detail", args=[suggestion.pk])
    )
    as_alice.post(reverse("styling:look-keep"), {"suggestion": str(suggestion.pk), "name": "Kept"})
    kept = Look.objects.get()
    assert kept.suggestion == suggestion and looks.list_pieces(kept) == clothes


def test_a_look_is_copied(as_alice: Client, look: Look) -> None:
    as_alice.post(reverse("styling:look-clone", args=[look.pk]))
    copy = Look.objects.exclude(pk=look.pk).get()
    assert copy.name == "Harbour lunch again"
    assert looks.list_pieces(copy) == looks.list_pieces(look)


def test_keeping_or_copying_a_look_is_said_and_undone(
    as_alice: Client, look: Look, clothes: list[Garment]
) -> None:
    copied = as_alice.post(reverse("styling:look-clone", args=[look.pk]), follow=True).text
    kept = as_alice.post(
        reverse("styling:look-keep"), {"piece": [str(clothes[0].pk)], "name": "Quay"}, follow=True
    ).text
    for page, name in ((copied, "Harbour lunch again"), (kept, "Quay")):
        new = Look.objects.get(name=name)
        undo = reverse("styling:look-delete", args=[new.pk])
        assert f"{name} is kept." in page
        assert re.search(rf'data-undo.*?action="{undo}"', page, re.DOTALL)
        as_alice.post(undo)
    assert [*Look.objects.all()] == [look]


def test_a_look_worn_today_is_in_the_log_once_and_can_be_taken_back(
    as_alice: Client, look: Look, alice: User
) -> None:
    page = as_alice.post(reverse("feedback:wear-look", args=[look.pk]), follow=True)
    outfit = Suggestion.objects.get()
    assert outfit.verdict == "accepted" and outfit.event.date == alice.today
    assert Wear.objects.filter(origin=outfit.pk, day=alice.today).count() == 3
    assert "You wear Harbour lunch today." in page.content.decode() and outfit.prose
    as_alice.post(reverse("feedback:withdraw-verdict", args=[outfit.pk]))
    assert not Wear.objects.exists()


def test_a_look_without_pieces_says_so(as_alice: Client, look: Look) -> None:
    Garment.objects.all().delete()
    assert "No piece of it is left." in read(
        as_alice, reverse("styling:look-detail", args=[look.pk])
    )
    for name in ("styling:look-clone", "feedback:wear-look"):
        page = as_alice.post(reverse(name, args=[look.pk]), follow=True)
        assert "No piece of it is left." in page.content.decode()
    as_alice.post(reverse("styling:look-keep"), {"name": "Nothing"})
    assert Look.objects.count() == 1 and not Suggestion.objects.exists()


def test_looks_are_paged_and_cost_few_queries(
    as_alice: Client, alice: User, clothes: list[Garment], django_assert_max_num_queries: object
) -> None:
    for number in range(LOOKS_PER_PAGE + 2):
        looks.keep_look(alice, clothes, name=f"Look {number}")
    address = reverse("styling:looks")
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        content = read(as_alice, address)
    assert content.count('class="look"') == LOOKS_PER_PAGE
    assert read(as_alice, f"{address}?page=2").count('class="look"') == 2
    assert read(as_alice, f"{address}?page=x").count('class="look"') == LOOKS_PER_PAGE


def test_a_piece_laid_down_takes_the_place_of_its_like(alice: User, clothes: list[Garment]) -> None:
    shirt, trousers, boots = clothes
    other = make_garment(alice, name="Tee")
    dress = make_garment(alice, name="Dress", slot="dress", type="dress")
    scarf = make_garment(alice, name="Scarf", slot="accessory", type="scarf")
    assert looks.lay_down(clothes, other) == [trousers, boots, other]
    assert looks.lay_down(clothes, dress) == [boots, dress]
    assert looks.lay_down([boots, dress], trousers) == [boots, trousers]
    assert looks.lay_down(clothes, scarf) == [*clothes, scarf]
    assert looks.lay_down(clothes, boots) == [shirt, trousers, boots]


def test_the_builder_is_its_address(as_alice: Client, alice: User, clothes: list[Garment]) -> None:
    shirt, trousers, boots = clothes
    address = reverse("styling:look-build")
    assert "Nothing down yet" in read(as_alice, address)
    page = as_alice.get(f"{address}?piece={shirt.pk}&add={trousers.pk}")
    assert page.url == f"{address}?piece={shirt.pk}&piece={trousers.pk}"
    content = read(as_alice, page.url)
    assert (
        "2 pieces down. Still to lay down: Shoes." in content and "flatlay__open is-next" in content
    )
    assert f"add={boots.pk}" in content  # The tray shows what is open.
    whole = read(as_alice, f"{page.url}&piece={boots.pk}")
    assert "3 pieces down. It is whole." in whole
    assert f'href="{address}?piece={shirt.pk}&amp;piece={boots.pk}"' in whole  # Takes out.


def test_the_stylist_finishes_and_keeps_what_lies_there(
    as_alice: Client, alice: User, clothes: list[Garment]
) -> None:
    tee = make_garment(alice, name="Tee", type="t-shirt")
    page = as_alice.post(reverse("styling:look-finish"), {"piece": [str(tee.pk)]})
    asked = Suggestion.objects.get()
    assert page.url == reverse("styling:outfit-detail", args=[asked.pk])
    assert asked.kept == [tee.pk] and asked.event.date >= alice.today
    context = build_context(asked, list(Garment.objects.filter(pk__in=asked.candidates)))
    assert str(tee.pk) in {piece.id for piece in suggest_outfits(context)[0].pieces}


def test_the_stylist_says_what_it_cannot_finish_with(
    as_alice: Client, alice: User, clothes: list[Garment]
) -> None:
    tee = make_garment(alice, name="Tee", type="t-shirt")
    washed = make_garment(alice, name="Blue jeans", type="jeans", in_wash=True, washing=1)
    named = {"piece": [str(tee.pk), str(washed.pk)]}
    page = as_alice.post(reverse("styling:look-finish"), named, follow=True)
    assert "so it goes without: Blue jeans." in page.text
    assert Suggestion.objects.get().kept == [tee.pk]


def test_charlie_sees_and_changes_nothing_of_alices_looks(
    client: Client, look: Look, clothes: list[Garment], charlie: User
) -> None:
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("styling:look-detail", args=[look.pk])).status_code == 404
    for name in ("look-rename", "look-clone", "look-delete"):
        assert client.post(reverse(f"styling:{name}", args=[look.pk])).status_code == 404
    assert client.post(reverse("feedback:wear-look", args=[look.pk])).status_code == 404
    assert "Harbour" not in read(client, reverse("styling:looks"))
    named = reverse("styling:look-build") + f"?piece={clothes[0].pk}"
    assert "Nothing down yet" in read(client, named)
    client.post(reverse("styling:look-keep"), {"piece": str(clothes[0].pk), "name": "Theirs"})
    assert Look.objects.count() == 1


def test_a_piece_that_is_left_out_is_offered_where_a_look_needs_it(
    alice: User, clothes: list[Garment]
) -> None:
    asked = ask_for_outfit(alice, keep=[clothes[0].pk])
    assert asked.kept == [clothes[0].pk]


def test_looks_are_narrowed_by_what_they_are(
    as_alice: Client, alice: User, clothes: list[Garment], look: Look
) -> None:
    coat = make_garment(alice, name="Linen coat", seasons=["summer", "winter"], is_favourite=True)
    kept = looks.keep_look(alice, [coat], name="Kept", suggestion=ask_for_outfit(alice))
    season = find_season(alice.today, None, alice.zone.key)
    Garment.objects.update(seasons=[])  # The others go all year.
    Garment.objects.filter(pk=coat.pk).update(
        seasons=["spring" if season in {"summer", "winter"} else "summer"]
    )

    def shown(show: str) -> set[str]:
        page = as_alice.get(reverse("styling:looks"), {"show": show})
        return {one.name for one, worn in page.context["looks"]}

    assert shown("") == shown("nonsense") == {look.name, kept.name}
    assert shown("by-hand") == shown("season") == {look.name}
    assert shown("casual") == shown("favourite") == {kept.name}
    kept.delete()
    page = as_alice.get(reverse("styling:looks")).content.decode()
    assert "show=favourite" not in page, "an empty shelf is not offered"


def test_a_look_says_on_how_many_days_it_was_worn(
    as_alice: Client, alice: User, clothes: list[Garment], look: Look
) -> None:
    assert "not worn yet" in as_alice.get(reverse("styling:looks")).content.decode()
    pieces = looks.list_pieces(look)
    for day, worn in ((1, pieces), (1, pieces), (2, pieces), (3, pieces[:1]), (-3, pieces)):
        outfit = finish(ask_for_outfit(alice, date=alice.today - timedelta(days=day)), worn)
        Suggestion.objects.filter(pk=outfit.pk).update(verdict="accepted")
    assert looks.count_worn(alice, [look]) == {look.pk: 2}
    for address in (reverse("styling:looks"), reverse("styling:look-detail", args=[look.pk])):
        assert "worn 2 times" in as_alice.get(address).content.decode()
