import re

import pytest
from django.urls import reverse

from feedback.models import Correction
from tests.factories import make_described_garment, make_garment
from wardrobe.forms.garments import GarmentForm
from wardrobe.models import Garment
from wardrobe.vocabulary import MOST_COLOURS

HTMX = {"HX-Request": "true"}


def edit(client, garment: Garment, field: str, **data: object):
    address = reverse("wardrobe:garment-edit-field", args=[garment.pk, field])
    response = client.post(address, data, headers=HTMX)
    garment.refresh_from_db()
    return response


def sheet(garment: Garment, **changes: object) -> dict[str, object]:
    """What a browser without JavaScript sends: every field of the page."""
    form = GarmentForm(garment=garment)
    data = {name: form[name].value() for name in form.fields}
    data["seen_at"] = garment.updated_at.isoformat()
    return {name: value for name, value in {**data, **changes}.items() if value is not None}


def save(client, garment: Garment, **data: object):
    response = client.post(reverse("wardrobe:garment-edit", args=[garment.pk]), data)
    garment.refresh_from_db()
    return response


def test_correcting_one_attribute_is_one_tap(as_alice, alice):
    garment = make_described_garment(alice)
    response = edit(as_alice, garment, "material", material="linen")
    assert garment.material == "linen"
    assert 'data-sure="you"' in response.content.decode()
    assert "The stylist thought <s>cotton</s>. You said <b>linen</b>." in response.content.decode()


def test_a_correction_keeps_what_the_model_said_and_which_version_said_it(as_alice, alice):
    garment = make_described_garment(alice)
    edit(as_alice, garment, "material", material="linen")
    correction = Correction.objects.get()
    assert (correction.field, correction.model_value, correction.user_value) == (
        "material",
        "cotton",
        "linen",
    )
    assert correction.confidence == 0.4
    assert correction.version == garment.call.version


def test_the_last_word_is_the_correction(as_alice, alice):
    garment = make_described_garment(alice)
    for material in ["linen", "silk"]:
        edit(as_alice, garment, "material", material=material)
    correction = Correction.objects.get()
    assert (correction.model_value, correction.user_value) == ("cotton", "silk")


def test_a_reviewed_correction_is_never_changed(as_alice, alice):
    garment = make_described_garment(alice)
    edit(as_alice, garment, "material", material="linen")
    Correction.objects.update(review=Correction.Review.ACCEPTED)
    edit(as_alice, garment, "material", material="silk")
    assert set(Correction.objects.values_list("user_value", flat=True)) == {"linen", "silk"}


def test_undo_brings_back_the_models_word_and_withdraws_the_correction(as_alice, alice):
    garment = make_described_garment(alice)
    edit(as_alice, garment, "material", material="linen")
    response = edit(as_alice, garment, "material", undo="material")
    assert garment.material == "cotton"
    assert 'data-sure="guess"' in response.content.decode()
    assert garment.status == Garment.Status.NEEDS_REVIEW
    assert not Correction.objects.exists()


def test_another_kind_is_worn_in_its_own_slot(as_alice, alice):
    garment = make_described_garment(alice)
    edit(as_alice, garment, "type", type="jacket")
    assert (garment.type, garment.slot) == ("jacket", "outerwear")
    edit(as_alice, garment, "type", undo="type")
    assert (garment.type, garment.slot) == ("shirt", "top")


def test_a_field_the_model_never_set_leaves_no_correction(as_alice, alice):
    garment = make_described_garment(alice)
    edit(as_alice, garment, "brand", brand="Grandmother")
    assert garment.brand == "Grandmother"
    assert not Correction.objects.exists()


def test_a_garment_described_by_hand_leaves_no_correction(as_alice, alice):
    garment = make_garment(alice)
    edit(as_alice, garment, "material", material="linen")
    assert not Correction.objects.exists()


def test_sending_the_same_value_again_changes_nothing(as_alice, alice):
    garment = make_described_garment(alice, seasons=["summer", "spring"])
    edit(as_alice, garment, "seasons", seasons=["spring", "summer"])
    assert garment.edited_fields == []


