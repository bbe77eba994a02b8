"""Every address of the product, asked by everybody, by every method: the rules of `rules.py` hold, what is refused
writes nothing, and nothing breaks. Objects are Alice's."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from allauth.mfa.models import Authenticator
from asgiref.sync import async_to_sync
from django.contrib import admin
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import PushSubscription, User
from dresscode.asgi import socket_routes
from dresscode.own_data.models import Transfer
from feedback.models import ShownOutfit
from registry.models import Prompt
from styling.buying import store
from styling.calendars.feed import renew_feed
from styling.calendars.rules import add_rule
from styling.models import Look, OutfitPiece, Subscription, Trip
from styling.sharing.drawing import Wish
from styling.sharing.links import share
from styling.trips.service import start_trip
from styling.weather.places import Place
from tests.access.rules import SOCKETS, Rule, find_rule, list_named, list_routes
from tests.factories import (
    load_prompts,
    load_vocabulary,
    make_described_garment,
    make_garment,
    make_image,
    make_operator,
    make_photo,
    make_user,
)
from tests.styling.conftest import ask_for_outfit
from wardrobe import vocabulary
from wardrobe.household.invitations import invite, make_link
from wardrobe.household.members import found_household
from wardrobe.household.shelves import make_shelf, put_on_shelf, share_shelf
from wardrobe.models import Act, Care, Garment, LoanRequest, Member, Shelf
from wardrobe.services.care import put_in_basket
from wardrobe.services.wears import log_wear

pytestmark = pytest.mark.django_db

METHODS = ["get", "head", "post", "put", "patch", "delete"]
ADMIN_METHODS = ["get", "post"]
"""Of the admin's many pages: all stand behind one gate, which asks for no method."""
GONE, NOT_SO = 404, 405
HOUSEMATE = "bob@example.org"
SHOWN_TO_THE_HOUSEHOLD = {
    "wardrobe/<uuid:garment_id>/",
    "media/garments/<uuid:garment_id>/",
    "media/garments/<uuid:garment_id>/cut-out/",
    "wardrobe/household/shelves/<uuid:shelf_id>/",
    "wardrobe/household/shelves/<uuid:shelf_id>/use/",
    "wardrobe/household/pieces/<uuid:garment_id>/",
    "wardrobe/household/pieces/<uuid:garment_id>/ask/",
    "wardrobe/household/pieces/<uuid:garment_id>/give-back/",
    "wardrobe/household/requests/<int:request_id>/drop/",
}
"""What somebody finds of a shelf that is shared with them; of all that is Alice's besides, nothing."""
ASKED_OF_THE_HOUSEHOLD = {
    "outfits/household/<uuid:suggestion_id>/picture/",
    "outfits/household/<uuid:suggestion_id>/say/",
}
"""Of an outfit that its owner shows to the household."""
OF_ONES_OWN = {
    "wardrobe/household/names/",
    "wardrobe/household/rule/",
    "wardrobe/household/leave/",
    "wardrobe/household/shelves/add/",
}
"""Addresses that name no object: whoever is in a household finds their own there."""


@pytest.fixture
def alice(db: None) -> Iterator[User]:
    load_vocabulary()
    vocabulary.forget()
    yield make_user("alice@example.org", is_staff=False)
    vocabulary.forget()


