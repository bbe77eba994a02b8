"""What a model may say and no wearer gets to see, through the socket of the page."""

import time
from typing import Any

import pytest

from registry.models import InferenceCall
from stores.threads import in_thread
from styling.explanations import explain_suggestion
from styling.models import Suggestion
from styling.services.requests import StatedWeather
from tests.factories import make_garment, make_version, promote
from tests.styling.conftest import ask_for_outfit
from tests.styling.scripted import answer_text, in_chunks
from tests.styling.test_stream import stored
from tests.styling.test_stream_faults import list_calls
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db(transaction=True)

LIE = "Wear your purple velvet scarf and the golden umbrella, it will snow at −12 degrees."


def make_coat(owner: Any) -> Garment:
    return make_garment(
        owner,
        name="Camel wool coat",
        slot="outerwear",
        type="coat",
        layering="outer",
        warmth="heavy",
    )


@pytest.fixture
def hot_day(alice: Any, clothes: list[Garment]) -> Suggestion:
    clothes.append(make_coat(alice))
    return ask_for_outfit(alice, stated=StatedWeather("hot", "dry"))


async def test_a_coat_in_the_heat_and_its_lies_never_reach_the_wearer(
    hot_day: Suggestion, clothes: list[Garment], script: Any, open_page: Any
) -> None:
    script.steps = in_chunks(answer_text(clothes, prose=LIE))
    page = await open_page(hot_day)
    await page.resume()
    told = str(await page.hear_until("done")).lower()
    for word in ("velvet", "umbrella", "snow", "−12"):
        assert word not in told
    shown = [event["name"] for event in page.events if event["type"] == "piece"]
    assert shown == ["Navy shirt", "Grey trousers", "Brown boots"]
    assert "coat" not in page.text
    assert [event["code"] for event in page.events if event["type"] == "notice"] == ["held_back"]
    row = await stored(hot_day)
    assert (row.status, row.checked["faults"], row.checked["held_back"]) == ("ready", [], 2)
    calls = await in_thread(list_calls)()
    assert [(call.outcome, call.error_code) for call in calls] == [
        ("failed", "held_back"), ("failed", "held_back"), ("succeeded", ""),
    ]  # fmt: skip
    assert [found["code"] for found in calls[0].violations] == ["coat_when_hot"]


async def test_lies_about_good_pieces_are_replaced_by_the_built_in_voice(
    hot_day: Suggestion, clothes: list[Garment], script: Any, open_page: Any
) -> None:
    script.steps = in_chunks(
        answer_text(clothes[:3], prose=f"The navy shirt leads. {LIE} Enjoy it.")
    )
    page = await open_page(hot_day)
    await page.resume()
    told = str(await page.hear_until("done")).lower()
    for word in ("velvet", "umbrella", "snow", "−12"):
        assert word not in told
    assert [event["code"] for event in page.events if event["type"] == "notice"] == ["reworded"]
    row = await stored(hot_day)
    assert row.checked["withheld"] >= 2
    assert row.call and (row.call.outcome, row.call.error_code) == ("failed", "held_back")
    found = {(violation["code"], violation["shown"]) for violation in row.call.violations}
    assert found == {("invented_garment", False), ("invented_weather", False)}


async def test_one_false_clause_stays_behind_and_the_rest_is_the_models(
    suggestion: Suggestion, clothes: list[Garment], script: Any, open_page: Any
) -> None:
    prose = "The navy shirt leads, the grey trousers follow. A red scarf on top. Enjoy the day."
    script.steps = in_chunks(answer_text(clothes, prose=prose))
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    assert "scarf" not in str(page.events)
    row = await stored(suggestion)
    assert row.prose == "The navy shirt leads, the grey trousers follow. Enjoy the day."
    assert row.call and (row.call.outcome, row.call.output["prose"]) == ("succeeded", prose)
    assert [(v["code"], v["shown"]) for v in row.call.violations] == [("invented_garment", False)]
    why = await in_thread(explain_suggestion)(row)
    assert why.stopped == ["One passage was left out of the text."]
    assert all(held for held, _ in why.checks)


