"""Lists of the admin, narrowed by what no column holds: they are shown whole, and say so."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from tests.factories import load_prompts, make_operator, make_photo
from wardrobe.models import Photo

pytestmark = pytest.mark.django_db(transaction=True)

ODD = {
    "": "%00",
    "__exact": "x%00",
    "__range": "1,2,3",
    "__gte": "9999-12-31T23:00-14:00",
    "__lt": "9" * 30,
}
"""A value for each lookup."""


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_operator())
    client.raise_request_exception = False
    return client


def list_address(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def list_odd() -> Iterator[tuple[type[Model], str]]:
    """Of every list its filters, its page and what is searched for; and a column of each kind that there is."""
    kinds: dict[str, tuple[type[Model], str]] = {}
    for model, model_admin in admin.site._registry.items():
        kinds |= {field.get_internal_type(): (model, field.name) for field in model._meta.fields}
        for one in model_admin.list_filter:
            chosen = one[0] if isinstance(one, tuple) else one
            name = chosen if isinstance(chosen, str) else chosen.parameter_name
            yield from ((model, f"{name}{lookup}={odd}") for lookup, odd in ODD.items())
        yield from ((model, f"{name}=%00") for name in ("q", "o", "p", "_to_field"))
    for model, name in kinds.values():
        yield from ((model, f"{name}{lookup}={odd}") for lookup, odd in ODD.items())


def test_no_list_breaks_on_an_odd_filter(operator: Client) -> None:
    load_prompts()
    asked = [*list_odd()]
    broken = [
        f"{model.__name__} {query}"
        for model, query in asked
        if operator.get(f"{list_address(model)}?{query}").status_code >= 500
    ]
    assert broken == []
    assert len(asked) > 300


@pytest.mark.parametrize("query", ["status__exact=%00", "id__range=1,2,3", "e=1&status__exact=%00"])
def test_it_says_that_the_list_is_whole(operator: Client, query: str) -> None:
    photo = make_photo()
    page = operator.get(f"{list_address(Photo)}?{query}", follow=True).text
    assert "The list cannot be narrowed to that, so all of it is shown." in page
    assert str(photo.pk) in page
    assert "cannot be narrowed" not in operator.get(list_address(Photo)).text


def test_a_list_that_breaks_by_itself_is_no_fault_of_its_filter(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise ValueError

    monkeypatch.setattr(admin.site._registry[Photo], "get_queryset", fail)
    address = f"{list_address(Photo)}?status__exact=ready"
    assert operator.get(address, follow=True).status_code == 500


@pytest.mark.parametrize(
    ("path", "words", "others"),
    [
        ("wardrobe/photo/", "There are no photos yet.", ["Show all", "Add photo"]),
        ("wardrobe/photo/?q=nowhere", "Nothing here fits", ["Add photo", "yet."]),
        ("wardrobe/photo/?status__exact=ready", "Show all photos", ["Add photo", "yet."]),
        ("accounts/user/?q=nowhere", "Show all users", ["yet."]),
        ("auth/group/?q=nowhere", "Nothing here fits", ["yet."]),
        ("monitoring/webhookendpoint/", "Add webhook endpoint", ["Show all"]),
    ],
)
def test_an_empty_list_says_why_and_offers_what_can_be_done(
    operator: Client, path: str, words: str, others: list[str]
) -> None:
    page = operator.get(f"/admin/{path}").text
    empty = page.split('<div class="o-empty">')[1].split("</div>")[0]
    assert words in empty
    assert not any(other in empty for other in others)