@pytest.fixture
def values(alice: User) -> dict[str, Any]:
    """What stands in the place of each part of a route: Alice's things, and rows of the registry."""
    load_prompts()
    photo = make_photo(alice, with_image=True, batch=uuid.uuid4())
    garment = make_described_garment(alice, photo=photo)
    garment.cut_out.name = garment.image.name = photo.thumbnail.name
    garment.save()
    for slot, kind in (("bottom", "pants"), ("shoes", "boots")):
        make_garment(alice, slot=slot, type=kind)
    wear = log_wear(garment, day=alice.today)
    assert wear
    outfit = ask_for_outfit(alice)
    outfit.status, outfit.picture.name = "ready", photo.thumbnail.name
    outfit.save()
    OutfitPiece.objects.create(suggestion=outfit, garment=garment, position=0, slot="top")
    export = Transfer.objects.create(
        owner=alice,
        kind="export",
        status="done",
        file=default_storage.save("exports/alice.zip", ContentFile(b"zip")),
        expires_at=timezone.now() + timedelta(days=1),
    )
    key = Authenticator.objects.create(
        user=alice, type="webauthn", data={"name": "Phone", "credential": {}}
    )
    ShownOutfit.objects.create(suggestion=outfit, owner=alice)
    subscription = Subscription.objects.create(owner=alice, url="https://example.org/a.ics")
    link = share(outfit, Wish("square"))
    prompt = Prompt.objects.first()
    version = prompt.production().version
    household = make_household(alice, garment)
    trip = make_trip(alice, garment)
    trip.occasions.update(picture=photo.thumbnail.name)
    return {
        **household,
        "garment_id": garment.pk,
        "photo_id": photo.pk,
        "batch": photo.batch,
        "suggestion_id": outfit.pk,
        "outfit_id": outfit.pk,
        "question_id": make_question(alice),
        "trip_id": trip.pk,
        "occasion_id": trip.occasions.get().pk,
        "look_id": Look.objects.create(owner=alice, name="A look").pk,
        "link_id": link.pk,
        "shared_token": link.token,
        "wear_id": wear.pk,
        "care_id": put_in_basket(garment, act=uuid4()).pk,
        "act": Care.objects.get().act,
        "day": alice.today.isoformat(),
        "secret": renew_feed(alice),
        "subscription_id": subscription.pk,
        "device_id": PushSubscription.objects.create(user=alice, endpoint="https://example.org").pk,
        "rule_id": add_rule(alice, words="dinner", kind="formal").pk,
        "act_id": Act.objects.create(owner=alice, kind="wash").pk,
        "call_id": garment.call_id,
        "field": "material",
        "rendition": "image",
        "pk": version.pk,
        "id": alice.pk,
        "person_id": alice.pk,
        "transfer_id": export.pk,
        "prompt_pk": prompt.pk,
        "version_pk": version.pk,
        "name": prompt.name,
        "number": version.number,
        "webauthn pk": key.pk,
        "inferencecall pk": garment.call_id,
        "prompt pk": prompt.pk,
        "keys": key.pk,
        "key": "any",
        "uidb64": "MQ",
        "token": "set-password",
        "app_label": "registry",
        "url": "nowhere/at/all/",
        "path": "nowhere",
        "nowhere": "1/1/",
        "content_type_id": "1",
        "queue_index": 0,
        "scheduler_index": 0,
        "connection_index": 0,
    }


def make_household(owner: User, garment: Garment) -> dict[str, Any]:
    """With a housemate who is shown nothing, a shelf, and a wish that waits."""
    mine = found_household(owner, name="The house", called="Alice")
    other = Member.objects.create(user=make_user(HOUSEMATE), household=mine.household, name="Bob")
    shelf = make_shelf(owner, name="Coats")
    put_on_shelf(shelf, [garment])
    invitation = invite(mine)
    return {
        "member_id": other.pk,
        "shelf_id": shelf.pk,
        "invitation_id": invitation.pk,
        "invitation_token": make_link(invitation).rsplit("/", 2)[1],
        "request_id": LoanRequest.objects.create(garment=garment, member=other).pk,
    }


def make_trip(owner: User, garment: Garment) -> Trip:
    place = Place("Lisbon, Portugal", 38.7, -9.1, "Europe/Lisbon", "Portugal")
    trip = start_trip(owner, place=place, starts_on=owner.today, ends_on=owner.today)
    trip.pieces.create(garment=garment)
    Trip.objects.filter(pk=trip.pk).update(status="ready")
    return trip


