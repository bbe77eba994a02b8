"""A wearer's data leaves as a ZIP and comes in again: here, elsewhere, twice, broken off, and by somebody else."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import CASCADE

from accounts.models import User
from dresscode.own_data import transfers
from dresscode.own_data.archive import taking_in
from dresscode.own_data.archive.document import Document, make_schema
from dresscode.own_data.erasure import carrying_out, scheduling
from dresscode.own_data.models import Deletion, Transfer
from feedback.models import LearningChoices, PreferenceSignal, Rating, WornInstead
from styling.models import (
    LeftOut,
    Look,
    OccasionRule,
    Plan,
    Profile,
    Subscription,
    Suggestion,
)
from tests.conftest import ROOT
from tests.factories import make_image, make_photo, make_user
from tests.own_data.wearers import bring, export, make_wearer, read_document, take_in
from wardrobe.models import Care, Garment, Photo, PhotoAnswer, Shelf, ShelfShare, Wear
from wardrobe.photos import storage

pytestmark = pytest.mark.django_db(transaction=True)

SCHEMA = Path(ROOT, "docs", "own-data.schema.json")


def count_all(owner: User) -> dict[str, int]:
    own: tuple[Any, ...] = (
        Photo, Garment, Suggestion, Wear, Rating, WornInstead, PhotoAnswer, PreferenceSignal, Care, Plan, Subscription,
        OccasionRule, Look, LeftOut, Shelf,
    )  # fmt: skip
    return {model.__name__: model.objects.filter(owner=owner).count() for model in own}


def list_hashes(owner: User) -> list[str]:
    """Of every picture that is stored of a wearer."""
    names = [name for photo in Photo.objects.filter(owner=owner) for name in photo.file_names]
    names += [garment.image.name for garment in Garment.objects.filter(owner=owner)]
    files = [storage.read_file(name) for name in names if name]
    return sorted(hashlib.sha256(file).hexdigest() for file in files)


def leave(user: User) -> None:
    """At once."""
    deletion, _ = scheduling.schedule_deletion(user)
    Deletion.objects.update(due_at="2020-01-01T00:00Z")
    assert carrying_out.carry_out(deletion.pk)


def test_the_schema_that_is_documented_is_the_one_that_is_held_to() -> None:
    assert json.loads(SCHEMA.read_text()) == make_schema()


def test_an_export_holds_everything_and_the_pictures_as_they_are_stored(alice: User) -> None:
    data = export(alice)
    document = Document.model_validate(read_document(data))
    assert document.account.email == "alice@example.org"
    assert (len(document.photos), len(document.garments), len(document.outfits)) == (4, 3, 2)
    assert [one.user_value for one in document.corrections] == ["blouse", "blouse"]
    assert {one.source for one in document.wears} == {"said", "earlier"}
    assert document.profile and document.profile.likes == "Plain likes"
    assert document.consents[0].text_version
    assert document.cares[0].whom == "Plain friend"
    assert document.calendars[0].events[0].title == "Plain dinner"
    assert document.occasion_rules[0].words == "Plain dinner"
    assert document.notifications and document.notifications.devices[0].name == "Plain phone"
    assert document.household.membership and document.household.membership.called == "Plain"
    assert document.household.invitations == ["plain@example.org"]
    assert [one.words for one in document.household.opinions] == ["Plain words"]
    assert len(document.household.shown) == 1
    (shelf,) = document.household.shelves
    assert (shelf.name, len(shelf.garments)) == ("Plain shelf", 1)
    (trip,) = document.trips
    assert (len(trip.legs), len(trip.occasions), len(trip.pieces)) == (1, 2, 2)
    assert {(one.price, one.currency) for one in document.garments} == {
        ("19.90", "EUR"),
        (None, ""),
    }
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        hashes = [
            hashlib.sha256(archive.read(one.name)).hexdigest() for one in document.list_files()
        ]
    assert hashes == [one.sha256 for one in document.list_files()]
    assert sorted(hashes) == list_hashes(alice)


def test_what_left_comes_in_again_after_the_account_is_gone(alice: User) -> None:
    data, before, hashes = export(alice), count_all(alice), list_hashes(alice)
    pixels = sorted(Photo.objects.filter(owner=alice).values_list("pixel_sha256", flat=True))
    keys = {*Garment.objects.values_list("pk", flat=True)}
    leave(alice)
    again = make_user("alice@example.net")
    transfer = take_in(again, data)
    assert transfer.status == Transfer.Status.DONE, transfer.failure
    assert (count_all(again), list_hashes(again)) == (before, hashes)
    assert (
        sorted(Photo.objects.filter(owner=again).values_list("pixel_sha256", flat=True)) == pixels
    )
    assert {*Garment.objects.values_list("pk", flat=True)} == keys
    assert read_document(export(again))["garments"] == read_document(data)["garments"]
    boots = Garment.objects.get(name="Plain boots")
    assert (boots.wear_count, boots.slot) == (3, "shoes")
    blouse = Garment.objects.filter(type="blouse").first()
    assert blouse and blouse.model_values == {"type": "shirt"} and blouse.call is None
    assert Profile.objects.get(user=again).dislikes == "Plain dislikes"
    line = LearningChoices.objects.get(owner=again).choices["lines"]["dark"]
    signal = PreferenceSignal.objects.get(owner=again)
    assert (line["strength"], line["since"]) == ("more", signal.pk)
    assert not default_storage.exists(transfer.file or "imports/none")
    assert not again.consents.exists()
    look = Look.objects.get(owner=again)
    assert look.name == "Plain look" and look.garments.get() == boots
    worn = look.suggestion
    assert worn and worn.kept and set(worn.kept) <= keys
    assert Garment.objects.get(elsewhere=1).cares.get().whom == "Plain friend"
    assert (again.notification_choices.morning, again.notification_choices.quiet_days) == (
        True,
        [6],
    )
    assert Suggestion.objects.get(plan__called_off_at__isnull=False).verdict == "rejected"
    assert Shelf.objects.get(owner=again).garments.get() == boots
    assert not ShelfShare.objects.exists() and not hasattr(again, "membership")


NOT_TAKEN_ALONG = {
    "accounts.PushSubscription": "a browser of one site; its name and push service are told",
    "feedback.HouseholdOpinion": "of others' outfits; told",
    "feedback.ShownOutfit": "shown to people of one site; told",
    "wardrobe.Member": "joined by invitation; told",
    "wardrobe.Invitation": "links of one site; told",
    "styling.CalendarFeed": "a digest of a secret",
    "styling.SharedPicture": "addresses of one site; told",
    "wardrobe.Act": "what can be undone for a month",
    "styling.CalendarOccasion": "read again from its calendar; told with it",
    "account.EmailAddress": "whether it is confirmed is each site's to know",
    "admin.LogEntry": "what operators did",
    "mfa.Authenticator": "keys of one site",
    "own_data.Deletion": "of one site",
    "registry.ApiToken": "an operator's",
    "own_data.Transfer": "of one site",
    "registry.CallRequest": "requests to models are the outfits' words once more",
    "registry.CollectedExample": "given to one site",
    "feedback.FewShotExample": "given to one site",
    "wardrobe.PhotoEmbedding": "computed anew",
    "wardrobe.PhotoFeatures": "computed anew",
    "wardrobe.UploadEvent": "holds no word",
}
TAKEN_ALONG = {
    "accounts.Consent", "accounts.NotificationChoices", "feedback.Correction", "feedback.GarmentSignal",
    "feedback.LearningChoices", "feedback.PreferenceSignal", "feedback.Rating", "feedback.WornInstead", "styling.Event",
    "styling.LeftOut", "styling.Look", "styling.OccasionRule", "styling.Plan", "styling.Profile", "styling.Subscription",
    "styling.Suggestion", "styling.Trip",
    "wardrobe.Care", "wardrobe.Garment", "wardrobe.Photo", "wardrobe.Shelf", "wardrobe.Wear",
}  # fmt: skip


def test_every_table_of_a_wearer_is_taken_along_or_says_why_not() -> None:
    """Those that go with the account; what operators wrote names them and stays."""
    own = {
        relation.related_model._meta.label
        for relation in User._meta.related_objects
        if getattr(relation, "on_delete", None) is CASCADE
    }
    assert own - TAKEN_ALONG - NOT_TAKEN_ALONG.keys() == set()
    assert own >= TAKEN_ALONG


def test_nothing_comes_twice(alice: User) -> None:
    data, before = export(alice), count_all(alice)
    transfer = take_in(alice, data)
    assert transfer.counts["new"] == dict.fromkeys(transfer.counts["new"], 0)
    assert transfer.counts["known"]["photos"] == 4
    assert count_all(alice) == before


def test_two_accounts_of_one_site_get_rows_of_their_own(alice: User, charlie: User) -> None:
    data, before = export(alice), count_all(alice)
    take_in(charlie, data)
    assert count_all(charlie) == before == count_all(alice)
    take_in(charlie, data)
    assert count_all(charlie) == before
    assert list_hashes(charlie) == list_hashes(alice)
    faces = Garment.objects.exclude(face=None).values_list("owner", "face__owner")
    assert {*faces} == {(alice.pk, alice.pk), (charlie.pk, charlie.pk)}
    wrong = Garment.objects.filter(owner=charlie).exclude(photo=None).exclude(photo__owner=charlie)
    assert not wrong.exists()


def test_what_is_here_stays_as_it_is_and_what_is_missing_comes(alice: User) -> None:
    data = export(alice)
    Garment.objects.filter(name="Plain boots").update(name="My boots")
    Garment.objects.filter(type="blouse").first().delete()  # type: ignore[union-attr]
    Profile.objects.filter(user=alice).update(likes="Other things")
    transfer = bring(alice, data)
    assert transfer.counts["new"]["garments"] == 1
    assert not transfer.counts["takes_profile"]
    transfers.confirm_import(transfer)
    transfers.work_on(transfer.pk, seconds=60)
    assert Garment.objects.filter(name="My boots", wear_count=3).count() == 1
    assert Garment.objects.filter(type="blouse").count() == 2
    assert Profile.objects.get(user=alice).likes == "Other things"


def test_an_import_that_is_broken_off_goes_on(
    alice: User, charlie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, wanted = export(alice), count_all(alice)
    transfer = bring(charlie, data)
    transfers.confirm_import(transfer)
    with monkeypatch.context() as patched:
        patched.setattr(taking_in, "take_outfit", lambda *args: 1 / 0)
        transfers.work_on(transfer.pk, seconds=60)
    transfer.refresh_from_db()
    assert (transfer.status, transfer.tries) == ("running", 1)
    assert Garment.objects.filter(owner=charlie).count() == 3
    slices = 1
    while transfers.work_on(transfer.pk, seconds=0):
        slices += 1
    transfer.refresh_from_db()
    assert (transfer.status, transfer.progress) == ("done", transfer.steps)
    assert slices > 1
    assert count_all(charlie) == wanted


def test_one_that_fails_three_times_for_our_reasons_is_given_up(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer = transfers.request_export(alice)
    assert transfers.request_export(alice) == transfer
    monkeypatch.setattr(transfers.writing, "write_export", lambda *args: 1 / 0)
    for _ in range(4):
        transfers.work_on(transfer.pk, seconds=1)
    transfer.refresh_from_db()
    assert transfer.status == "failed" and "three times" in transfer.failure


def test_two_workers_do_not_work_on_one_transfer(alice: User) -> None:
    transfer = transfers.request_export(alice)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            number = int(transfer.pk.hex[:7], 16)
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [transfers.LOCK_SPACE, number])
            transfers.work_on(transfer.pk, seconds=1)
            transfer.refresh_from_db()
            assert transfer.status == "waiting"
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [transfers.LOCK_SPACE, number])
    finally:
        other.close()
    transfers.work_on(transfer.pk, seconds=1)
    transfer.refresh_from_db()
    assert transfer.status == "done"


def test_a_photo_that_waits_is_looked_at_where_it_comes_in(alice: User, charlie: User) -> None:
    data = make_image(size=(300, 400))
    waiting = make_photo(alice, status="received", sha256=hashlib.sha256(data).hexdigest())
    waiting.incoming.name = storage.save_file(f"incoming/{alice.pk}/{waiting.pk}", data)
    waiting.save()
    take_in(charlie, export(alice))
    (photo,) = Photo.objects.filter(owner=charlie, status="received")
    assert storage.read_file(photo.incoming.name) == data


def test_another_wearers_things_are_in_no_export(alice: User) -> None:
    make_wearer("bob@example.org", word="Secret")
    assert "Secret" not in json.dumps(read_document(export(alice)))
