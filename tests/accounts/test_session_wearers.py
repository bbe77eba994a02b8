"""Whose a session is: as channels and Django would say, whatever has become of it and of its account."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from channels.auth import get_user
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.signin.sessions import find_wearer

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna@example.org", "a word that is long")


@pytest.fixture
def key(anna: User) -> str:
    client = Client()
    client.force_login(anna, backend="django.contrib.auth.backends.ModelBackend")
    return str(client.session.session_key)


def expire(key: str, user: User) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


def end(key: str, user: User) -> None:
    Session.objects.all().delete()


def break_seal(key: str, user: User) -> None:
    Session.objects.update(session_data="made:up")


def change_password(key: str, user: User) -> None:
    user.set_password("another long word")
    user.save()


def end_all(key: str, user: User) -> None:
    User.objects.update(signed_out_at=timezone.now())


def close(key: str, user: User) -> None:
    User.objects.update(is_active=False)


def forget(key: str, user: User) -> None:
    User.objects.filter(pk=user.pk).delete()


def rewrite(name: str, value: str | None) -> Callable[[str, User], None]:
    def change(key: str, user: User) -> None:
        store = SessionStore(key)
        if value is None:
            del store[name]
        else:
            store[name] = value
        store.save()

    return change


ENDINGS = [
    *(expire, end, break_seal, change_password, end_all, close, forget),
    rewrite(BACKEND_SESSION_KEY, "a.backend.that.is.gone"),
    *(rewrite(name, None) for name in (BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY)),
    rewrite(HASH_SESSION_KEY, ""),
]


def test_a_session_is_its_users(anna: User, key: str) -> None:
    wearer = find_wearer(key)
    assert wearer == anna
    assert wearer.is_authenticated
    assert get_user.func({"session": SessionStore(key)}) == anna


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_session_that_has_ended_is_nobodys(
    anna: User, key: str, ending: Callable[[str, User], None]
) -> None:
    ending(key, anna)
    assert find_wearer(key).pk is None
    assert get_user.func({"session": SessionStore(key)}).pk is None


@pytest.mark.parametrize("key", [None, "", "x", "no-such-session-there", "a\0b-and-more-of-it"])
def test_no_session_is_nobodys(key: str | None) -> None:
    assert find_wearer(key).pk is None


def test_a_session_that_an_earlier_key_signed_is_its_users_until_that_is_gone(
    anna: User, key: str, settings: Settings
) -> None:
    """And is left as it is: a browser that hears of no new key would be signed out."""
    before = Session.objects.values().get()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, as long as one should be, and of many letters"
    assert find_wearer(key) == anna
    assert Session.objects.values().get() == before
    settings.SECRET_KEY_FALLBACKS = []
    assert find_wearer(key).pk is None


def test_the_session_of_all_others_goes_on(anna: User, key: str) -> None:
    ben = User.objects.create_user("ben@example.org", "a word that is long")
    change_password(key, ben)
    assert find_wearer(key) == anna
