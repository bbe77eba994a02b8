"""Deleting an account: by its owner with a day to think, by a superuser at once; and the receipt."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from django_rq import get_queue

from accounts.models import User
from dresscode.own_data import jobs
from dresscode.own_data.erasure import carrying_out, remains, scheduling
from dresscode.own_data.models import Deletion, Transfer
from registry.models import InferenceCall
from tests.factories import PASSWORD, make_operator, make_photo, make_user
from tests.feedback.reviewing import ask, make_reviewer, make_seen
from wardrobe.jobs import push
from wardrobe.models import Garment, Photo
from wardrobe.photos import storage

pytestmark = pytest.mark.django_db(transaction=True)

LEAVE = "/you/delete/"


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def come_due() -> int:
    Deletion.objects.update(due_at=timezone.now())
    return jobs.carry_out_deletions_job()


def test_the_password_is_asked_for(page: Client, alice: User) -> None:
    assert "2 outfits" in page.get(LEAVE).text
    assert page.post(LEAVE, {"password": "wrong"}).status_code == 422
    assert not Deletion.objects.exists()


def test_it_waits_for_a_day_and_ends_every_session(page: Client, alice: User) -> None:
    phone = sign_in(alice)
    answer = page.post(LEAVE, {"password": PASSWORD}, follow=True)
    assert "Your account goes in a day" in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert phone.get("/you/").status_code == page.get("/you/").status_code == 302
    (deletion,) = Deletion.objects.all()
    assert timedelta(hours=23) < deletion.due_at - timezone.now() <= timedelta(days=1)
    assert jobs.carry_out_deletions_job() == 0
    assert User.objects.filter(pk=alice.pk).exists()
    (letter,) = mail.outbox
    assert letter.to == ["alice@example.org"] and "/receipts/" in letter.body


def test_signing_in_takes_it_back(page: Client, alice: User) -> None:
    receipt = page.post(LEAVE, {"password": PASSWORD}).headers["Location"]
    answer = Client().post(
        "/accounts/login/", {"username": alice.email, "password": PASSWORD}, follow=True
    )
    assert "Your account stays" in answer.text
    assert come_due() == 0
    assert User.objects.filter(pk=alice.pk).exists()
    assert "Your account stays" in Client().get(receipt).text
    assert Deletion.objects.get().email == ""


def test_the_receipt_says_what_went_and_not_whose_it_was(page: Client, alice: User) -> None:
    receipt = page.post(LEAVE, {"password": PASSWORD}).headers["Location"]
    mail.outbox.clear()
    assert come_due() == 1
    shown = Client().get(receipt).text
    for said in ("4 photos", "3 garments", "2 outfits", "2 corrections", "Calls of which the words were removed: 4", "Files: 9"):  # fmt: skip
        assert said in shown, said
    assert "alice" not in shown
    (letter,) = mail.outbox
    assert letter.to == ["alice@example.org"] and "4 photos" in letter.body
    deletion = Deletion.objects.get()
    assert (deletion.email, deletion.user, deletion.left) == ("", None, {})
    assert Client().get(receipt[:-5] + "xxxx/").status_code == 404


def test_a_site_without_mail_keeps_no_address(page: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    page.post(LEAVE, {"password": PASSWORD})
    assert come_due() == 1
    assert Deletion.objects.get().email == ""


def test_a_letter_that_does_not_go_is_tried_five_times(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> None:
        raise OSError

    page.post(LEAVE, {"password": PASSWORD})
    monkeypatch.setattr("accounts.outside.mail.EmailMessage.send", refuse)
    assert come_due() == 1
    for tried in range(1, carrying_out.MOST_MAILS):
        assert Deletion.objects.get().mails_tried == tried
        carrying_out.mail_receipts()
    assert Deletion.objects.get().email == ""


def test_one_that_is_broken_off_goes_on(
    page: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = Photo.objects.exclude(image="").first()
    assert photo
    page.post(LEAVE, {"password": PASSWORD})
    with monkeypatch.context() as patched:
        patched.setattr(storage, "delete_files", lambda names: None)
        assert come_due() == 0
    assert not User.objects.filter(pk=alice.pk).exists()
    assert default_storage.exists(photo.image.name)
    assert jobs.carry_out_deletions_job() == 1
    assert not default_storage.exists(photo.image.name)
    assert ["files", 9] in Deletion.objects.get().receipt["counts"]


def test_files_that_no_row_names_go_too(alice: User, page: Client) -> None:
    stray = storage.save_file(f"garments/{alice.pk}/gone/crop-1.webp", b"pixels")
    other = storage.save_file(f"garments/{alice.pk}1/gone/crop-1.webp", b"pixels")
    page.post(LEAVE, {"password": PASSWORD})
    come_due()
    assert not default_storage.exists(stray)
    assert default_storage.exists(other)
    assert not default_storage.exists(f"garments/{alice.pk}")


def test_jobs_of_the_account_leave_the_queue(alice: User, charlie: User, page: Client) -> None:
    mine, others = make_photo(alice, status="received"), make_photo(charlie, status="received")
    push(mine.pk, 0)
    push(others.pk, 0)
    page.post(LEAVE, {"password": PASSWORD})
    come_due()
    assert [job.args[0] for job in get_queue("photos").jobs] == [str(others.pk)]
    assert remains.delete_jobs([str(others.pk)]) == 1


def test_an_operator_stays() -> None:
    operator = make_operator()
    answer = sign_in(operator).post(LEAVE, {"password": PASSWORD}, follow=True)
    assert "An operator’s account stays" in answer.text
    assert not Deletion.objects.exists()


def test_who_became_an_operator_meanwhile_stays(page: Client, alice: User) -> None:
    page.post(LEAVE, {"password": PASSWORD})
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    assert come_due() == 0
    assert User.objects.filter(pk=alice.pk).exists()


def test_of_a_former_operator_a_number_stays_beside_what_they_decided(words: None) -> None:
    reviewer, wearer = make_reviewer(email="ex@example.org", first_name="Exia"), make_user()
    item = ask(make_seen(wearer))
    item.decisions.create(reviewer=reviewer, verdict="model", took_ms=1)
    make_seen(reviewer, with_image=True)
    User.objects.filter(pk=reviewer.pk).update(is_staff=False)
    sign_in(reviewer).post(LEAVE, {"password": PASSWORD})
    assert come_due() == 1
    left = User.objects.get(pk=reviewer.pk)
    assert (left.email, left.first_name, left.is_active) == (
        f"{left.pk}@deleted.invalid",
        "",
        False,
    )
    assert not left.has_usable_password() and not left.user_permissions.exists()
    assert item.decisions.get().reviewer == left
    assert not Garment.objects.filter(owner=left).exists()
    assert Deletion.objects.get().receipt["row_stays"]


# By a superuser


def test_a_superuser_deletes_an_account(alice: User) -> None:
    desk = sign_in(make_operator())
    path = f"/admin/accounts/user/{alice.pk}/delete/"
    assert "4 photos" in desk.get(path).text
    assert desk.post(path, {"email": "somebody@example.org"}).status_code == 422
    answer = desk.post(path, {"email": "Alice@example.org"}, follow=True)
    assert "The account is closed" in answer.text
    wearer = Client()
    assert wearer.post("/accounts/login/", {"username": alice.email, "password": PASSWORD}).status_code == 200  # fmt: skip
    assert jobs.carry_out_deletions_job() == 1
    assert not User.objects.filter(pk=alice.pk).exists()
    shown = desk.get(answer.redirect_chain[-1][0]).text
    assert "operator@example.org" in shown and "alice" not in shown
    assert "4 photos" in shown


def test_it_takes_a_superuser_and_leaves_operators(alice: User, page: Client) -> None:
    path = "/admin/accounts/user/{}/delete/"
    staff = make_user(is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    assert sign_in(staff).get(path.format(alice.pk)).status_code == 403
    assert sign_in(staff).post(path.format(alice.pk), {"email": alice.email}).status_code == 403
    assert page.post(path.format(alice.pk), {"email": alice.email}).status_code == 302
    desk = sign_in(make_operator())
    refused = desk.post(path.format(staff.pk), {"email": staff.email})
    assert "An operator’s account stays" in refused.text
    for odd in ("0", "x", "9" * 30, "1/2"):
        assert desk.get(path.format(odd)).status_code == 404
    assert not Deletion.objects.exists()


def test_many_at_once_cannot_be_deleted(alice: User) -> None:
    desk = sign_in(make_operator())
    assert "delete_selected" not in desk.get("/admin/accounts/user/").text
    asked = {"action": "delete_selected", "_selected_action": [alice.pk], "post": "yes"}
    desk.post("/admin/accounts/user/", asked)
    assert User.objects.filter(pk=alice.pk).exists()


def test_what_a_call_had_said_is_told_as_gone(alice: User) -> None:
    call = InferenceCall.objects.filter(task="suggest_outfit").first()
    assert call
    deletion, _ = scheduling.delete_by_superuser(alice, by=make_operator())
    carrying_out.carry_out(deletion.pk)
    desk = sign_in(User.objects.get(is_superuser=True))
    shown = desk.get(f"/admin/registry/inferencecall/{call.pk}/change/").text
    assert "Not kept any more." in shown and "false_claim" in shown
    assert not Transfer.objects.exists()