def test_trousers_have_no_sleeves_to_speak_of(as_alice, alice):
    garment = make_described_garment(alice, type="pants", slot="bottom")
    page = as_alice.get(reverse("wardrobe:garment-detail", args=[garment.pk])).content.decode()
    assert 'id="field-length"' in page
    assert 'id="field-sleeve"' not in page
    assert edit(as_alice, garment, "sleeve", sleeve="long").status_code == 404
    edit(as_alice, garment, "length", length="knee")
    assert garment.length == "knee"


def test_what_another_type_does_not_have_is_no_guess_until_the_first_is_back(as_alice, alice):
    confidence = {"type": 0.5, "sleeve": 0.4}
    garment = make_described_garment(alice, sleeve="short", confidence=confidence)
    edit(as_alice, garment, "type", type="shorts")
    assert garment.guesses == []
    edit(as_alice, garment, "type", undo="type")
    assert (garment.sleeve, sorted(garment.guesses)) == ("short", ["sleeve", "type"])


def test_settling_the_last_guess_makes_it_ready(as_alice, alice):
    garment = make_described_garment(alice)
    response = edit(as_alice, garment, "material", confirm="material")
    assert garment.status == Garment.Status.READY
    assert 'data-sure="sure"' in response.content.decode()
    assert not Correction.objects.exists()


def test_one_settled_guess_of_two_still_wants_a_look(as_alice, alice):
    garment = make_described_garment(alice, confidence={"material": 0.4, "pattern": 0.3})
    response = edit(as_alice, garment, "material", confirm="material")
    assert garment.status == Garment.Status.NEEDS_REVIEW
    assert "One guess needs you" in response.content.decode()


def test_all_correct_settles_the_rest_and_goes_to_the_next(as_alice, alice):
    following = make_described_garment(alice)
    garment = make_described_garment(alice)
    address = reverse("wardrobe:garment-edit", args=[garment.pk])
    response = as_alice.post(address, {"confirm_all": "1"}, headers=HTMX)
    garment.refresh_from_db()
    assert garment.status == Garment.Status.READY
    assert response["HX-Redirect"] == reverse("wardrobe:garment-detail", args=[following.pk])


def test_a_value_outside_the_vocabulary_is_refused_and_said(as_alice, alice):
    garment = make_described_garment(alice)
    response = edit(as_alice, garment, "material", material="adamantium")
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert garment.material == "cotton"


@pytest.mark.parametrize("field", ["owner", "status", "confidence", "wear_count", "call"])
def test_what_is_not_the_wearers_to_say_has_no_address(as_alice, alice, field):
    garment = make_described_garment(alice)
    assert edit(as_alice, garment, field, **{field: "1"}).status_code == 404


def test_measured_colours_stay_measured(as_alice, alice):
    colours = [{"name": "navy", "hex": "#20304a", "share": 0.7}]
    garment = make_described_garment(alice, colours=colours)
    edit(as_alice, garment, "colours", colours=["navy", "white"])
    assert garment.colours[0] == {"name": "navy", "hex": "#20304a", "share": 0.583}
    assert garment.colours[1]["hex"] == "#fafafa"
    assert sum(colour["share"] for colour in garment.colours) == pytest.approx(1)


def test_as_many_colours_as_eyes_see_and_no_more(as_alice, alice):
    garment = make_described_garment(alice)
    colours = ["navy", "white", "red", "green", "blue"]
    assert len(colours) == MOST_COLOURS
    assert edit(as_alice, garment, "colours", colours=colours).status_code == 200
    assert edit(as_alice, garment, "colours", colours=[*colours, "pink"]).status_code == 422


def test_a_retired_word_in_use_is_kept(as_alice, alice):
    garment = make_described_garment(alice, material="barkcloth")
    assert save(as_alice, garment, **sheet(garment, brand="Found")).status_code == 302
    assert (garment.material, garment.brand) == ("barkcloth", "Found")


def test_without_javascript_the_whole_sheet_is_saved(as_alice, alice):
    garment = make_described_garment(alice)
    response = save(as_alice, garment, **sheet(garment, material="linen", notes="Dry clean"))
    assert response.status_code == 302
    assert (garment.material, garment.notes) == ("linen", "Dry clean")
    assert sorted(garment.edited_fields) == ["material", "notes"]


