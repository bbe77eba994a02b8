"""Where mail is sent, a new wearer follows a link before the first sign-in, and nobody learns who has an account."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.signin import confirming
from accounts.signin.jobs import delete_unconfirmed_job
from tests.factories import PASSWORD, make_operator, make_user

pytestmark = pytest.mark.django_db
EMAIL = "alice@example.org"


@pytest.fixture(autouse=True)
def _mail_is_sent(settings):
    settings.CONFIRM_EMAIL = True


def sign_up(client: Client, **fields: str):
    data = {"email": EMAIL, "password": PASSWORD, "first_name": "Alice", **fields}
    return client.post(reverse("sign-up"), data)


def sign_in(client: Client, password: str = PASSWORD):
    return client.post(reverse("login"), {"username": EMAIL, "password": password})


def read_link(word: str) -> str:
    return re.search(rf"http://localhost:8000(/\S*{word}\S*)", mail.outbox[-1].body)[1]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_new_wearer_follows_the_link_and_signs_in(client):
    assert sign_up(client).url == reverse("confirm-email-sent")
    assert not is_in(client)
    assert mail.outbox[0].to == [EMAIL]
    link = read_link("confirm")
    assert "Is this your email?" in client.get(link).content.decode()
    assert User.objects.get().awaits_confirmation  # Scanners of mails follow links too.
    assert client.post(link).url == reverse("login")
    assert sign_in(client).status_code == 302
    assert is_in(client)


def test_an_invitation_is_still_there_once_the_email_is_confirmed(client):
    sign_up(client, next="/wardrobe/household/join/abc/")
    confirmed = client.post(read_link("confirm"))
    assert confirmed.url == "/accounts/login/?next=%2Fwardrobe%2Fhousehold%2Fjoin%2Fabc%2F"


def test_an_invitation_outlasts_a_sign_up_and_leads_nowhere_else(client, settings):
    settings.CONFIRM_EMAIL = False
    wanted = "/wardrobe/household/join/abc/"
    page = client.get(reverse("login"), {"next": wanted}).content.decode()
    assert f'href="{reverse("sign-up")}?next={wanted}"' in page
    form = client.get(reverse("sign-up"), {"next": wanted}).content.decode()
    assert f'name="next" value="{wanted}"' in form
    assert sign_up(client, next=wanted).url == wanted
    outside = sign_up(Client(), next="https://example.com/", email="bob@example.org")
    assert outside.url == reverse("wardrobe:garment-list")


@pytest.mark.parametrize("word", ["nowhere", "no\0where", "a b"])
def test_a_word_in_the_place_of_a_page_leads_home(client, word):
    client.force_login(make_user("bob@example.org"))
    assert sign_up(client, next=word).url == reverse("wardrobe:garment-list")


def test_who_has_not_confirmed_does_not_sign_in_and_may_have_the_mail_again(client):
    sign_up(client)
    assert sign_in(client).url == reverse("confirm-email-sent")
    assert not is_in(client)
    assert "Send it again" in client.get(reverse("confirm-email-sent")).content.decode()
    client.post(reverse("confirm-email-sent"))
    assert len(mail.outbox) == 2
    client.post(read_link("confirm"))
    assert is_in(client)  # The password was said in this session.


def test_nobody_else_has_the_mail_sent_again(client):
    sign_up(client)
    stranger = Client()
    stranger.post(reverse("confirm-email-sent"))
    assert len(mail.outbox) == 1
    assert "Send it again" not in stranger.get(reverse("confirm-email-sent")).content.decode()


@pytest.mark.parametrize("awaits", [True, False])
def test_a_taken_email_looks_like_a_new_one_and_keeps_its_password(client, awaits):
    make_user(EMAIL, password="the owner's own sentence", awaits_confirmation=awaits)
    new, taken = sign_up(client, email="new@example.org"), sign_up(client)
    assert (new.status_code, new.url) == (taken.status_code, taken.url)
    assert len(mail.outbox) == 2
    alice = User.objects.get(email=EMAIL)
    assert alice.check_password("the owner's own sentence")
    assert "/sign-up/confirm/" not in mail.outbox[-1].body


def test_a_password_that_a_stranger_chose_is_not_confirmed_by_the_owner(client):
    """A stranger begins a wardrobe with somebody's email; its owner signs up later, follows the link and is alone."""
    sign_up(Client(), password="the stranger's sentence")
    sign_up(client)
    page = client.get(read_link("password-reset"), follow=True)
    client.post(page.redirect_chain[-1][0], {"new_password": "the owner's own sentence"})
    assert is_in(client)
    alice = User.objects.get()
    assert not alice.awaits_confirmation
    assert not alice.check_password("the stranger's sentence")


def test_links_of_others_and_old_ones_confirm_nothing(client, monkeypatch):
    sign_up(client)
    link = read_link("confirm")
    assert client.post(reverse("confirm-email", args=["made-up"])).status_code == 404
    User.objects.update(email="moved@example.org")
    assert client.post(link).status_code == 404
    User.objects.update(email=EMAIL)
    monkeypatch.setattr(confirming, "LINK_LASTS", timedelta(seconds=-1))
    assert client.post(link).status_code == 404
    assert User.objects.get().awaits_confirmation


def test_a_link_works_once(client):
    sign_up(client)
    link = read_link("confirm")
    client.post(link)
    assert client.post(link).status_code == 404


def test_a_mail_that_cannot_be_sent_breaks_nothing(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert sign_up(client).status_code == 302
    sign_in(client)
    page = client.post(reverse("confirm-email-sent"), follow=True).content.decode()
    assert "The mail could not be sent" in page


def test_what_nobody_confirmed_goes_after_a_week():
    old = timezone.now() - timedelta(days=8)
    make_user("old@example.org", awaits_confirmation=True, date_joined=old)
    make_user("new@example.org", awaits_confirmation=True)
    make_user("confirmed@example.org", date_joined=old)
    make_operator("boss@example.org", awaits_confirmation=True, date_joined=old)
    delete_unconfirmed_job()
    left = set(User.objects.values_list("email", flat=True))
    assert left == {"new@example.org", "confirmed@example.org", "boss@example.org"}


def test_without_mail_nobody_has_to_confirm(client, settings):
    settings.CONFIRM_EMAIL = False
    assert sign_up(client).url == reverse("wardrobe:garment-list")
    assert mail.outbox == []
