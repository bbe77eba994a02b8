"""Limits of tries: for an account, an address, a device and all together; and that no owner is kept out."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.signin import budgets, devices
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

WRONG = "not it at all"


def sign_in(client: Client, email: str, password: str = WRONG, *, at: str = "198.51.100.7"):
    data = {"username": email, "password": password}
    return client.post(reverse("login"), data, REMOTE_ADDR=at)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def addresses(count: int) -> list[str]:
    return [f"203.0.113.{number}" for number in range(1, count + 1)]


def test_one_address_does_not_guess_over_many_accounts():
    people = [make_user(f"w{number}@example.org") for number in range(30)]
    answers = [sign_in(Client(), person.email).status_code for person in people]
    assert (
        answers[:21] == [200] * 21
    )  # The first beyond the budget is the one that begins the pause.
    assert set(answers[21:]) == {429}


def test_a_pause_is_told_in_seconds_and_doubles():
    budget = budgets.Budget("address", "test", 2)
    assert [budget.take() for _ in range(3)] == [0, 0, 0]
    first = budget.take()
    assert 0 < first <= budgets.FIRST_PAUSE_S
    cache.delete(budget.pause_key)  # It is over.
    assert budget.take() == 0
    assert budgets.FIRST_PAUSE_S < budget.take() <= 2 * budgets.FIRST_PAUSE_S


def test_a_pause_is_an_hour_at_most():
    budget = budgets.Budget("address", "test", 0)
    for _ in range(12):
        cache.delete(budget.pause_key)
        assert budget.take() == 0
    assert budget.take() <= budgets.LONGEST_PAUSE_S


def test_the_page_of_a_pause_says_how_long():
    for number in range(22):
        answer = sign_in(Client(), f"nobody{number}@example.org")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert "for a minute" in answer.content.decode()


def test_many_addresses_do_not_guess_one_account():
    alice = make_user("alice@example.org")
    answers = [sign_in(Client(), alice.email, at=at).status_code for at in addresses(14)]
    assert answers[:11] == [200] * 11
    assert set(answers[11:]) == {429}


def test_another_spelling_of_an_email_has_no_budget_of_its_own():
    make_user("alice@example.org")
    spellings = ["alice@example.org", "ALICE@example.org", " Alice@EXAMPLE.org"] * 5
    answers = [
        sign_in(Client(), one, at=at).status_code
        for one, at in zip(spellings, addresses(15), strict=True)
    ]
    assert answers[-1] == 429


def test_a_network_of_ipv6_is_one_address():
    answers = [
        sign_in(Client(), f"n{number}@example.org", at=f"2001:db8:1:2::{number:x}").status_code
        for number in range(1, 24)
    ]
    assert answers[-1] == 429
    assert sign_in(Client(), "other@example.org", at="2001:db8:1:3::1").status_code == 200


def test_tries_at_once_get_no_more_than_one_after_the_other():
    """They are counted before a password is judged."""
    budget = budgets.Budget("address", "test", 3)
    assert [budgets.take_tries([budget]).pause_s == 0 for _ in range(6)] == [True] * 4 + [False] * 2


def test_strangers_do_not_keep_the_owner_out():
    alice = make_user("alice@example.org")
    home = Client()
    assert sign_in(home, alice.email, PASSWORD).status_code == 302
    home.post(reverse("logout"))
    for at in addresses(30):
        sign_in(Client(), alice.email, at=at)
    assert sign_in(Client(), alice.email, PASSWORD, at="192.0.2.1").status_code == 429
    assert sign_in(home, alice.email, PASSWORD).status_code == 302
    assert is_in(home)


def test_strangers_at_the_same_address_do_not_keep_the_owner_out():
    alice = make_user("alice@example.org")
    home = Client()
    sign_in(home, alice.email, PASSWORD)
    home.post(reverse("logout"))
    for _ in range(8):
        sign_in(Client(), alice.email)
    assert sign_in(home, alice.email, PASSWORD).status_code == 302


def test_a_known_device_guesses_no_further_than_others():
    alice = make_user("alice@example.org")
    home = Client()
    sign_in(home, alice.email, PASSWORD)
    home.post(reverse("logout"))
    answers = [sign_in(home, alice.email).status_code for _ in range(14)]
    assert answers[:11] == [200] * 11 and set(answers[11:]) == {429}


@pytest.mark.parametrize("change", ["password", "sign out"])
def test_a_device_is_known_no_more_once_the_account_says_so(change):
    alice = make_user("alice@example.org")
    thief, home = Client(), Client()
    for client in (thief, home):
        sign_in(client, alice.email, PASSWORD)
    thief.post(reverse("logout"))
    if change == "password":
        data = {"old_password": PASSWORD, "new_password": "another short sentence"}
        assert home.post(reverse("password_change"), data).status_code == 302
    else:
        assert home.post(reverse("sign-out-everywhere"), {"sure": "1"}).status_code == 302
    alice.refresh_from_db()
    assert devices.find_device(request_of(thief), alice) == ""
    assert devices.find_device(request_of(home), alice) != ""


def request_of(client: Client):
    return client.get(reverse("offline")).wsgi_request


def test_a_made_up_device_is_not_known(client):
    alice = make_user("alice@example.org")
    client.cookies[devices.COOKIE] = '{"id":"x","accounts":{"1":"x"}}'
    assert devices.find_device(request_of(client), alice) == ""


def test_a_device_of_another_account_is_not_known():
    alice, bob = make_user("alice@example.org"), make_user("bob@example.org")
    client = Client()
    sign_in(client, bob.email, PASSWORD)
    assert devices.find_device(request_of(client), alice) == ""


def test_a_device_knows_its_newest_accounts():
    client = Client()
    people = [make_user() for _ in range(devices.MOST_ACCOUNTS + 1)]
    for person in people:
        sign_in(client, person.email, PASSWORD)
        client.post(reverse("logout"))
    known = [bool(devices.find_device(request_of(client), person)) for person in people]
    assert known == [False] + [True] * devices.MOST_ACCOUNTS


def test_an_attack_on_many_accounts_leaves_unknown_devices_less():
    cache.set(budgets.ALL, budgets.ALARM + 1, 60)
    answers = [sign_in(Client(), f"n{number}@example.org").status_code for number in range(5)]
    assert answers == [200, 200, 200, 429, 429]


def test_right_passwords_cost_nothing():
    alice = make_user("alice@example.org")
    assert [sign_in(Client(), alice.email, PASSWORD).status_code for _ in range(25)] == [302] * 25


def test_a_right_password_gives_no_tries_on_others_back():
    """Else whoever has one account would begin anew after each guess at another."""
    make_user("mine@example.org")
    answers = []
    for number in range(24):
        sign_in(Client(), "mine@example.org", PASSWORD)
        answers.append(sign_in(Client(), f"other{number}@example.org").status_code)
    assert answers[-1] == 429


def test_a_link_in_a_mail_ends_a_pause():
    alice = make_user("alice@example.org")
    for at in addresses(14):
        sign_in(Client(), alice.email, at=at)
    client = Client()
    client.post(reverse("password_reset"), {"email": alice.email})
    link = next(line for line in mail.outbox[0].body.splitlines() if "password-reset" in line)
    page = client.get(link.removeprefix("http://localhost:8000"), follow=True)
    address = page.redirect_chain[-1][0]
    assert client.post(address, {"new_password": "another short sentence"}).status_code == 302
    assert is_in(client)
    fresh = Client()
    assert sign_in(fresh, alice.email, "another short sentence", at="192.0.2.9").status_code == 302


@pytest.fixture
def no_redis(monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionError

    for name in ("add", "incr", "decr", "get", "delete_many"):
        monkeypatch.setattr(cache, name, refuse)


def test_without_redis_everybody_gets_in_and_wrong_passwords_still_end(no_redis):
    alice = make_user("alice@example.org")
    home = Client()
    assert sign_in(home, alice.email, PASSWORD).status_code == 302
    home.post(reverse("logout"))
    answers = [sign_in(home, alice.email).status_code for _ in range(6)]
    assert answers[-1] == 429  # By django-axes, in PostgreSQL, for known devices too.
    assert sign_in(Client(), alice.email, PASSWORD, at="192.0.2.1").status_code == 302


def test_signing_out_everywhere_ends_all_other_sessions():
    alice = make_user("alice@example.org")
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, alice.email, PASSWORD)
    assert here.post(reverse("sign-out-everywhere")).status_code == 200, "asked first"
    assert there.get(reverse("styling:profile")).status_code == 200
    assert here.post(reverse("sign-out-everywhere"), {"sure": "1"}).status_code == 302
    assert here.get(reverse("styling:profile")).status_code == 200
    assert there.get(reverse("styling:profile")).status_code == 302
    assert Client().post(reverse("sign-out-everywhere")).status_code == 302
    assert here.get(reverse("sign-out-everywhere")).status_code == 405


def test_sessions_of_the_release_before_go_on():
    """What they are bound to is made as Django makes it, as long as nobody signed out everywhere."""
    from django.contrib.auth.base_user import AbstractBaseUser

    alice = make_user("alice@example.org")
    assert alice.get_session_auth_hash() == AbstractBaseUser._get_session_auth_hash(alice)
