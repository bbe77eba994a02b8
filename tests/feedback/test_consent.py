"""Whether wearers let their photos be used: off until they say so, and as long as they do."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from accounts.models import CONSENT_TEXTS, Consent
from feedback.services.consents import give_consent, withdraw_consent
from tests.factories import make_garment, make_photo, make_user

pytestmark = pytest.mark.django_db

TO, PAGE = "/you/consent/", "/you/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def test_it_is_off_asked_in_plain_words_and_can_be_taken_back(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    page = client.get(PAGE).text
    assert str(CONSENT_TEXTS[1]) in page
    assert "I agree" in page
    assert not Consent.objects.exists()
    client.post(TO, {"consent": "yes"})
    given = Consent.objects.given(by=user).get()
    assert (given.user, given.text_version) == (user, 1)
    assert "Take it back" in client.get(PAGE).text
    client.post(TO, {"consent": "no"})
    assert not Consent.objects.given(by=user).exists()
    assert Consent.objects.get().withdrawn_at
    assert "I agree" in client.get(PAGE).text


def test_it_is_asked_once_below_the_first_photos(client: Client) -> None:
    user, first, second = make_user(), uuid4(), uuid4()
    client.force_login(user)

    def is_asked(batch: UUID) -> bool:
        page = client.get(f"/photos/batches/{batch}/", headers={"HX-Request": "true"}).text
        assert "piece, home." in page
        return (
            "May your photos help to improve the stylist?" in page and str(CONSENT_TEXTS[1]) in page
        )

    make_garment(user, photo=make_photo(user, with_image=True, batch=first))
    assert is_asked(first)
    client.post(TO, {"consent": "yes"})
    assert not is_asked(first)
    Consent.objects.all().delete()
    make_garment(user, photo=make_photo(user, with_image=True, batch=second))
    assert not is_asked(second) and not is_asked(first)
    assert "I agree" in client.get(PAGE).text


def test_the_page_of_a_photo_says_who_can_open_it(client: Client) -> None:
    photo = make_photo()
    client.force_login(photo.owner)
    page = f"/photos/{photo.pk}/"
    assert "Only you can open it." in client.get(page).text
    give_consent(photo.owner)
    assert "You can open it, and our team, as you agreed." in client.get(page).text


def test_only_the_wearer_can_and_only_by_a_form(client: Client) -> None:
    assert client.post(TO, {"consent": "yes"}).status_code == 302
    client.force_login(make_user())
    assert client.get(TO).status_code == 405
    assert Client(enforce_csrf_checks=True).post(TO, {"consent": "yes"}).status_code == 403
    assert not Consent.objects.exists()


def test_said_twice_it_is_given_once_and_each_time_is_kept() -> None:
    user = make_user()
    give_consent(user)
    give_consent(user)
    assert Consent.objects.count() == 1
    withdraw_consent(user)
    give_consent(user)
    assert (Consent.objects.count(), Consent.objects.given(by=user).count()) == (2, 1)


def test_another_text_is_asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user()
    give_consent(user)
    monkeypatch.setitem(CONSENT_TEXTS, 2, "More than that.")
    assert not Consent.objects.given(by=user).exists()
    give_consent(user)
    assert Consent.objects.given(by=user).get().text_version == 2
