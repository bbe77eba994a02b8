import re
import unicodedata

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.spelling import spell_email
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

SPANISH = "mañana überall 1"


def sign_up(client: Client, **fields: str):
    data = {"email": "alice@example.org", "password": PASSWORD, "first_name": "Alice", **fields}
    return client.post(reverse("sign-up"), data)


def sign_in(client: Client, email: str, password: str):
    return client.post(reverse("login"), {"username": email, "password": password})


def test_a_new_wearer_lands_in_an_empty_wardrobe(client):
    response = sign_up(client)
    assert response.url == reverse("wardrobe:garment-list")
    assert "One hanger, ready." in client.get(response.url).content.decode()


def test_an_email_has_one_wardrobe_whatever_its_case(client):
    make_user("alice@example.org")
    response = sign_up(client, email="Alice@Example.org")
    assert response.status_code == 422
    assert User.objects.count() == 1


SPELLINGS = ["anna@bücher.example", "anna@xn--bcher-kva.example", "Anna@BÜCHER.example"]


@pytest.mark.parametrize("first", SPELLINGS)
@pytest.mark.parametrize("second", SPELLINGS)
def test_an_email_has_one_wardrobe_however_its_domain_is_spelt(client, first, second):
    sign_up(client, email=first)
    assert sign_up(Client(), email=second).status_code == 422
    assert sign_in(Client(), second, PASSWORD).status_code == 302
    Client().post(reverse("password_reset"), {"email": second})
    assert [message.to for message in mail.outbox] == [
        ["anna@bücher.example".replace("anna", first[:4])]
    ]
    assert User.objects.count() == 1


def test_a_name_that_is_no_domain_is_left_alone():
    assert spell_email("anna@-nowhere-.example") == "anna@-nowhere-.example"
    assert spell_email("") == ""


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC"])
def test_a_password_is_known_however_its_letters_are_put_together(client, form):
    sign_up(client, password=unicodedata.normalize("NFC", SPANISH))
    typed = unicodedata.normalize(form, SPANISH)
    assert sign_in(Client(), "alice@example.org", typed).status_code == 302
    assert sign_in(Client(), "alice@example.org", "manana uberall 1").status_code == 200


def test_a_password_of_before_still_opens(client):
    alice = make_user("alice@example.org")
    decomposed = unicodedata.normalize("NFD", SPANISH)
    User.objects.filter(pk=alice.pk).update(password=make_password(decomposed))
    assert sign_in(Client(), "alice@example.org", decomposed).status_code == 302
    assert sign_in(Client(), "alice@example.org", SPANISH).status_code == 200


def test_an_email_taken_in_the_same_moment_is_an_error_not_a_fault(client, monkeypatch):
    make_user("alice@example.org")
    monkeypatch.setattr("accounts.forms.SignUpForm.clean_email", lambda form: "alice@example.org")
    assert sign_up(client).status_code == 422


@pytest.mark.parametrize("password", ["short", "password1234", "alice@example.org"])
def test_a_weak_password_is_refused_with_the_reason(client, password):
    response = sign_up(client, password=password)
    assert response.status_code == 422
    assert response.context["form"].errors["password"]


def test_sign_up_never_makes_an_operator(client):
    sign_up(client, is_staff="on", is_superuser="on")
    wearer = User.objects.get()
    assert not wearer.is_staff
    assert not wearer.is_superuser


def test_one_address_cannot_sign_up_without_end(client):
    for number in range(10):
        sign_up(Client(), email=f"wearer{number}@example.org")
    assert sign_up(client).status_code == 429
    assert User.objects.count() == 10


def test_a_lost_cache_locks_nobody_out(client, monkeypatch):
    def refuse(*args):
        raise ConnectionError

    monkeypatch.setattr(cache, "add", refuse)
    assert sign_up(client).status_code == 302


def test_a_wearer_signs_in_by_email_in_any_case(client):
    make_user("alice@example.org")
    assert sign_in(client, "ALICE@example.org", PASSWORD).status_code == 302


