import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client, RequestFactory
from django.urls import reverse

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
    assert all(finders.find(address.removeprefix("/static/")) for address in files)
    assert len(parts) == 4
