"""Operators read corrections, ratings and suggestions, and settle corrections."""

import html
import re

import pytest
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from feedback.models import Correction, GarmentSignal, Rating, WornInstead
from tests.factories import make_call, make_garment, make_reviewer, make_user
from tests.styling.conftest import ask_for_outfit

pytestmark = pytest.mark.django_db
CORRECTIONS = "/admin/feedback/correction/"


@pytest.fixture
def correction() -> Correction:
    call = make_call()
    garment = make_garment(name="<b>Shirt</b>")
    return Correction.objects.create(
        owner=garment.owner,
        garment=garment,
        field="type",
        model_value="shirt",
        user_value="blouse",
        confidence=0.62,
        version=call.version,
        call=call,
    )


def test_a_correction_is_listed_with_its_garment_version_and_call(
    as_operator: Client, correction: Correction
) -> None:
    content = as_operator.get(CORRECTIONS).content.decode()
    assert "0.62" in content
    assert "&lt;b&gt;Shirt" in content
    for name, row in (
        ("wardrobe_garment", correction.garment),
        ("registry_promptversion", correction.version),
        ("registry_inferencecall", correction.call),
    ):
        assert row and reverse(f"admin:{name}_change", args=[row.pk]) in content


@pytest.mark.parametrize(
    ("action", "review"), [("accept", "accepted"), ("dismiss", "dismissed"), ("reopen", "pending")]
)
def test_a_correction_is_settled(
    as_operator: Client, correction: Correction, action: str, review: str
) -> None:
    as_operator.post(CORRECTIONS, {"action": action, "_selected_action": [correction.pk]})
    correction.refresh_from_db()
    assert correction.review == review


def test_who_settled_a_correction_and_when_is_told(
    as_operator: Client, correction: Correction
) -> None:
    as_operator.post(CORRECTIONS, {"action": "accept", "_selected_action": [correction.pk]})
    page = as_operator.get("/admin/feedback/lineage/", {"correction": correction.pk})
    entry = page.context["forward"].by_hand
    assert entry.action_time and f"<b>Accepted, {entry.user}</b>" in page.text
    assert "in the list of corrections" in page.text


def test_who_may_only_look_may_not_settle(client: Client, correction: Correction) -> None:
    viewer = make_user(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_correction"))
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    client.post(CORRECTIONS, {"action": "accept", "_selected_action": [correction.pk]})
    correction.refresh_from_db()
    assert correction.review == "pending"


def test_the_list_leads_a_reviewer_to_no_page_that_they_may_not_open(
    client: Client, correction: Correction
) -> None:
    client.force_login(make_reviewer(), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(CORRECTIONS).text
    assert "&lt;b&gt;Shirt" in page
    table = page.split("<table", 1)[1].split("</table>")[0]
    links = {*re.findall(r'href="(/[^"#]*)', table)}
    assert len(links) == 2, "its own page, and where it went"
    for link in links:
        assert client.get(html.unescape(link)).status_code == 200


def test_a_corrections_page_leads_a_reviewer_nowhere_else(
    client: Client, correction: Correction
) -> None:
    client.force_login(make_reviewer(), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"{CORRECTIONS}{correction.pk}/change/").text
    assert str(correction.version) in page
    assert f"wearer {correction.owner_id}" in page
    assert correction.owner.email not in page
    links = {*re.findall(r'href="(/admin/[^"#]*)', page)}
    assert links and {
        client.get(html.unescape(link), follow=True).status_code for link in links
    } == {200}


def test_an_operator_goes_from_a_correction_to_what_it_is_of(
    as_operator: Client, correction: Correction
) -> None:
    page = as_operator.get(f"{CORRECTIONS}{correction.pk}/change/").text
    for row in (correction.garment, correction.version, correction.call, correction.owner):
        assert row and f'href="{get_page(row)}"' in page


def get_page(row: Model) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


@pytest.mark.parametrize("name", ["rating", "garmentsignal", "worninstead"])
def test_lists_of_what_was_said_lead_nobody_where_they_may_not_go(
    client: Client, name: str
) -> None:
    garment = make_garment()
    suggestion = ask_for_outfit(garment.owner)
    Rating.objects.create(suggestion=suggestion, owner=garment.owner, verdict="rejected")
    WornInstead.objects.create(suggestion=suggestion, owner=garment.owner)
    GarmentSignal.objects.create(
        owner=garment.owner, kind="not_mine", garment_key=garment.pk, call=make_call()
    )
    viewer = make_user(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename=f"view_{name}"))
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/admin/feedback/{name}/").text
    links = {*re.findall(r'href="(/[^"#]*)', page.split("<table", 1)[1].split("</table>")[0])}
    assert links and {client.get(html.unescape(link)).status_code for link in links} == {200}


def test_ratings_and_suggestions_can_be_read(as_operator: Client) -> None:
    garment = make_garment()
    suggestion = ask_for_outfit(garment.owner)
    Rating.objects.create(
        suggestion=suggestion, owner=garment.owner, verdict="rejected", reasons=["too_warm"]
    )
    assert "Too warm" in as_operator.get("/admin/feedback/rating/").content.decode()
    address = reverse("admin:styling_suggestion_change", args=[suggestion.pk])
    assert "Mild and dry, as you said." in as_operator.get(address).content.decode()


@pytest.mark.parametrize("name", ["profile", "event", "weatherfeatures", "suggestion"])
def test_every_list_of_the_stylist_opens(as_operator: Client, name: str) -> None:
    ask_for_outfit(make_garment().owner)
    assert as_operator.get(f"/admin/styling/{name}/").status_code == 200


def test_history_cannot_be_edited(as_operator: Client) -> None:
    suggestion = ask_for_outfit(make_garment().owner)
    address = reverse("admin:styling_suggestion_delete", args=[suggestion.pk])
    assert as_operator.post(address, {"post": "yes"}).status_code == 403


def test_signals_and_what_was_worn_instead_can_be_read(as_operator: Client) -> None:
    garment = make_garment()
    pair = WornInstead.objects.create(suggestion=ask_for_outfit(garment.owner), owner=garment.owner)
    pair.garments.add(garment)
    GarmentSignal.objects.create(
        owner=garment.owner,
        kind="not_mine",
        garment_key=garment.pk,
        type="dress",
        call=make_call(),
    )
    assert "Not mine" in as_operator.get("/admin/feedback/garmentsignal/").text
    page = as_operator.get("/admin/feedback/worninstead/").text
    assert reverse("admin:styling_suggestion_change", args=[pair.suggestion_id]) in page
