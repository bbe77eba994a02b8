"""How each act of a wearer is taken back: every route that takes a POST and is not the operators' stands here.

An act is told with an undo, or is one switch of which the other position takes it back, or asks before it is done. A new
route without a line here fails `tests/access/test_undo.py`, which also does all of these and takes them back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import NotificationChoices, PushSubscription, User
from accounts.push import subscriptions
from feedback.models import LearningChoices, Rating, ShownOutfit
from feedback.services.ratings import rate_outfit
from styling.calendars.rules import add_rule
from styling.models import Plan, Suggestion, Trip, TripOccasion
from styling.services.looks import keep_look
from styling.services.swaps import list_alternatives
from tests.accounts.test_push import Browser
from tests.factories import make_garment, make_image
from wardrobe.forms.garments import GarmentForm, describe_sent
from wardrobe.household.loans import lend
from wardrobe.household.members import dissolve
from wardrobe.household.shelves import share_shelf
from wardrobe.models import Care, Garment, LoanRequest, Member, Shelf
from wardrobe.services.basics import find_basic, hang_up_basics
from wardrobe.services.care import send_away

HOUSE = "wardrobe/household/"
PIECE = "wardrobe/<uuid:garment_id>/"
OUTFIT = "outfits/<uuid:suggestion_id>/"
TRIP = "trips/<uuid:trip_id>/"
Values = dict[str, Any]
Sent = Mapping[str, Any]


@dataclass(frozen=True)
class Act:
    """What is sent, after `first` has set the scene; `by` is "alice", "bob" of her household, or "charlie" of none.
    `but` are models of which a row may stay: it says nothing of the wearer's things any more."""

    sent: Callable[[Values], Sent] | Sent = field(default_factory=dict)
    first: Callable[[Values], object] = lambda values: None
    by: str = "alice"
    but: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)

    def read(self, values: Values) -> Sent:
        return self.sent(values) if callable(self.sent) else self.sent


def lets_bob_wear(values: Values) -> None:
    shelf = Shelf.objects.get(pk=values["shelf_id"])
    share_shelf(shelf, {Member.objects.get(pk=values["member_id"]): "wear"})


def lets_bob_take(values: Values) -> None:
    lets_bob_have_it(values)
    LoanRequest.objects.all().delete()


def lets_bob_have_it(values: Values) -> None:
    lets_bob_wear(values)
    has_three(values)
    Garment.objects.filter(pk=values["garment_id"]).update(status=Garment.Status.READY)


def has_three(values: Values) -> None:
    """One of it is in the wash."""
    Garment.objects.filter(pk=values["garment_id"]).update(quantity=3, in_wash=False, wash_after=1)


def is_framed(values: Values) -> None:
    Garment.objects.filter(pk=values["garment_id"]).update(box=[0.2, 0.2, 0.5, 0.5])


def lends_it_to_bob(values: Values) -> None:
    lets_bob_take(values)
    member = Member.objects.select_related("user").get(pk=values["member_id"])
    lend(Garment.objects.get(pk=values["garment_id"]), to=member)


def shows_it(values: Values) -> ShownOutfit:
    return ShownOutfit.objects.get_or_create(
        suggestion_id=values["suggestion_id"], owner=owner_of(values)
    )[0]


def hides_it(values: Values) -> None:
    ShownOutfit.objects.all().delete()


def owner_of(values: Values) -> User:
    return Garment.objects.select_related("owner").get(pk=values["garment_id"]).owner


def hangs_up_a_basic(values: Values) -> None:
    basic = find_basic("white-t-shirt")
    assert basic
    hang_up_basics(owner=owner_of(values), basics=[basic])


def plans_it(values: Values) -> None:
    outfit = Suggestion.objects.get(pk=values["suggestion_id"])
    rate_outfit(suggestion=outfit, verdict=Rating.Verdict.ACCEPTED)
    Plan.objects.get_or_create(suggestion=outfit, defaults={"owner": outfit.owner})


def plans_it_and_the_sky_turns(values: Values) -> None:
    plans_it(values)
    Plan.objects.update(turned=Plan.Turned.COLDER)


def has_two_rules(values: Values) -> None:
    values["rule_id"] = add_rule(owner_of(values), words="gala", kind="formal").pk


def has_chosen(values: Values) -> None:
    """Whoever has chosen nothing has no row: an undo leaves one that says the same."""
    NotificationChoices.objects.get_or_create(user=owner_of(values))
    LearningChoices.objects.get_or_create(owner=owner_of(values))


