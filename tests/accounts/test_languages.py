"""In which language somebody is answered, and written to."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import get_language, gettext

from accounts.languages.speaking import language_of, speaking
from accounts.models import User
from accounts.signin.notices import tell_change
from tests.factories import make_operator, make_user

pytestmark = pytest.mark.django_db
GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


@pytest.fixture
def wearer(client: Client) -> User:
    user = make_user()
    client.force_login(user)
    return user


def ask(client: Client, name: str = "login", **headers: str) -> str:
    answer = client.get(reverse(name), headers={"Accept-Language": "de", **headers})
    assert "Accept-Language" in answer.headers["Vary"]
    return str(answer.headers["Content-Language"])


def test_a_browser_is_answered_in_its_language_and_in_english_where_we_have_none(
    client: Client,
) -> None:
    assert 'lang="de" dir="ltr"' in client.get(reverse("login"), headers=GERMAN).content.decode()
    assert client.get(reverse("login"), headers={"Accept-Language": "fi"}).headers[
        "Content-Language"
    ] == ("en")
    assert client.get(reverse("login")).headers["Content-Language"] == "en"


def test_a_choice_before_signing_in_is_kept_in_a_cookie(client: Client) -> None:
    answer = client.post(reverse("language"), {"language": "fr", "next": reverse("login")})
    assert answer.headers["Location"] == reverse("login")
    assert ask(client) == "fr"
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME]["httponly"]
    client.post(reverse("language"), {"language": ""})
    assert ask(client) == "de"


@pytest.mark.parametrize(
    "page",
    ["https://example.org/", "//example.org/", "javascript:alert(1)", "nowhere", "no\0where", "."],
)
def test_choosing_leads_to_our_own_pages_only(client: Client, page: str) -> None:
    answer = client.post(reverse("language"), {"language": "es", "next": page})
    assert answer.headers["Location"] == reverse("home")


def test_a_language_that_is_none_changes_nothing(client: Client, wearer: User) -> None:
    answer = client.post(reverse("language"), {"language": "tlh"}, follow=True)
    assert "We do not speak that language yet." in answer.content.decode()
    wearer.refresh_from_db()
    assert wearer.language == ""


def test_the_choice_of_an_account_comes_first(client: Client, wearer: User) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    assert ask(client, "styling:profile") == "fr"
    wearer.language = "es"
    wearer.save()
    assert ask(client, "styling:profile") == "es"


def test_a_wearer_chooses_on_the_page_of_their_profile(client: Client, wearer: User) -> None:
    page = client.get(reverse("styling:profile")).content.decode()
    assert f'action="{reverse("language")}"' in page
    client.post(reverse("language"), {"language": "de"})
    wearer.refresh_from_db()
    assert wearer.language == language_of(wearer) == "de"


def test_mails_speak_what_a_browser_asked_for_last(client: Client, wearer: User) -> None:
    ask(client, "styling:profile")
    wearer.refresh_from_db()
    assert (wearer.browser_language, language_of(wearer)) == ("de", "de")
    with speaking(wearer):
        assert get_language() == "de"
        assert gettext("Monday") == "Montag"
    assert get_language() == "en"


def test_a_browser_s_language_is_written_when_it_changes(
    client: Client, wearer: User, django_assert_num_queries: object
) -> None:
    ask(client, "styling:profile")
    User.objects.filter(pk=wearer.pk).update(browser_language="xx")
    assert language_of(User.objects.get(pk=wearer.pk)) == "en"
    ask(client, "styling:profile")
    wearer.refresh_from_db()
    assert wearer.browser_language == "de"


def test_operators_pages_stay_english(client: Client) -> None:
    operator = make_operator()
    operator.language = "de"
    operator.save()
    client.force_login(operator)
    page = client.get(reverse("admin:index"), headers=GERMAN).content.decode()
    assert '<html lang="en' in page
    assert client.get(reverse("styling:profile")).headers["Content-Language"] == "de"


@pytest.mark.parametrize("path", ["admin/", "admin/accounts/user/", "admin/nowhere/"])
def test_whoever_is_turned_away_from_them_is_told_so_in_their_language(
    client: Client, wearer: User, path: str
) -> None:
    page = client.get(f"/{path}", headers=GERMAN, follow=True)
    assert page.status_code in {403, 404}
    assert page.headers["Content-Language"] == "de"
    assert "Hier ist zugeknöpft." in page.text or page.status_code == 404


def test_a_mail_is_written_in_the_language_of_who_gets_it(wearer: User) -> None:
    heard: list[str | None] = []

    class Listening:
        def __str__(self) -> str:
            heard.append(get_language())
            return "Something changed."

    wearer.language = "fr"
    assert tell_change(wearer, Listening())
    assert len(mail.outbox) == 1
    assert set(heard) == {"fr"}


def test_the_words_of_scripts_have_an_address_for_each_revision(client: Client) -> None:
    page = client.get(reverse("login"), headers=GERMAN).content.decode()
    address = page.split('<script src="/words/')[1].split('"')[0]
    answer = client.get(f"/words/{address}")
    assert "gettext" in answer.content.decode()
    assert "immutable" in answer.headers["Cache-Control"]
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert len(answer.content) < 12_000
    assert client.get(reverse("words", args=["xx"])).status_code == 404


def test_no_words_stand_in_the_stylesheet_where_nobody_translates_them() -> None:
    written = Path("static/dresscode.css").read_text()
    assert re.findall(r'content: *"[^"]*[A-Za-z]{2}[^"]*"', written) == []