async def test_a_false_reason_is_not_stored(
    suggestion: Suggestion, clothes: list[Garment], script: Any, open_page: Any
) -> None:
    reasons = ["Navy and grey agree.", "The golden umbrella keeps you dry."]
    script.steps = in_chunks(answer_text(clothes, reasons=reasons))
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    assert "umbrella" not in str(page.events)
    assert (await stored(suggestion)).reasons == reasons[:1]


async def test_denials_and_the_wearers_own_words_are_let_through(
    suggestion: Suggestion, clothes: list[Garment], script: Any, open_page: Any
) -> None:
    prose = "The navy shirt and the grey trousers. No scarf needed, and leave the coat at home."
    script.steps = in_chunks(answer_text(clothes, prose=prose))
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    assert page.text == (await stored(suggestion)).prose == prose


async def test_what_is_shown_with_a_fault_is_told_so(
    alice: Any, clothes: list[Garment], script: Any, open_page: Any
) -> None:
    """A shirt in the frost is not held back, though a coat hangs there."""
    await in_thread(make_coat)(alice)
    suggestion = await in_thread(ask_for_outfit)(alice, stated=StatedWeather("freezing", "dry"))
    script.steps = in_chunks(answer_text(clothes, prose="The navy shirt leads."))
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    row = await stored(suggestion)
    assert row.checked["faults"] == ["too_cold"]
    assert row.call and [(v["code"], v["shown"]) for v in row.call.violations] == [
        ("too_cold", True)
    ]
    why = await in_thread(explain_suggestion)(row)
    assert (False, "Lighter than the temperature asks") in why.checks


async def test_where_no_model_is_configured_the_built_in_stylist_is_the_stylist(
    suggestion: Suggestion, script: Any, open_page: Any, settings: Any
) -> None:
    settings.VLLM_BASE_URL = ""
    await in_thread(promote)(
        await in_thread(make_version)(
            "suggest_outfit",
            engine="builtin",
            model={},
            sampling={},
            examples=[],
            enable_thinking=False,
        )
    )
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    assert "notice" not in {event["type"] for event in page.events}
    row = await stored(suggestion)
    assert (row.checked["faults"], row.checked["held_back"]) == ([], 0)
    assert len((await in_thread(explain_suggestion)(row)).checks) == 6


async def test_the_deliberate_pace_is_no_latency(
    suggestion: Suggestion, script: Any, open_page: Any
) -> None:
    version = await in_thread(make_version)(
        "suggest_outfit", engine="builtin", model={}, sampling={}, examples=[], enable_thinking=False,
        parameters={"pace_ms": 40},
    )  # fmt: skip
    await in_thread(promote)(version)
    page = await open_page(suggestion)
    began = time.monotonic()
    await page.resume()
    await page.hear_until("done")
    taken_ms = (time.monotonic() - began) * 1000
    call = await in_thread(InferenceCall.objects.get)()
    paused_ms = 40 * (len(page.text.split()) - 1)
    assert call.latency_ms < taken_ms - 0.8 * paused_ms


async def test_the_built_in_stylist_is_not_asked_again_for_what_it_answers_always(
    alice: Any, clothes: list[Garment], open_page: Any
) -> None:
    """Without its rule for the heat it wants the coat: once held back, then shown for want of another."""
    version = await in_thread(make_version)(
        "suggest_outfit", engine="builtin", model={}, sampling={}, examples=[], enable_thinking=False,
        parameters={"rules": {"heat": False}},
    )  # fmt: skip
    await in_thread(promote)(version)
    await in_thread(make_coat)(alice)
    suggestion = await in_thread(ask_for_outfit)(alice, stated=StatedWeather("hot", "dry"))
    page = await open_page(suggestion)
    await page.resume()
    await page.hear_until("done")
    calls = await in_thread(list_calls)()
    assert [call.error_code for call in calls] == ["held_back", ""]