def test_without_javascript_that_is_right_saves_the_rest_too(as_alice, alice):
    garment = make_described_garment(alice)
    save(as_alice, garment, **sheet(garment, brand="Found", confirm="material"))
    assert garment.brand == "Found"
    assert garment.status == Garment.Status.READY


def test_a_sheet_opened_before_another_change_overwrites_nothing(as_alice, alice):
    garment = make_described_garment(alice)
    opened = sheet(garment, brand="Found")
    edit(as_alice, garment, "material", material="linen")
    response = save(as_alice, garment, **opened)
    assert response.status_code == 409
    assert garment.material == "linen"
    assert 'value="Found"' in response.content.decode()


@pytest.mark.parametrize("moment", ["2026-12-01T10:00", "9999-12-31", "2026-02-30T10:00:00+00:00"])
def test_a_sheet_of_no_moment_is_saved(as_alice, alice, moment):
    garment = make_described_garment(alice)
    save(as_alice, garment, **sheet(garment, brand="Found", seen_at=moment))
    assert garment.brand == "Found"


def test_an_empty_name_is_refused(as_alice, alice):
    garment = make_described_garment(alice)
    assert edit(as_alice, garment, "name", name="  ").status_code == 422
    assert garment.name == "Navy shirt"


def test_a_name_is_text_not_markup(as_alice, alice):
    garment = make_described_garment(alice, name="<script>alert(1)</script>")
    page = as_alice.get(reverse("wardrobe:garment-detail", args=[garment.pk])).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("name", "The blue one"),
        ("brand", "Loden"),
        ("price", "12.50"),
        ("notes", "Of Tom"),
        ("material", "linen"),
    ],
)
def test_what_no_model_said_is_taken_back_beside_it(as_alice, alice, field, said):
    garment = make_garment(alice, brand="Any", price="5.00", notes="")
    before = (getattr(garment, field), garment.edited_fields)
    page = edit(as_alice, garment, field, **{field: said}).text
    assert str(getattr(garment, field)) == said
    undo = re.search(r'hx-post="([^"]+\?undo=\w+)"', page)
    assert "Loden" not in undo[1], "no word that was typed stands in an address"
    shown = as_alice.post(undo[1], headers=HTMX).text
    garment.refresh_from_db()
    assert (str(getattr(garment, field) or ""), garment.edited_fields) == (
        str(before[0] or ""),
        before[1],
    )
    assert "?undo=" not in shown


@pytest.mark.parametrize("field", ["seasons", "colours"])
def test_a_chip_that_was_tapped_is_found_again_in_its_new_row(as_alice, alice, field):
    """htmx gives the focus back to what has the same id: a keyboard goes on where it was."""
    garment = make_described_garment(alice)
    rows = [
        as_alice.get(reverse("wardrobe:garment-detail", args=[garment.pk])).text,
        edit(
            as_alice, garment, field, **{field: {"seasons": "winter", "colours": "navy"}[field]}
        ).text,
    ]
    before, after = (set(re.findall(rf'name="{field}" id="(id_{field}_\d+)"', row)) for row in rows)
    assert before == after and len(after) >= 4


def test_that_is_right_is_taken_back(as_alice, alice):
    garment = make_described_garment(alice)
    page = edit(as_alice, garment, "material", confirm="material").text
    assert garment.status == Garment.Status.READY
    as_alice.post(re.search(r'hx-post="([^"]+\?undo=\w+)"', page)[1], headers=HTMX)
    garment.refresh_from_db()
    assert garment.status == Garment.Status.NEEDS_REVIEW and "material" in garment.guesses


def test_a_whole_sheet_is_taken_back(as_alice, alice):
    garment = make_described_garment(alice, brand="Any")
    address = reverse("wardrobe:garment-edit", args=[garment.pk])
    data = sheet(garment, material="linen", brand="Loden")
    page = as_alice.post(address, data, follow=True).text
    undo = re.search(r'data-undo.*?action="([^"]+)"', page, re.DOTALL)
    as_alice.post(undo[1])
    garment.refresh_from_db()
    assert (garment.material, garment.brand, garment.edited_fields) == ("cotton", "Any", [])
