"""A scenario of a question: the wearer's wardrobe, event and weather, and what must hold of an answer."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from feedback.golden.scenarios import draft_garment, draft_weather
from feedback.models import Rating
from registry.models import CallRequest, CollectedExample, InferenceCall
from styling.models import Suggestion
from styling.services.contexts import build_context
from styling.stylist.context import Candidate
from styling.tasks import OutfitAnswer, SuggestOutfit
from styling.weather.model import WeatherHour, summarize_hours
from tests.factories import make_call, make_garment, make_version
from tests.styling.conftest import ask_for_outfit
from tests.styling.wardrobes import TODAY, cut_piece, read_vocabulary
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db


@pytest.fixture
def suggestion(alice: User) -> Suggestion:
    make_garment(alice, name="Grandpa’s shirt", is_favourite=True)
    make_garment(alice, name="Trousers", slot="bottom", type="pants", material="wool")
    make_garment(alice, name="Boots", slot="shoes", type="boots", material="leather")
    return ask_for_outfit(alice)


@pytest.fixture
def call(suggestion: Suggestion) -> InferenceCall:
    garments = list(Garment.objects.order_by("name"))
    pieces = [{"garment_id": str(one.pk), "slot": one.slot} for one in garments]
    call = make_call(
        make_version("suggest_outfit"),
        subject=f"suggestion:{suggestion.pk}",
        outcome="succeeded",
        finished_at=suggestion.created_at,
        output={"pieces": pieces, "missing": [], "reasons": [], "prose": "Boots for a mild day."},
    )
    context = build_context(suggestion, garments)
    stored = json.loads(json.dumps(SuggestOutfit().store_context(context)))
    CallRequest.objects.create(
        call=call, owner=suggestion.owner, schema={}, picture_sha256s=[], context=stored
    )
    return call


def form_of(call: InferenceCall) -> str:
    return reverse("feedback:make-example", args=[call.pk])


def send(client: Client, call: InferenceCall, **changes: Any) -> Any:
    form = client.get(form_of(call)).context["form"]
    data: dict[str, Any] = {"dataset": form["dataset"].initial.pk}
    data |= {field.html_name: field.value() or "" for field in form.expected}
    data = {name: value for name, value in data.items() if value != ""}
    return client.post(form_of(call), data | {f"expect-{n}": v for n, v in changes.items()})


def test_the_form_shows_what_was_asked_answered_and_said(
    as_operator: Client, call: InferenceCall, suggestion: Suggestion
) -> None:
    Rating.objects.create(
        suggestion=suggestion, owner=suggestion.owner, verdict="rejected", reasons=["too_cold"]
    )
    page = as_operator.get(form_of(call)).text
    for words in ("navy-shirt", "Mild and dry", "Boots for a mild day.", "too_cold"):
        assert words in page
    assert "Grandpa" not in page


def test_what_is_confirmed_is_a_scenario_that_the_gate_can_ask(
    as_operator: Client, call: InferenceCall, suggestion: Suggestion
) -> None:
    send(as_operator, call, needs="boots", never="navy-shirt", unsaid="Rain")
    example = CollectedExample.objects.get()
    assert example.owner == suggestion.owner
    assert example.expected["taste"] == {"needs": ["boots"], "never": ["navy-shirt"], "not_all": []}
    assert example.expected["truthful"]["unsaid"] == ["rain"]
    assert "Grandpa" not in json.dumps(example.input)
    task = SuggestOutfit()
    context = task.example_context(example.input, b"")
    assert {piece.type for piece in context.wardrobe} == {"shirt", "pants", "boots"}
    assert context.weather and context.weather.categories["temperature"] == "mild"
    (shirt,) = [piece for piece in context.wardrobe if piece.type == "shirt"]
    assert shirt.favourite
    pieces = [{"garment_id": piece.id, "slot": piece.slot} for piece in context.wardrobe]
    answer = OutfitAnswer(pieces=pieces, missing=[], reasons=[], prose="Put on the boots.")
    wrong = [
        field.name
        for field in task.score(context, example.expected, answer).fields
        if not field.correct
    ]
    assert wrong == ["taste"]


def test_commas_and_bars_that_part_nothing_are_passed_over(
    as_operator: Client, call: InferenceCall
) -> None:
    send(as_operator, call, needs=" boots | , ,|", never=",navy-shirt|")
    example = CollectedExample.objects.get()
    assert example.expected["taste"] == {"needs": ["boots"], "never": ["navy-shirt"], "not_all": []}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"needs": "crown"}, "is neither one of its garments, nor a type or a slot."),
        ({"formality": []}, "This field is required."),
    ],
)
def test_a_rule_that_names_nothing_is_refused(
    as_operator: Client, call: InferenceCall, changes: dict[str, Any], said: str
) -> None:
    page = send(as_operator, call, **changes)
    assert page.status_code == 422
    assert said in page.text
    assert not CollectedExample.objects.exists()


def test_all_scenarios_of_a_wearer_are_on_one_side(
    as_operator: Client, call: InferenceCall
) -> None:
    send(as_operator, call)
    other = InferenceCall.objects.get(pk=call.pk)
    request = CallRequest.objects.get(call=call)
    other.pk = None
    other.save(force_insert=True)
    request.pk = request.call_id = other.pk
    request.save(force_insert=True)
    send(as_operator, other)
    one, two = CollectedExample.objects.all()
    assert (one.fingerprint, one.split) == (two.fingerprint, two.split)


def test_a_question_that_is_not_kept_any_more_says_so(
    as_operator: Client, call: InferenceCall
) -> None:
    CallRequest.objects.all().delete()
    page = as_operator.get(reverse("admin:registry_inferencecall_change", args=[call.pk])).text
    assert "Make it a scenario is not offered: what was asked is not kept any more" in page


def test_the_hours_of_a_forecast_stay_as_they_were() -> None:
    starts = datetime(2026, 11, 3, 9, tzinfo=UTC)
    hours = [
        WeatherHour(starts + timedelta(hours=n), 8.0 + n, 7.0, 0.4 * n, 60, 61, 12.0, 1.0, True)
        for n in range(8)
    ]
    snapshot = summarize_hours(
        hours, starts=starts, ends=starts + timedelta(hours=8), fetched_at=starts
    )
    weather = draft_weather(snapshot)
    assert weather and snapshot
    stored = json.loads(json.dumps(weather.model_dump(mode="json")))
    assert type(weather).model_validate(stored).hourly == snapshot.shown
    plain = type(weather)(celsius=(3, 5))
    assert "hourly" not in plain.model_dump(mode="json")


def test_a_garment_stays_as_warm_as_its_sleeves_and_its_length_make_it() -> None:
    dress = cut_piece("dress", "Shift", sleeve="none", length="short")
    drafted = draft_garment("shift", dress, TODAY).as_facts(TODAY)
    assert Candidate.of(drafted, read_vocabulary()).clo == dress.clo < cut_piece("dress").clo