def make_question(owner: User) -> UUID:
    """About a photo that is in the cache, with its answer."""
    asked = store.Question(format="jpeg", type="", price="", currency="")
    token = store.keep(owner, make_image(), asked)
    store.answer(owner.pk, token, {"failure": "Nothing to see."}, make_image(format="WEBP"))
    return token


def find_address(route: str, values: dict[str, Any]) -> str:
    """A route with its parts filled in; a row of the model for the admin's pages of one."""
    if found := re.fullmatch(r"admin/([a-z_]+)/([a-z]+)/<path:object_id>/(.*)", route):
        model = next(
            m for m in admin.site._registry if m._meta.label_lower == f"{found[1]}.{found[2]}"
        )
        row = model._default_manager.order_by("pk").first()
        return f"/admin/{found[1]}/{found[2]}/{row.pk if row else 1}/{found[3]}"
    plain = re.sub(r"\(\?P<(\w+)>.*?\)(\?|(?=/)|(?=\$))", r"<\1>", route)
    plain = re.sub(r"[$^]|/\?|\\", lambda sign: "/" if sign[0] == "/?" else "", plain)

    def fill(part: re.Match[str]) -> str:
        special = next(
            (
                values[f"{word} pk"]
                for word in ("webauthn", "inferencecall", "prompt")
                if part[1] == "pk" and f"/{word}/" in route
            ),
            None,
        )
        return str(special or values.get(part[1], "x"))

    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", fill, plain)


def routes_of(*rules: Rule) -> list[str]:
    return [route for route in list_routes() if find_rule(route) in rules]


def methods_of(route: str) -> list[str]:
    return ADMIN_METHODS if route.startswith("admin/") else METHODS


@contextmanager
def writing() -> Iterator[list[str]]:
    """The statements that write, but to sessions: who is asked to sign in gets one."""
    found: list[str] = []

    def look(execute: Any, sql: str, *rest: Any) -> Any:
        if re.match(r"\s*(INSERT|UPDATE|DELETE)", sql) and "django_session" not in sql:
            found.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(look):
        yield found


@contextmanager
def asking(client: Client, routes: list[str], values: dict[str, Any]) -> Iterator[Any]:
    """Yields pairs of what was asked and its answer."""
    client.raise_request_exception = False
    yield (
        (f"{method.upper()} {route}", getattr(client, method)(find_address(route, values)))
        for route in routes
        for method in methods_of(route)
    )


def is_sent_to_sign_in(answer: Any) -> bool:
    pages = (reverse("login"), reverse("admin:login"))
    return answer.status_code == 302 and answer.url.split("?")[0] in pages


def is_told_of_no_row(answer: Any) -> bool:
    """The admin's own way to say that a row is not there."""
    return answer.status_code == 302 and answer.url == reverse("admin:index")


def find_wrong(
    client: Client, rules: list[Rule], values: dict[str, Any], is_right: Any
) -> list[str]:
    with asking(client, routes_of(*rules), values) as answers:
        return [
            f"{asked}: {answer.status_code} {answer.headers.get('Location', '')}"
            for asked, answer in answers
            if not is_right(answer)
        ]


# Every route has a rule


def test_every_route_has_a_rule() -> None:
    assert [route for route in list_routes() if find_rule(route) is None] == []


def test_every_rule_has_its_route() -> None:
    assert set(list_named()) - set(list_routes()) == set()


def test_a_route_has_one_rule() -> None:
    from tests.access.rules import RULES

    named = [route for routes in RULES.values() for route in routes.split()]
    assert sorted(named) == sorted(set(named))


def test_every_socket_has_a_rule() -> None:
    assert {str(route.pattern) for route in socket_routes()} == set(SOCKETS)


# By those who may not


