"""Alice owns a garment; Charlie finds nothing at any of its addresses, by any method."""

import pytest
from django.db import models
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse

from tests.factories import make_described_garment, make_photo
from wardrobe.models import Garment

NAMES = ["detail", "edit", "archive", "delete", "wash", "worn", "favourite", "choose-type"]
METHODS = ["get", "post", "put", "patch", "delete", "head"]


def addresses(garment: Garment) -> list[str]:
    plain = [reverse(f"wardrobe:garment-{name}", args=[garment.pk]) for name in NAMES]
    return [
        *plain,
        reverse("wardrobe:garment-edit-field", args=[garment.pk, "material"]),
        reverse("wardrobe:photo-detail", args=[garment.photo_id]),
        reverse("wardrobe:photo-describe", args=[garment.photo_id]),
    ]


def snapshot(instance: models.Model) -> dict[str, object]:
    instance.refresh_from_db()
    return model_to_dict(instance)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("htmx", [True, False])
def test_charlie_cannot_reach_alices_garment(as_charlie, alice, method, htmx):
    garment = make_described_garment(alice, photo=make_photo(alice, with_image=True))
    before = snapshot(garment)
    headers = {"HX-Request": "true"} if htmx else {}
    for address in addresses(garment):
        data = {"material": "linen", "name": "Mine now", "confirm": "material"}
        response = getattr(as_charlie, method)(address, data, headers=headers)
        assert response.status_code in {404, 405}, address
    assert snapshot(garment) == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_is_asked_to_sign_in(alice, method):
    garment = make_described_garment(alice, photo=make_photo(alice, with_image=True))
    before = snapshot(garment)
    for address in [reverse("wardrobe:garment-list"), *addresses(garment)]:
        response = getattr(Client(), method)(address)
        assert response.status_code in {302, 405}, address
        assert response.status_code == 405 or response.url.startswith(reverse("login"))
    assert snapshot(garment) == before


def test_charlies_rack_shows_nothing_of_alices(as_charlie, alice):
    make_described_garment(alice, name="Alice’s kimono")
    make_photo(alice, status="failed", failure="Too dark to read.")
    page = as_charlie.get(reverse("wardrobe:garment-list")).content.decode()
    assert "kimono" not in page
    assert "Too dark" not in page


def test_likeness_never_looks_into_another_wardrobe(as_charlie, alice, charlie):
    make_described_garment(alice, name="Alice’s kimono")
    mine = make_described_garment(charlie)
    page = as_charlie.get(reverse("wardrobe:garment-detail", args=[mine.pk])).content.decode()
    assert "kimono" not in page