def adds_a_browser(values: Values) -> None:
    user = owner_of(values)
    PushSubscription.objects.all().delete()
    device = subscriptions.add(
        user, endpoint="https://93.184.216.34/a", name="A phone", **Browser().keys
    )
    values["device_id"] = device.pk


def lends_it(values: Values) -> None:
    has_three(values)
    garment = Garment.objects.get(pk=values["garment_id"])
    values["care_id"] = send_away(garment, kind=Care.Kind.LENT, whom="Tom").pk


def asks_for_a_rival(values: Values) -> Sent:
    make_garment(owner_of(values), name="Another shirt")
    outfit = Suggestion.objects.get(pk=values["suggestion_id"])
    return {"new": str(list_alternatives(outfit, values["garment_id"])[0].garment.pk)}


def keeps_a_look(values: Values) -> None:
    owner = owner_of(values)
    look = keep_look(owner, list(Garment.objects.filter(pk=values["garment_id"])), name="Kept")
    values["look_id"] = look.pk


def plan_a_day_on(values: Values) -> Sent:
    return {"day": (owner_of(values).today + timedelta(days=4)).isoformat()}


def is_dressed_for_the_trip(values: Values) -> None:
    occasion = TripOccasion.objects.filter(trip=values["trip_id"]).get()
    occasion.wears.create(garment_id=values["garment_id"], position=0)
    occasion.weather, occasion.faults = {"temperature": "warm"}, ["too_cold"]
    occasion.save()


def tell_trip_anew(values: Values) -> Sent:
    trip = Trip.objects.get(pk=values["trip_id"])
    return {
        "name": "Another name",
        "starts_on": trip.starts_on.isoformat(),
        "ends_on": trip.ends_on.isoformat(),
        "stay-0-place": "Lisbon, Portugal",
        f"for-{trip.starts_on}": "formal",
        "later": "1",
    }


def sheet(values: Values) -> Sent:
    garment = Garment.objects.get(pk=values["garment_id"])
    named = describe_sent(garment, GarmentForm(garment=garment).fields)
    return named | {"material": "linen", "brand": "Any", "notes": "Warm"}


def has_no_household(values: Values) -> None:
    dissolve(Member.objects.get(is_owner=True))