def test_a_visitor_is_asked_to_sign_in_everywhere(client: Client, values: dict[str, Any]) -> None:
    rules = [Rule.SIGNED_IN, Rule.OWNER, Rule.STAFF, Rule.PERMITTED, Rule.FACTOR]
    with writing() as written:
        wrong = find_wrong(
            client,
            rules,
            values,
            lambda one: is_sent_to_sign_in(one) or one.status_code in {GONE, NOT_SO},
        )
    assert wrong == []
    assert written == []


@pytest.mark.parametrize("role", ["wearer", "staff", "superuser"])
def test_what_is_somebody_elses_is_not_there(
    client: Client, values: dict[str, Any], role: str
) -> None:
    """Not for another wearer, nor for operators, whatever they may do in the admin."""
    client.force_login(make_role(role), backend=BACKEND)
    prove_again(client)
    with writing() as written:
        wrong = find_wrong(
            client, [Rule.OWNER], values, lambda one: one.status_code in {GONE, NOT_SO}
        )
    assert wrong == []
    assert written == []


def test_a_wearer_is_sent_away_from_the_admin(client: Client, values: dict[str, Any]) -> None:
    client.force_login(make_role("wearer"), backend=BACKEND)
    with writing() as written:
        wrong = find_wrong(
            client,
            [Rule.STAFF, Rule.PERMITTED],
            values,
            lambda one: is_sent_to_sign_in(one) or one.status_code == NOT_SO,
        )
    assert wrong == []
    assert written == []


def test_staff_without_permissions_are_refused(client: Client, values: dict[str, Any]) -> None:
    client.force_login(make_role("staff"), backend=BACKEND)
    with writing() as written:
        wrong = find_wrong(
            client,
            [Rule.PERMITTED],
            values,
            lambda one: one.status_code in {403, GONE, NOT_SO} or is_told_of_no_row(one),
        )
    assert wrong == []
    assert written == []


@pytest.mark.parametrize("role", ["visitor", "wearer", "staff", "superuser"])
def test_no_session_opens_the_api_or_the_metrics(
    client: Client, values: dict[str, Any], role: str
) -> None:
    if role != "visitor":
        client.force_login(make_role(role), backend=BACKEND)
    refused = {401, 403, GONE, NOT_SO}
    rules = [Rule.TOKEN, Rule.MACHINES]
    with writing() as written:
        wrong = find_wrong(client, rules, values, lambda one: one.status_code in refused)
    assert wrong == []
    assert written == []


@pytest.mark.parametrize("role", ["staff", "superuser"])
def test_nowhere_is_nowhere(client: Client, values: dict[str, Any], role: str) -> None:
    client.force_login(make_role(role), backend=BACKEND)
    assert (
        find_wrong(client, [Rule.NOBODY], values, lambda one: one.status_code in {GONE, NOT_SO})
        == []
    )


def find_others(
    client: Client, values: dict[str, Any], rights: str
) -> tuple[set[str], dict[str, Any]]:
    """Where a housemate with these rights finds anything, and the statuses."""
    shelf = Shelf.objects.get(pk=values["shelf_id"])
    share_shelf(shelf, {Member.objects.get(pk=values["member_id"]): rights})
    client.force_login(User.objects.get(email=HOUSEMATE), backend=BACKEND)
    prove_again(client)
    routes = [route for route in routes_of(Rule.OWNER) if route not in OF_ONES_OWN]
    with asking(client, routes, values) as answers:
        told = {asked: one.status_code for asked, one in answers}
    return {asked.split(" ")[1] for asked, code in told.items() if code not in {GONE, NOT_SO}}, told


def test_a_housemate_finds_what_is_shared_and_nothing_else(
    client: Client, values: dict[str, Any]
) -> None:
    before = Garment.objects.filter(owner__email="alice@example.org").values()
    was = list(before)
    found, told = find_others(client, values, "wear")
    assert found == SHOWN_TO_THE_HOUSEHOLD | ASKED_OF_THE_HOUSEHOLD
    assert all(code < 500 for code in told.values())
    assert list(before.all()) == was