def test_a_failed_sign_in_names_no_field(client):
    make_user("alice@example.org")
    wrong = sign_in(client, "alice@example.org", "not it at all")
    unknown = sign_in(Client(), "nobody@example.org", "not it at all")
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert "That email and password do not match." in wrong.content.decode()


def test_a_failed_sign_in_counts_the_tries_that_are_left(client):
    make_user("alice@example.org")
    for _ in range(2):
        response = sign_in(client, "alice@example.org", "not it at all")
    assert "3 tries are left" in response.content.decode()


def test_too_many_tries_pause_even_the_right_password(client):
    make_user("alice@example.org")
    for _ in range(5):
        sign_in(client, "alice@example.org", "not it at all")
    response = sign_in(client, "alice@example.org", PASSWORD)
    assert response.status_code == 429
    assert "for 15 minutes" in response.content.decode()


def test_another_spelling_of_the_email_gets_no_more_tries(client):
    make_user("alice@example.org")
    for email in ["alice@example.org", "Alice@example.org", "ALICE@EXAMPLE.ORG"] * 2:
        sign_in(client, email, "not it at all")
    assert sign_in(client, "alice@example.org", PASSWORD).status_code == 429


def test_signing_out_takes_a_post(client):
    client.force_login(make_user())
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).status_code == 302
    assert client.get(reverse("wardrobe:garment-list")).status_code == 302


def test_who_is_signed_in_skips_the_landing_page(client):
    client.force_login(make_user())
    assert client.get(reverse("home")).url == reverse("styling:ask")


def test_the_landing_page_holds_the_sign_up_form(client):
    page = client.get(reverse("home")).content.decode()
    assert f'action="{reverse("sign-up")}"' in page


def reset_link() -> str:
    return re.search(r"https?://[^/]+(\S+)", mail.outbox[0].body)[1]


def test_a_forgotten_password_is_set_by_the_link_in_the_email(client):
    alice = make_user("alice@example.org")
    client.post(reverse("password_reset"), {"email": "alice@example.org"})
    form = client.get(reset_link(), follow=True)
    response = client.post(form.request["PATH_INFO"], {"new_password": "quite another sentence"})
    assert response.url == reverse("wardrobe:garment-list")
    alice.refresh_from_db()
    assert alice.check_password("quite another sentence")


def test_a_new_password_ends_a_pause(client):
    make_user("alice@example.org")
    for _ in range(5):
        sign_in(client, "alice@example.org", "not it at all")
    client.post(reverse("password_reset"), {"email": "alice@example.org"})
    form = client.get(reset_link(), follow=True)
    client.post(form.request["PATH_INFO"], {"new_password": "quite another sentence"})
    client.post(reverse("logout"))
    assert sign_in(client, "alice@example.org", "quite another sentence").status_code == 302


def test_a_reset_link_works_once(client):
    make_user("alice@example.org")
    client.post(reverse("password_reset"), {"email": "alice@example.org"})
    form = client.get(reset_link(), follow=True)
    client.post(form.request["PATH_INFO"], {"new_password": "quite another sentence"})
    assert "This link is used up." in Client().get(reset_link(), follow=True).content.decode()


def test_a_reset_says_the_same_of_a_stranger(client):
    make_user("alice@example.org")
    known = client.post(reverse("password_reset"), {"email": "alice@example.org"}, follow=True)
    stranger = client.post(reverse("password_reset"), {"email": "nobody@example.org"}, follow=True)
    assert strip_tokens(known.text) == strip_tokens(stranger.text)
    assert len(mail.outbox) == 1


def strip_tokens(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_the_link_leads_to_our_own_address_whatever_the_host_header_says(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_user("alice@example.org")
    client.post(
        reverse("password_reset"), {"email": "alice@example.org"}, headers={"host": "evil.example"}
    )
    assert "evil.example" not in mail.outbox[0].body