UNDONE: dict[str, Act] = {
    HOUSE: Act({"name": "Home", "called": "Alice"}, first=has_no_household),
    f"{HOUSE}join/<str:invitation_token>/": Act(
        {"called": "Charlie"}, by="charlie", but=frozenset({"Invitation"})
    ),
    f"{HOUSE}names/": Act({"name": "Elm Street", "called": "Ally"}),
    f"{HOUSE}rule/": Act(),
    f"{HOUSE}invite/": Act(but=frozenset({"Invitation"})),
    f"{HOUSE}shelves/add/": Act({"name": "Hats"}, first=lets_bob_wear),
    f"{HOUSE}shelves/choose/": Act(
        lambda v: {
            "shelf": v["shelf_id"],
            "garment": make_garment(owner_of(v), name="A hat").pk,
        },
        first=lets_bob_wear,
    ),
    f"{HOUSE}shelves/<uuid:shelf_id>/name/": Act({"name": "Coats and more"}),
    f"{HOUSE}shelves/<uuid:shelf_id>/share/": Act(
        lambda v: {f"member-{v['member_id']}": ""}, first=lets_bob_wear
    ),
    f"{HOUSE}shelves/<uuid:shelf_id>/use/": Act({"is_used": "on"}, first=lets_bob_wear, by="bob"),
    f"{HOUSE}shelves/<uuid:shelf_id>/take-off/": Act(
        lambda v: {"garment": v["garment_id"]}, first=lets_bob_wear
    ),
    f"{HOUSE}pieces/<uuid:garment_id>/ask/": Act(first=lets_bob_take, by="bob"),
    f"{HOUSE}pieces/<uuid:garment_id>/give-back/": Act(first=lends_it_to_bob, by="bob"),
    f"{HOUSE}requests/<int:request_id>/lend/": Act(first=lets_bob_have_it),
    f"{HOUSE}requests/<int:request_id>/drop/": Act(first=lets_bob_wear),
    "wardrobe/add/": Act({"type": "shirt", "colours": "white"}),
    "wardrobe/basics/": Act({"basics": "white-t-shirt"}),
    "wardrobe/basics/down/": Act(first=hangs_up_a_basic, but=frozenset({"Garment"})),
    "wardrobe/laundry/washed/": Act(),
    "wardrobe/laundry/fill/": Act(first=has_three),
    "wardrobe/many/": Act(lambda v: {"act": "wash", "garment": v["garment_id"]}, first=has_three),
    f"{PIECE}edit/": Act(sheet),
    f"{PIECE}edit/<slug:field>/": Act({"material": "linen"}, headers={"HX-Request": "true"}),
    f"{PIECE}archive/": Act(),
    f"{PIECE}interval/": Act({"wears": "5", "is_for_type": "on"}),
    f"{PIECE}care/<int:care_id>/back/": Act({"laundry": "1"}, first=lends_it),
    f"{PIECE}care/<int:care_id>/longer/": Act({"today": "1"}, first=lends_it),
    f"{PIECE}refuse-cut-out/": Act(),
    f"{PIECE}turn/": Act({"to": "left"}),
    f"{PIECE}frame/": Act({"left": "10", "top": "10", "right": "90", "bottom": "90"}, first=is_framed),
    f"{PIECE}photo/": Act(
        lambda v: {"photos": SimpleUploadedFile("new.jpg", make_image(colour="#ffffff"))},
        but=frozenset({"UploadEvent"}),
    ),
    "looks/keep/": Act(lambda v: {"piece": v["garment_id"], "name": "Mine"}),
    "looks/<uuid:look_id>/rename/": Act({"name": "Another"}),
    "looks/<uuid:look_id>/copy/": Act(first=keeps_a_look),
    "looks/<uuid:look_id>/wear/": Act(first=keeps_a_look, but=frozenset({"Event", "Suggestion", "OutfitPiece"})),
    f"{OUTFIT}pieces/<uuid:garment_id>/swap/": Act(asks_for_a_rival),
    f"{OUTFIT}pieces/<uuid:garment_id>/leave-out/": Act(),
    f"{OUTFIT}rate/": Act({"verdict": "accepted"}),
    f"{OUTFIT}withdraw/": Act(first=plans_it),
    f"{OUTFIT}instead/": Act(lambda v: {"old": v["garment_id"], "new": make_garment(owner_of(v), name="Another shirt").pk}),
    f"{OUTFIT}household/": Act(first=hides_it),
    "outfits/household/<uuid:suggestion_id>/say/": Act({"verdict": "good"}, first=shows_it, by="bob"),
    f"{OUTFIT}move/": Act(plan_a_day_on, first=plans_it),
    f"{OUTFIT}copy/": Act(plan_a_day_on, first=plans_it, but=frozenset({"Event", "Suggestion", "OutfitPiece", "Plan"})),
    f"{OUTFIT}call-off/": Act(first=plans_it),
    f"{OUTFIT}keep/": Act(first=plans_it_and_the_sky_turns),
    "outfits/calendars/subscribe/": Act({"url": "https://93.184.216.34/5.ics"}, but=frozenset({"Subscription", "OccasionRule"})),
    "outfits/calendars/<int:subscription_id>/remove/": Act(),
    "outfits/calendars/rules/": Act({"words": "opera", "kind": "formal"}, but=frozenset({"OccasionRule"})),
    "outfits/calendars/rules/<int:rule_id>/": Act({"words": "opera", "kind": ""}),
    "outfits/calendars/rules/<int:rule_id>/remove/": Act(),
    "you/": Act({"sensitivity": "1", "units": "metric", "likes": "linen", "repeat_days": "5"}),
    "you/notifications/": Act({"morning": "on", "at": "06:30", "quiet_days": ["5", "6"]}, first=has_chosen),
    "you/notifications/devices/<int:device_id>/remove/": Act(first=adds_a_browser),
    f"{TRIP}edit/": Act(tell_trip_anew, first=is_dressed_for_the_trip),
    f"{TRIP}pack/": Act(),
    f"{TRIP}pieces/": Act(lambda v: {"leave": v["garment_id"]}),
    f"{TRIP}plan/": Act(first=lambda v: Trip.objects.update(is_planned=False)),
}  # fmt: skip
"""Told with an undo that puts everything back."""


SWITCHED: dict[str, tuple[Act, Sent]] = {
    f"{PIECE}favourite/": (Act(), {"off": "1"}),
    f"{TRIP}ticked/": (Act(lambda v: {"packed": v["garment_id"]}), {}),
    "outfits/calendars/rules/<int:rule_id>/move/": (Act(first=has_two_rules), {"down": "1"}),
    "you/consent/": (Act({"consent": "yes"}, but=frozenset({"Consent"})), {"consent": "no"}),
    "you/learned/change/": (Act({"do": "switch"}, first=has_chosen), {"do": "undo"}),
    "you/shared/<uuid:link_id>/": (Act(), {"undo": "1"}),
}
"""The same address takes it back, from the same place on the page."""

