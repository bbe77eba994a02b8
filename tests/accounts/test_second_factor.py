"""Codes, recovery codes, and that operators need a second factor. Passkeys: tests/browser/test_second_factor.py."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings as django_settings
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.second_factor import adapters
from tests.dresscode.test_form_errors import read_page
from tests.factories import PASSWORD, make_operator, make_user

pytestmark = pytest.mark.django_db
NOW = 1_800_000_000


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock that stands still, so that a step of thirty seconds does not end in the midst of a test."""
    now = [float(NOW)]
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: now[0])
    return now


def make_code(secret: str, at: float = NOW) -> str:
    return format_hotp_value(hotp_value(secret, int(at) // 30))


def give_app(user: User) -> str:
    """The secret of a code app that the account has."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def sign_in(client: Client, user: User, password: str = PASSWORD):
    return client.post(reverse("login"), {"username": user.email, "password": password})


def say_code(client: Client, code: str):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def say_password_again(client: Client) -> None:
    data = {"password": PASSWORD, "next": reverse("mfa_index")}
    assert client.post(reverse("account_reauthenticate"), data).status_code == 302


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_password_alone_opens_nothing_where_there_is_an_app(client):
    alice = make_user("alice@example.org")
    secret = give_app(alice)
    assert sign_in(client, alice).url == reverse("mfa_authenticate")
    assert not is_in(client)
    assert client.get(reverse("styling:profile")).status_code == 302
    assert say_code(client, make_code(secret)).status_code == 302
    assert is_in(client)


def test_a_page_that_was_asked_for_is_reached_after_the_code(client):
    alice = make_user("alice@example.org")
    secret = give_app(alice)
    data = {"username": alice.email, "password": PASSWORD, "next": reverse("styling:history")}
    client.post(reverse("login"), data)
    assert say_code(client, make_code(secret)).url == reverse("styling:history")


def test_a_new_password_by_mail_opens_nothing_without_the_code(client):
    alice = make_user("alice@example.org")
    secret = give_app(alice)
    client.post(reverse("password_reset"), {"email": alice.email})
    link = re.search(r"http://localhost:8000(/\S+)", mail.outbox[0].body)[1]
    page = client.get(link, follow=True).redirect_chain[-1][0]
    answer = client.post(page, {"new_password": "another short sentence"})
    assert answer.url == reverse("mfa_authenticate")
    assert not is_in(client)
    say_code(client, make_code(secret))
    assert is_in(client)


def test_a_code_works_once(client):
    alice = make_user("alice@example.org")
    code = make_code(give_app(alice))
    sign_in(client, alice)
    say_code(client, code)
    other = Client()
    sign_in(other, alice)
    assert "does not match" in say_code(other, code).content.decode()
    assert not is_in(other)


@pytest.mark.parametrize(("seconds", "opens"), [(-30, True), (30, True), (-90, False), (90, False)])
def test_a_clock_may_be_wrong_by_a_step(client, seconds, opens):
    alice = make_user("alice@example.org")
    secret = give_app(alice)
    sign_in(client, alice)
    say_code(client, make_code(secret, NOW + seconds))
    assert is_in(client) is opens


def test_codes_are_not_guessed(client):
    alice = make_user("alice@example.org")
    secret = give_app(alice)
    sign_in(client, alice)
    for number in range(6):
        say_code(client, f"00000{number}")
    answer = say_code(client, make_code(secret)).content.decode()
    assert "Too many tries" in answer and "Wait a minute" in answer
    assert not is_in(client)
    cache.clear()
    say_code(client, make_code(secret))
    assert is_in(client)


def test_a_password_is_not_guessed_where_it_is_changed(client):
    """By whoever finds a browser open."""
    alice = make_user("alice@example.org")
    client.force_login(alice)
    right = {"old_password": PASSWORD, "new_password": "another short sentence"}
    for number in range(6):
        client.post(reverse("password_change"), right | {"old_password": f"guess {number}"})
    answer = client.post(reverse("password_change"), right).content.decode()
    assert "Too many tries" in answer and "Wait a minute" in answer
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    cache.clear()
    assert client.post(reverse("password_change"), right).status_code == 302


def test_operators_change_their_password_where_everybody_does(client):
    operator = make_operator()
    client.force_login(operator)
    page = reverse("admin:password_change")
    assert client.get(page).url == reverse("password_change")
    words = "another short sentence"
    data = {"old_password": PASSWORD, "new_password1": words, "new_password2": words}
    client.post(page, data)
    operator.refresh_from_db()
    assert not operator.check_password(words)


def test_who_knows_the_password_alone_does_not_keep_the_owner_out(client):
    alice = make_user("alice@example.org")
    secret = give_app(alice)
    sign_in(client, alice)
    say_code(client, make_code(secret))
    client.post(reverse("logout"))
    thief = Client()
    sign_in(thief, alice)
    for number in range(8):
        say_code(thief, f"00000{number}")
    sign_in(client, alice)
    say_code(client, make_code(secret, NOW + 30))
    assert is_in(client)


def test_without_redis_no_code_is_taken_and_the_page_says_so(client, monkeypatch):
    alice = make_user("alice@example.org")
    secret = give_app(alice)
    sign_in(client, alice)

    def refuse(*args, **kwargs):
        raise ConnectionError

    for name in ("add", "incr", "decr", "get"):
        monkeypatch.setattr(cache, name, refuse)
    assert "cannot be checked" in say_code(client, make_code(secret)).content.decode()
    assert not is_in(client)


def test_a_recovery_code_opens_once(client):
    alice = make_user("alice@example.org")
    give_app(alice)
    codes = RecoveryCodes.activate(alice).get_unused_codes()
    assert len(codes) == 10
    sign_in(client, alice)
    say_code(client, codes[0])
    assert is_in(client)
    other = Client()
    sign_in(other, alice)
    say_code(other, codes[0])
    assert not is_in(other)


def test_setting_up_takes_the_password_again_and_a_right_code(client):
    alice = make_user("alice@example.org")
    client.force_login(alice)
    page = client.get(reverse("mfa_activate_totp"))
    assert page.url.startswith(reverse("account_reauthenticate"))
    wrong = client.post(reverse("account_reauthenticate"), {"password": "not it at all"})
    assert "That is not your password." in wrong.content.decode()
    say_password_again(client)
    shown = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'<code class="key">(\w+)</code>', shown)[1]
    assert "<svg" in shown and "<?xml" not in shown
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "does not match" in wrong.content.decode()
    done = client.post(reverse("mfa_activate_totp"), {"code": make_code(secret)})
    assert done.url == reverse("mfa_view_recovery_codes")
    codes = re.findall(r'<code class="key">(\S+)</code>', client.get(done.url).content.decode())
    assert len(codes) == 10
    assert (
        client.get(reverse("mfa_download_recovery_codes")).content.decode().split()[-10:] == codes
    )
    assert Authenticator.objects.filter(user=alice).count() == 2


def test_what_is_wrong_is_said_where_it_is_seen(client):
    alice = make_user("alice@example.org")
    give_app(alice)
    sign_in(client, alice)
    pages = [(read_page(say_code(client, "000000").text), "id_code")]
    client.force_login(alice)
    wrong = client.post(reverse("account_reauthenticate"), {"password": "not it at all"})
    pages.append((read_page(wrong.text), "id_password"))
    for page, field in pages:
        assert page.links == [field] and page.focused == [field]
        assert page.elements[field]["aria-invalid"] == "true"


@pytest.mark.django_db(transaction=True)
def test_the_owner_is_told_by_mail_of_each_change(client):
    alice = make_user("alice@example.org")
    client.force_login(alice)
    say_password_again(client)
    shown = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'<code class="key">(\w+)</code>', shown)[1]
    client.post(reverse("mfa_activate_totp"), {"code": make_code(secret)})
    client.post(reverse("mfa_generate_recovery_codes"))
    client.post(reverse("mfa_deactivate_totp"))
    data = {"old_password": PASSWORD, "new_password": "another short sentence"}
    client.post(reverse("password_change"), data)
    assert {message.to[0] for message in mail.outbox} == {alice.email}
    told = [message.body.splitlines()[0] for message in mail.outbox]
    assert told == [
        "An app that shows codes was set up for your account.",
        "New recovery codes were made for your account.",
        "The app that shows codes was removed from your account.",
        "Your password was changed.",
    ]
    assert not Authenticator.objects.filter(user=alice).exists()


def test_secrets_are_kept_encrypted_and_outlive_a_change_of_the_key(settings):
    alice = make_user("alice@example.org")
    secret = give_app(alice)
    kept = Authenticator.objects.get(user=alice)
    assert secret not in str(kept.data)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    assert adapters.SecondFactorAdapter().decrypt(kept.data["secret"]) == secret
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS"):
        adapters.SecondFactorAdapter().decrypt(kept.data["secret"])


def test_the_admin_shows_nobodys_factors():
    assert not admin.site.is_registered(Authenticator)


PAGES = ["mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn"]


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_factors_are_for_who_is_signed_in(client, name):
    assert client.get(reverse(name)).status_code == 302


def test_nobody_changes_the_passkey_of_somebody_else(client):
    alice, charlie = make_user("alice@example.org"), make_user("charlie@example.org")
    key = Authenticator.objects.create(
        user=alice, type="webauthn", data={"name": "Alice’s phone", "credential": {}}
    )
    client.force_login(charlie)
    say_password_again(client)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        for method in (client.get, client.post):
            assert method(reverse(name, args=[key.pk]), {"name": "Mine"}).status_code == 404
    assert "Alice" not in client.get(reverse("mfa_list_webauthn")).content.decode()
    assert Authenticator.objects.filter(pk=key.pk).exists()


# Operators


@pytest.fixture
def required(settings):
    settings.STAFF_SECOND_FACTOR = True


ADMIN = [
    "admin:index",
    "django_rq:home",
    "feedback:review",
    "monitoring:latency",
    "styling:profile",
]


@pytest.mark.parametrize("name", ADMIN)
def test_operators_set_a_factor_up_before_anything_else(client, required, name):
    client.force_login(make_operator())
    assert client.get(reverse(name)).url == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.post(reverse("admin:accounts_user_add"), {}).url == reverse("mfa_index")


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_opens_the_admin_at_once(client, required):
    client.force_login(make_operator())
    say_password_again(client)
    shown = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'<code class="key">(\w+)</code>', shown)[1]
    client.post(reverse("mfa_activate_totp"), {"code": make_code(secret)})
    assert client.get(reverse("admin:index")).status_code == 200


def test_an_operators_session_of_before_ends_where_the_account_has_a_factor(client, required):
    operator = make_operator()
    give_app(operator)
    client.force_login(operator)
    assert client.get(reverse("admin:index")).url == reverse("login")
    assert not is_in(client)


def test_operators_with_a_code_get_in(client, required):
    operator = make_operator()
    secret = give_app(operator)
    sign_in(client, operator)
    say_code(client, make_code(secret))
    assert client.get(reverse("admin:index")).status_code == 200


def test_the_last_factor_of_an_operator_stays(client, required):
    operator = make_operator()
    secret = give_app(operator)
    sign_in(client, operator)
    say_code(client, make_code(secret))
    say_password_again(client)
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert "Operators need a second factor." in answer.content.decode()
    assert Authenticator.objects.filter(user=operator, type="totp").exists()


def take_away(client: Client, user: User):
    data = {"action": "take_away_second_factor", "_selected_action": [user.pk]}
    return client.post(reverse("admin:accounts_user_changelist"), data)


def test_a_superuser_gives_who_lost_theirs_a_new_start(client):
    alice = make_user("alice@example.org")
    give_app(alice)
    client.force_login(make_operator())
    take_away(client, alice)
    assert not Authenticator.objects.filter(user=alice).exists()
    assert mail.outbox[0].to == [alice.email]
    assert sign_in(Client(), alice).url == reverse("home")


def test_other_staff_take_nobodys_factor(client):
    operator = make_operator()
    give_app(operator)
    helper = make_user(is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client.force_login(helper)
    take_away(client, operator)
    assert Authenticator.objects.filter(user=operator).exists()


def test_wearers_need_none(client, required):
    client.force_login(make_user())
    assert client.get(reverse("styling:profile")).status_code == 200


def test_the_admins_own_sign_in_is_no_way_around(client):
    operator = make_operator()
    give_app(operator)
    data = {"username": operator.email, "password": PASSWORD}
    answer = client.post(reverse("admin:login"), data)
    assert answer.url.startswith(reverse("login"))
    assert not is_in(client)


def test_the_demo_needs_none():
    assert django_settings.EMBEDDED and not django_settings.STAFF_SECOND_FACTOR
