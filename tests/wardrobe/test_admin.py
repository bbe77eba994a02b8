import pytest
from django.urls import reverse

from accounts.models import User
from tests.factories import make_call, make_described_garment, make_operator, make_photo
from wardrobe.models import Photo, PhotoFeatures, UploadEvent, VocabularyTerm

MODELS = [
    "accounts_user",
    "wardrobe_garment",
    "wardrobe_photo",
    "wardrobe_photofeatures",
    "wardrobe_uploadevent",
    "wardrobe_vocabularyterm",
    "wardrobe_vocabularyrevision",
]


@pytest.fixture
def as_operator(client, db):
    client.force_login(make_operator())
    return client


@pytest.fixture
def rows(alice) -> None:
    photo = make_photo(alice, with_image=True)
    make_described_garment(alice, photo=photo)
    UploadEvent.objects.create(owner=alice, photo=photo, outcome="admitted", bytes=1)
    call = make_call()
    PhotoFeatures.objects.create(
        owner=alice,
        pixel_sha256="0" * 64,
        version=call.version,
        engine="builtin",
        output={},
        call=call,
    )


def changelist(model: str) -> str:
    return reverse(f"admin:{model}_changelist")


@pytest.mark.parametrize("model", MODELS)
def test_operators_read_every_list_and_row(as_operator, rows, model):
    page = as_operator.get(changelist(model))
    assert page.status_code == 200
    row = page.context["cl"].result_list[0]
    address = reverse(f"admin:{model}_change", args=[row.pk])
    assert as_operator.get(address).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_wearers_do_not(as_alice, rows, model):
    assert as_alice.get(changelist(model)).status_code == 302


@pytest.mark.parametrize(
    "model",
    [
        "wardrobe_garment",
        "wardrobe_photo",
        "wardrobe_photofeatures",
        "wardrobe_vocabularyrevision",
    ],
)
def test_what_belongs_to_wearers_is_only_read(as_operator, rows, model):
    row = as_operator.get(changelist(model)).context["cl"].result_list[0]
    for name in ["change", "delete"]:
        address = reverse(f"admin:{model}_{name}", args=[row.pk])
        assert as_operator.post(address, {"post": "yes"}).status_code == 403


def test_the_sidebar_shows_an_operator_what_they_may_see(client, alice):
    helper = User.objects.create_user("helper@example.org", "a short sentence", is_staff=True)
    client.force_login(helper)
    page = client.get(reverse("admin:password_change_done")).content.decode()
    assert changelist("wardrobe_photo") not in page


def test_failed_photos_are_tried_again(as_operator, alice, django_capture_on_commit_callbacks):
    photo = make_photo(alice, with_image=True, status="failed", attempt=3)
    ready = make_photo(alice)
    data = {"action": "retry_photos", "_selected_action": [photo.pk, ready.pk]}
    response = as_operator.post(changelist("wardrobe_photo"), data, follow=True)
    photo.refresh_from_db()
    assert photo.status == Photo.Status.RECEIVED
    assert "1 photos are in line again." in response.content.decode()


def test_an_operator_makes_a_person_by_email(as_operator):
    password = "a short sentence is good"
    data = {"email": "dana@example.org", "usable_password": "true"}
    data |= {"password1": password, "password2": password}
    as_operator.post(reverse("admin:accounts_user_add"), data)
    assert User.objects.get(email="dana@example.org").check_password(password)


def test_a_word_can_be_retired(as_operator, words):
    term = VocabularyTerm.objects.get(kind="colour", value="gold")
    address = reverse("admin:wardrobe_vocabularyterm_change", args=[term.pk])
    form = as_operator.get(address).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    response = as_operator.post(address, data | {"is_active": ""})
    assert response.status_code == 302, response.context["errors"]
    term.refresh_from_db()
    assert not term.is_active