def test_who_may_look_cannot_wear(client: Client, values: dict[str, Any]) -> None:
    found, _ = find_others(client, values, "look")
    dropped = "wardrobe/household/requests/<int:request_id>/drop/"
    assert found - ASKED_OF_THE_HOUSEHOLD == SHOWN_TO_THE_HOUSEHOLD - {
        "wardrobe/household/shelves/<uuid:shelf_id>/use/",
        dropped,
    }
    assert not Care.objects.exclude(borrower=None).exists() and not LoanRequest.objects.exists()


def test_a_housemate_finds_nothing_that_is_not_shared(
    client: Client, values: dict[str, Any]
) -> None:
    found, _ = find_others(client, values, "")
    assert found == ASKED_OF_THE_HOUSEHOLD
    ShownOutfit.objects.all().delete()
    assert find_others(client, values, "")[0] == set()


# By those who may


def test_everybody_gets_an_answer(client: Client, values: dict[str, Any]) -> None:
    assert (
        find_wrong(
            client,
            [Rule.EVERYBODY],
            values,
            lambda one: one.status_code < 500 and one.status_code not in {401, 403},
        )
        == []
    )


@pytest.mark.parametrize("role", ["wearer", "staff", "superuser"])
def test_whoever_is_signed_in_has_their_own_pages(
    client: Client, values: dict[str, Any], role: str
) -> None:
    """By GET alone: what the pages do is tested elsewhere."""
    client.force_login(make_role(role), backend=BACKEND)
    for route in routes_of(Rule.SIGNED_IN):
        answer = client.get(find_address(route, values))
        assert answer.status_code in {200, 302, 404, 405, 422}, route
        assert not is_sent_to_sign_in(answer), route


def test_the_owner_finds_what_is_theirs(
    client: Client, values: dict[str, Any], alice: User
) -> None:
    """That others do not is no fault of these addresses."""
    client.force_login(alice, backend=BACKEND)
    prove_again(client)
    client.raise_request_exception = False
    for route in routes_of(Rule.OWNER):
        answer = client.get(find_address(route, values))
        if answer.streaming and answer.is_async:
            async_to_sync(read_all)(answer)
        assert answer.status_code in {200, 302, NOT_SO}, (route, answer.status_code)


async def read_all(answer: Any) -> bytes:
    return b"".join([block async for block in answer])


def test_no_page_of_the_admin_breaks_for_a_superuser(
    client: Client, values: dict[str, Any]
) -> None:
    client.force_login(make_role("superuser"), backend=BACKEND)
    client.raise_request_exception = False
    broken = []
    for route in routes_of(Rule.STAFF, Rule.PERMITTED):
        answer = client.get(find_address(route, values))
        if answer.status_code >= 500 or is_sent_to_sign_in(answer):
            broken.append(f"{route}: {answer.status_code}")
    assert broken == []


def test_a_superuser_opens_what_takes_a_permission(client: Client, values: dict[str, Any]) -> None:
    """So the table tells a permission from what nobody may: most of these pages open."""
    client.force_login(make_role("superuser"), backend=BACKEND)
    lists = [
        one for one in routes_of(Rule.PERMITTED) if re.fullmatch(r"admin/[a-z_]+/[a-z]+/", one)
    ]
    answers = {route: client.get(find_address(route, values)).status_code for route in lists}
    assert [route for route, status in answers.items() if status != 200] == []


BACKEND = "django.contrib.auth.backends.ModelBackend"


def make_role(role: str) -> User:
    if role == "superuser":
        return make_operator("boss@example.org")
    return make_user(f"{role}@example.org", is_staff=role == "staff")


def prove_again(client: Client) -> None:
    """The password is asked for before a passkey is touched."""
    from tests.factories import PASSWORD

    data = {"password": PASSWORD, "next": reverse("mfa_index")}
    assert client.post(reverse("account_reauthenticate"), data).status_code == 302
