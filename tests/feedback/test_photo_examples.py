"""A golden example of a photo: what its wearer says of it, in the words of the vocabulary."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from feedback.golden.offers import offer_example
from feedback.models import Correction
from feedback.services.consents import withdraw_consent
from registry.models import CollectedExample, InferenceCall
from registry.services.examples import publish_examples
from tests.factories import make_call, make_described_garment, make_photo, make_user
from wardrobe.golden.labels import GarmentLabel
from wardrobe.models import Garment, Photo
from wardrobe.services.garments import edit_garment
from wardrobe.tasks import DigitizePhoto

pytestmark = pytest.mark.django_db
BOX = [0.1, 0.2, 0.5, 0.6]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def photo(alice: User) -> Photo:
    return make_photo(alice, with_image=True)


@pytest.fixture
def call(photo: Photo) -> InferenceCall:
    """It saw a shirt in navy, which its wearer says is a blouse."""
    call = make_call(
        subject=f"photo:{photo.pk}",
        outcome="succeeded",
        finished_at=photo.created_at,
        output={"garments": [{"type": "shirt"}, {"type": "belt"}]},
    )
    garment = make_described_garment(photo.owner, photo=photo, call=call, box=BOX)
    edit_garment(garment, changes={"type": "blouse"})
    return call


def form_of(call: InferenceCall) -> str:
    return reverse("feedback:make-example", args=[call.pk])


def page_of(call: InferenceCall) -> str:
    return reverse("admin:registry_inferencecall_change", args=[call.pk])


def send(client: Client, call: InferenceCall, **changes: str) -> Any:
    """What the form holds when it is opened, changed by some fields of the first garment."""
    form = client.get(form_of(call)).context["form"]
    data = {"dataset": form["dataset"].initial.pk}
    for garment in form.garments:
        data |= {field.html_name: field.value() or "" for field in garment}
    return client.post(
        form_of(call), data | {f"garment-1-{name}": value for name, value in changes.items()}
    )


def test_the_button_leads_to_a_form_with_the_wearers_word_beside_the_models(
    as_operator: Client, call: InferenceCall
) -> None:
    assert form_of(call) in as_operator.get(page_of(call)).text
    page = as_operator.get(form_of(call))
    assert "The model named 2 garments, the wearer kept 1." in page.text
    assert "The model: <b>Shirt</b>, and the wearer changed it" in page.text
    assert "The model: Smart casual" in page.text
    assert "The model: Lets it through" in page.text
    garment = page.context["form"].garments[0]
    assert garment["type"].value() == "blouse"
    assert garment["colours"].value() == call.garments.get().colours[0]["name"]
    assert page.context["form"].boxes == [(1, [10.0, 20.0, 50.0, 60.0])]
    assert 'x="10.0" y="20.0" width="50.0" height="60.0"' in page.text


def test_what_is_confirmed_is_a_label_that_the_gate_can_score(
    as_operator: Client, call: InferenceCall
) -> None:
    send(as_operator, call, colours="navy, blue", warmth="")
    example = CollectedExample.objects.get()
    assert (example.call, example.owner_id) == (call, call.garments.get().owner_id)
    (label,) = example.expected["garments"]
    assert GarmentLabel.model_validate(label).box == BOX
    assert (label["type"], label["slot"], label["warmth"]) == ("blouse", "top", "")
    assert label["colours"] == ["navy", "blue"]
    assert (label["seasons"], label["water_resistant"]) == ([], None)
    task = DigitizePhoto()
    with example.file.open() as file:
        context = task.example_context(example.input, file.read())
    score = task.score(context, example.expected, None)
    assert {field.name for field in score.fields} >= {"type", "colour", "material"}
    assert "warmth" not in {field.name for field in score.fields}


def test_the_picture_is_a_copy_that_outlives_the_photo(
    as_operator: Client, call: InferenceCall, photo: Photo
) -> None:
    with photo.image.open() as file:
        shown = file.read()
    send(as_operator, call)
    photo.image.delete()
    with CollectedExample.objects.get().file.open() as file:
        assert file.read() == shown


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"colours": "nayv"}, "No colour is called nayv."),
        ({"type": ""}, "Say of one garment at least what it is."),
    ],
)
def test_what_is_no_label_is_refused(
    as_operator: Client, call: InferenceCall, changes: dict[str, str], said: str
) -> None:
    page = send(as_operator, call, **changes)
    assert page.status_code == 422
    assert said in page.text
    assert not CollectedExample.objects.exists()


def test_without_consent_the_button_says_why_and_nobody_sees_the_photo(
    as_operator: Client, call: InferenceCall, alice: User
) -> None:
    picture = reverse("feedback:call-picture", args=[call.pk])
    assert as_operator.get(picture).headers["Content-Type"] == "image/webp"
    withdraw_consent(alice)
    page = as_operator.get(page_of(call)).text
    assert "Make it golden is not offered: this wearer has not consented to it." in page
    assert form_of(call) not in page
    assert as_operator.get(picture).status_code == 404
    assert as_operator.post(form_of(call)).status_code == 302
    assert not CollectedExample.objects.exists()


def test_a_call_is_used_once(as_operator: Client, call: InferenceCall) -> None:
    send(as_operator, call)
    page = as_operator.get(page_of(call)).text
    assert "it is in golden for digitize_photo already" in page
    assert as_operator.get(form_of(call)).status_code == 302


def test_an_accepted_correction_leads_there_in_a_click_and_says_what_it_went_into(
    as_operator: Client, call: InferenceCall
) -> None:
    corrections = "/admin/feedback/correction/"
    assert form_of(call) not in as_operator.get(corrections).text
    Correction.objects.update(review="accepted")
    assert form_of(call) in as_operator.get(corrections).text
    send(as_operator, call)
    page = as_operator.get(corrections).text
    assert "Waits in the draft" in page
    assert form_of(call) not in page
    publish_examples(dataset=CollectedExample.objects.get().dataset, author=None)
    assert "Went into golden 1" in as_operator.get(corrections).text


def test_what_cannot_be_used_says_why(call: InferenceCall, photo: Photo) -> None:
    Garment.objects.all().delete()
    offer = offer_example(call)
    assert offer and offer.why_not == "no garment that this call described is left."
    photo.delete()
    offer = offer_example(call)
    assert offer and offer.why_not == "the photo is gone."


def test_nobodys_calls_are_not_offered() -> None:
    assert offer_example(make_call(subject="example:1")) is None
    assert offer_example(make_call(subject="probe:builtin")) is None


def test_it_takes_the_permission(client: Client, call: InferenceCall) -> None:
    viewer = make_user(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_inferencecall"))
    client.force_login(viewer)
    assert "Make it golden" not in client.get(page_of(call)).text
    picture = reverse("feedback:call-picture", args=[call.pk])
    assert [client.get(one).status_code for one in (form_of(call), picture)] == [403, 403]
