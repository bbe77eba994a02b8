"""The pages of a wearer's own data: what each step shows, and to whom."""

import io
import zipfile
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient, Client
from django.urls import reverse

from accounts.models import User
from dresscode.own_data import transfers
from dresscode.own_data.models import Transfer
from dresscode.web.bodies import BYTES, find_large_limit
from tests.factories import make_operator
from tests.own_data.wearers import export

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/you/data/"


def work() -> Transfer:
    transfer = Transfer.objects.unfinished().get()
    transfers.work_on(transfer.pk, seconds=60)
    transfer.refresh_from_db()
    return transfer


async def download(user: User, path: str) -> Any:
    client = AsyncClient()
    await client.aforce_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = await client.get(path)
    parts = [part async for part in answer.streaming_content] if answer.streaming else []
    return answer, b"".join(parts)


def test_you_leads_there(page: Client) -> None:
    assert PAGE in page.get("/you/").text
    assert "Make the file" in page.get(PAGE).text


def test_an_export_is_made_told_of_and_downloaded(page: Client, alice: User) -> None:
    shown = page.post(f"{PAGE}export/", follow=True).text
    assert "We are making the file" in shown and f'hx-get="{PAGE}progress/"' in shown
    transfer = work()
    assert [letter.to for letter in mail.outbox] == [["alice@example.org"]]
    shown = page.get(f"{PAGE}progress/").text
    assert transfer.sha256 in shown and "hx-get" not in shown and "4 photos" in shown
    answer, data = async_to_sync(download)(alice, f"{PAGE}export/{transfer.pk}/")
    assert answer["Content-Disposition"].startswith('attachment; filename="dresscode-')
    assert answer["Cache-Control"] == "private, no-store"
    assert len(data) == int(answer["Content-Length"]) == transfer.bytes
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


def test_nobody_else_gets_it(page: Client, alice: User, charlie: User) -> None:
    transfers.request_export(alice)
    path = f"{PAGE}export/{work().pk}/"
    assert Client().get(path).status_code == 302
    for other in (charlie, make_operator()):
        client = Client()
        client.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(path).status_code == 404


def test_an_import_is_shown_before_it_is_taken_in(alice: User, charlie: User) -> None:
    page = Client()
    page.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    file = SimpleUploadedFile("mine.zip", export(alice), "application/zip")
    assert (
        "We are reading the file" in page.post(f"{PAGE}import/", {"file": file}, follow=True).text
    )
    transfer = work()
    shown = page.get(PAGE).text
    assert "Here already" in shown and "Take it in" in shown
    assert not charlie.garments.exists()
    decide = f"{PAGE}import/{transfer.pk}/"
    stranger = Client()
    stranger.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.post(decide, {"do": "take"}).status_code == 404
    assert "We are taking it in" in page.post(decide, {"do": "take"}, follow=True).text
    work()
    assert "It is in." in page.get(PAGE).text
    assert charlie.garments.count() == 3
    assert "does not wait any more" in page.post(decide, {"do": "take"}, follow=True).text


def test_it_can_be_dropped_and_another_sent(alice: User, charlie: User) -> None:
    page = Client()
    page.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    data = export(alice)
    page.post(f"{PAGE}import/", {"file": SimpleUploadedFile("mine.zip", data)})
    transfer = work()
    again = page.post(f"{PAGE}import/", {"file": SimpleUploadedFile("mine.zip", data)}, follow=True)
    assert "Take it in or drop it first" in again.text and Transfer.objects.count() == 1
    dropped = page.post(f"{PAGE}import/{transfer.pk}/", {"do": "drop"}, follow=True)
    assert "Nothing of it is kept" in dropped.text
    page.post(f"{PAGE}import/", {"file": SimpleUploadedFile("mine.zip", b"no zip")})
    work()
    assert "That is no ZIP file" in page.get(PAGE).text
    assert not charlie.garments.exists()


def test_a_file_that_is_missing_empty_or_too_large_is_refused(page: Client, settings: Any) -> None:
    assert page.post(f"{PAGE}import/").status_code == 422
    empty = page.post(f"{PAGE}import/", {"file": SimpleUploadedFile("mine.zip", b"")})
    assert empty.status_code == 422 and 'id="id_file_error"' in empty.text
    settings.IMPORT_MAX_BYTES = 10
    large = page.post(f"{PAGE}import/", {"file": SimpleUploadedFile("mine.zip", bytes(11))})
    assert large.status_code == 422 and "as much as can come in" in large.text
    assert not Transfer.objects.exists()


def test_the_door_lets_as_much_in_as_the_form_does(settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 5_000_000
    assert find_large_limit(reverse("own_data:start-import")) == BYTES + 5_000_000
