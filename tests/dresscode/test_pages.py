import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image

from dresscode.pages import server_error
from telemetry.traces import Trace, within
from tests.factories import make_user


@pytest.mark.django_db
def test_a_missing_page_leads_back_to_the_wardrobe(client):
    client.force_login(make_user())
    response = client.get("/nothing-here/")
    assert response.status_code == 404
    assert reverse("wardrobe:garment-list") in response.content.decode()


def test_a_fault_of_ours_needs_no_database_and_shows_its_id():
    with within(Trace("4b1f90c2e7aa" + "0" * 20, "1" * 16)):
        response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "<code>4b1f90c2e7</code>" in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_says_what_to_do():
    response = Client(enforce_csrf_checks=True).post(reverse("login"), {"username": "a"})
    assert response.status_code == 403
    assert "This page waited too long." in response.content.decode()


@pytest.mark.django_db
def test_a_tab_that_is_loaded_again_by_get_is_no_blank_page(client):
    client.force_login(make_user())
    address = reverse("wardrobe:garment-many")
    response = client.get(address, headers={"Accept": "text/html"})
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "Nothing was changed." in response.text
    assert not client.get(address, headers={"Accept": "application/json"}).content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "form", [{"username": "x" * 300_000}, {str(number): "x" for number in range(600)}]
)
def test_a_form_that_brings_too_much_is_told_so(client, form):
    response = client.post(reverse("login"), form, headers={"Accept": "text/html"})
    assert response.status_code == 413
    assert "That was too much." in response.content.decode()


@pytest.mark.django_db
def test_the_offline_page_says_nothing_of_who_is_signed_in(client):
    client.force_login(make_user("alice@example.org", first_name="Alice", last_name="Lopes"))
    page = client.get(reverse("offline")).content.decode()
    assert "No signal in here." in page
    assert "AL" not in page


@pytest.mark.django_db
def test_the_service_worker_keeps_only_addresses_that_exist(client):
    script = client.get(reverse("service-worker"))
    assert script["Content-Type"] == "text/javascript"
    shell = re.search(r"const SHELL = \[(.*)\]", script.content.decode())[1]
    kept = [address.encode().decode("unicode_escape") for address in re.findall(r'"(.*?)"', shell)]
    assert kept[0] == reverse("offline")
    parts = re.findall(r'"(.*?)"', re.search(r"importScripts\((.*)\)", script.text)[1])
    files = [address.encode().decode("unicode_escape") for address in (*kept[1:], *parts)]
    words = [address for address in files if address.startswith("/words/")]
    assert all(client.get(address).status_code == 200 for address in words)
    static = [address for address in files if address not in words]
    assert all(finders.find(address.removeprefix("/static/")) for address in static)
    assert (len(parts), len(words)) == (6, 2)


@pytest.mark.django_db
def test_the_manifest_says_what_its_pictures_are(client):
    manifest = client.get(reverse("manifest"))
    assert manifest["Content-Type"] == "application/manifest+json"
    told = manifest.json()
    pictures = [one for one in (*told["icons"], *told["screenshots"]) if one["sizes"] != "any"]
    for one in pictures:
        with Image.open(finders.find(one["src"].removeprefix("/static/"))) as picture:
            assert (picture.format, "x".join(map(str, picture.size))) == ("PNG", one["sizes"])
    assert {one["sizes"] for one in told["icons"]} >= {"192x192", "512x512"}
    assert {one["form_factor"] for one in told["screenshots"]} == {"narrow", "wide"}
    assert told["share_target"]["action"] == reverse("wardrobe:photo-share")


def test_the_maskable_icon_keeps_its_mark_where_every_device_shows_it():
    """A circle of 80 % of the side: https://www.w3.org/TR/appmanifest/#icon-masks."""
    with Image.open(finders.find("app/maskable-512.png")) as icon:
        picture = icon.convert("RGB")
    ground = picture.getpixel((0, 0))
    for x in range(0, 512, 4):
        for y in range(0, 512, 4):
            if (x - 256) ** 2 + (y - 256) ** 2 > (0.4 * 512) ** 2:
                assert picture.getpixel((x, y)) == ground
    assert len(picture.getcolors(maxcolors=1 << 20)) > 10


def test_a_screenshot_is_of_a_page():
    for name in ("answer-narrow", "wardrobe-narrow", "wardrobe-wide"):
        with Image.open(finders.find(f"app/{name}.png")) as picture:
            assert len(picture.convert("RGB").getcolors(maxcolors=1 << 20)) > 50