ASKED = """
    wardrobe/household/invitations/<uuid:invitation_id>/revoke/
    outfits/calendars/address/
    outfits/calendars/address/stop/
    wardrobe/buy/<uuid:question_id>/forget/
    accounts/sign-out-everywhere/
    """
"""A first POST asks, and does nothing: what is gone then, or what somebody may have learned, must not come back."""

ASKED_BY_A_PAGE = """
    wardrobe/household/leave/
    wardrobe/household/members/<int:member_id>/
    wardrobe/household/shelves/<uuid:shelf_id>/delete/
    wardrobe/<uuid:garment_id>/delete/
    photos/<uuid:photo_id>/delete/
    looks/<uuid:look_id>/delete/
    trips/<uuid:trip_id>/delete/
    you/delete/
    """
"""Their GET asks, and its button does it."""

OTHERWISE = {
    # Asked by another page, by a password, or by what is shown first.
    "wardrobe/household/dissolve/": "wardrobe/household/leave/ asks",
    "you/data/import/": "what it would bring is shown first",
    "you/data/import/<uuid:transfer_id>/": "the answer to that",
    "wardrobe/table/": "what it would bring is shown first; one undo then (tests/wardrobe/test_tables.py)",
    # The log of a piece, where each entry is taken back.
    "wardrobe/<uuid:garment_id>/wash/": "an entry of the log",
    "wardrobe/<uuid:garment_id>/worn/": "an entry of the log",
    "wardrobe/<uuid:garment_id>/away/": "an entry of the log",
    # Said again it is changed, where it was said.
    "wardrobe/<uuid:garment_id>/type/": "undo beside it, or in a toast (tests/wardrobe/test_type_choice.py)",
    "photos/<uuid:photo_id>/answer/": "the other answers stay on the photo's page",
    "wardrobe/<uuid:garment_id>/photos/<uuid:photo_id>/": "earlier and later",
    "wardrobe/buy/<uuid:question_id>/again/": "judged as something else again",
    "language/": "another language",
    # What is made can be deleted where it is shown, which asks.
    "photos/add/": "deleted where it is shown",
    "photos/<uuid:photo_id>/describe/": "deleted where it is shown",
    "wardrobe/<uuid:garment_id>/photos/": "deleted where it is shown",
    "wardrobe/buy/<uuid:question_id>/add/": "deleted where it is shown",
    "trips/new/": "deleted where it is shown",
    "outfits/<uuid:suggestion_id>/picture/link/": "taken back where it is shown",
    "you/notifications/devices/": "removed where it is shown",
    "you/data/export/": "gone in a day",
    # A question: nothing of the wearer's changes by it.
    "today/": "a question",
    "today/dress/": "a question",
    "looks/finish/": "a question",
    "wardrobe/buy/": "a question",
    "outfits/<uuid:suggestion_id>/another/": "a question",
    "outfits/<uuid:suggestion_id>/anew/": "a question",
    "wardrobe/select/": "shows other pieces, and changes nothing",
    "photos/share/": "changes nothing",
    "photos/<uuid:photo_id>/retry/": "tried again",
    "outfits/calendars/<int:subscription_id>/look/": "looked at again",
    "you/notifications/try/": "a notification",
    "you/time-zone/": "the browser's word, not the wearer's",
    # Undos themselves.
    "wardrobe/household/loans/<int:care_id>/undo/": "an undo",
    "wardrobe/many/<uuid:act_id>/undo/": "an undo",
    "wardrobe/<uuid:garment_id>/worn/<int:wear_id>/undo/": "an undo",
    "wardrobe/<uuid:garment_id>/care/<int:care_id>/undo/": "an undo",
    "wardrobe/laundry/<uuid:act>/undo/": "an undo",
    "outfits/<uuid:suggestion_id>/unswap/": "an undo",
    "outfits/<uuid:suggestion_id>/copy/undo/": "an undo",
    "outfits/<uuid:suggestion_id>/call-off/undo/": "an undo",
    "you/left-out/<int:pk>/undo/": "an undo",
    # From a mail, with its undo on the page (tests/styling/test_morning.py); and what opens and closes an account.
    "wear/<str:token>/": "undone on its page",
}
ACCOUNTS = ("accounts/", "sign-up/")
"""Signing up, in and out, passwords and second factors: proven by a password, a mail or a key, and told by mail."""
