"""Exports and imports: asked for, worked on by a job, and gone after a day. The row is the truth.

A job holds its row by a lock of the database that ends with a connection of its own: a killed worker holds nothing, and the sweep
queues what nobody works on.
"""

import hashlib
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import NamedTemporaryFile
from typing import IO, Any
from uuid import UUID, uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.languages.speaking import speaking
from accounts.models import User
from accounts.outside.mail import send_letter
from dresscode.own_data.archive import taking_in, writing
from dresscode.own_data.archive.plan import make_plan
from dresscode.own_data.archive.reading import ArchiveError, open_archive
from dresscode.own_data.models import KEPT, MAX_TRIES, Transfer
from wardrobe.photos import storage

logger = logging.getLogger(__name__)

Status = Transfer.Status
FOLDERS = ("exports", "imports")
LOCK_SPACE = 0x0DA7
"""Of PostgreSQL's two-number advisory locks: ours are this and a number of the row."""
TOLD_EVERY_S = 1.0


class OpenAlreadyError(Exception):
    """There is one under way."""


def request_export(owner: User) -> Transfer:
    """A new export; a second click finds the first, while that is worked on. The one before it goes."""
    try:
        with transaction.atomic():
            made = Transfer.objects.create(owner=owner, kind=Transfer.Kind.EXPORT)
            older = Transfer.objects.for_owner(owner).filter(kind=Transfer.Kind.EXPORT)
            for one in older.exclude(pk=made.pk):
                forget(one)
    except IntegrityError:
        return Transfer.objects.for_owner(owner).unfinished().get(kind=Transfer.Kind.EXPORT)
    return made


def request_import(owner: User, file: File[bytes]) -> Transfer:
    """Keep the ZIP; a job reads it and says what it would bring. Raises OpenAlreadyError, OSError."""
    imports = Transfer.objects.for_owner(owner).filter(kind=Transfer.Kind.IMPORT)
    if imports.open().exists():
        raise OpenAlreadyError
    key = uuid4()
    name = f"imports/{owner.pk}/{key}.zip"
    stored = default_storage.save(name, file)
    try:
        with transaction.atomic():
            made = Transfer.objects.create(
                id=key,
                owner=owner,
                kind=Transfer.Kind.IMPORT,
                status=Status.READING,
                file=stored,
                bytes=file.size or 0,
            )
            for one in imports.exclude(pk=made.pk):
                forget(one)
    except IntegrityError as error:
        storage.delete_files([stored])
        raise OpenAlreadyError from error
    return made


def confirm_import(transfer: Transfer) -> bool:
    """The wearer's word: take it in. False where it does not wait for one."""
    waiting = Transfer.objects.filter(pk=transfer.pk, status=Status.OFFERED)
    return bool(waiting.update(status=Status.RUNNING, tries=0, progress=0, expires_at=None))


def drop_import(transfer: Transfer) -> bool:
    """The wearer would rather not; what was taken in already stays. False where it is over."""
    opened = Transfer.objects.open().filter(pk=transfer.pk, kind=Transfer.Kind.IMPORT)
    if not opened.update(status=Status.DROPPED, finished_at=timezone.now(), file=""):
        return False
    storage.delete_files([transfer.file])
    return True


def forget(transfer: Transfer) -> None:
    """The row and its file."""
    transfer.delete()
    storage.delete_files_on_commit([transfer.file])


@contextmanager
def hold(transfer_id: UUID | str) -> Iterator[Transfer | None]:
    """The row, if it is to be worked on and nobody else works on it."""
    number = int(UUID(str(transfer_id)).hex[:7], 16)
    with lock(number) as is_held:
        rows = Transfer.objects.unfinished().select_related("owner")
        yield rows.filter(pk=transfer_id).first() if is_held else None


@contextmanager
def lock(number: int) -> Iterator[bool]:
    """Whether nobody else holds it. For as long as a transaction of its own lasts: a pool of transactions keeps that
    on one session, and would hand a session's lock to whoever comes next. The transaction has no snapshot, so vacuum
    does not wait for it."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, number])
            is_held = cursor.fetchone()[0]
        yield bool(is_held)
        # Said, for a server hears of a closed connection a moment later: the next slice would find it held.
        with suppress(DatabaseError), own.cursor() as cursor:
            cursor.execute("ROLLBACK")
    finally:
        own.close()


def work_on(transfer_id: UUID | str, *, seconds: float) -> bool:
    """Carry a transfer on for a while; True where there is more to do.

    However it goes is written on the row. One that failed three times for reasons of ours is given up.
    """
    with hold(transfer_id) as transfer:
        if transfer is None:
            return False
        with speaking(transfer.owner):
            return try_to_work_on(transfer, seconds)


def try_to_work_on(transfer: Transfer, seconds: float) -> bool:
    if transfer.tries >= MAX_TRIES:
        fail(transfer, _("We tried three times and could not do it. Nothing of yours was changed by that."))  # fmt: skip
        return False
    Transfer.objects.filter(pk=transfer.pk).update(tries=transfer.tries + 1)
    try:
        if transfer.kind == Transfer.Kind.EXPORT:
            write(transfer)
            return False
        return read(transfer, seconds)
    except ArchiveError as error:
        fail(transfer, str(error)[:300])
    except Exception:
        logger.exception("transfer %s, try %s", transfer.pk, transfer.tries + 1)
    return False


def fail(transfer: Transfer, message: str) -> None:
    changed = Transfer.objects.unfinished().filter(pk=transfer.pk)
    if changed.update(status=Status.FAILED, failure=message, finished_at=timezone.now(), file=""):
        storage.delete_files([transfer.file])


class Teller:
    """Writes progress on the row, once a second at most. `goes_on` is false once the wearer dropped it."""

    def __init__(self, transfer: Transfer, start: int = 0) -> None:
        self.rows = Transfer.objects.unfinished().filter(pk=transfer.pk)
        self.start, self.told_at, self.goes_on = start, 0.0, True

    def __call__(self, done: int) -> None:
        if time.monotonic() - self.told_at >= TOLD_EVERY_S:
            self.told_at = time.monotonic()
            self.goes_on = bool(self.rows.update(progress=self.start + done))


def write(transfer: Transfer) -> None:
    """Write the ZIP and let its wearer know. Raises what the storage raises."""
    owner = transfer.owner
    Transfer.objects.filter(pk=transfer.pk).update(
        status=Status.RUNNING, steps=writing.count_steps(owner), progress=0
    )
    with NamedTemporaryFile(suffix=".zip") as file:
        counts = writing.write_export(owner, file, Teller(transfer))
        size, sha256 = file.tell(), digest(file)
        name = f"exports/{owner.pk}/{transfer.pk}.zip"
        default_storage.delete(name)
        file.seek(0)
        stored = default_storage.save(name, File(file))
    now = timezone.now()
    is_open = Transfer.objects.unfinished().filter(pk=transfer.pk)
    if not is_open.update(
        status=Status.DONE,
        file=stored,
        bytes=size,
        sha256=sha256,
        counts=counts,
        finished_at=now,
        expires_at=now + KEPT,
    ):
        storage.delete_files([stored])  # Its wearer left meanwhile.
        return
    send_letter(
        owner.email, "own_data/mail/export_ready.txt", subject=_("Your data is ready"), owner=owner
    )


def digest(file: Any) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def read(transfer: Transfer, seconds: float) -> bool:
    """See what it would bring, or bring it; True where the time was up before all was done. Raises ArchiveError."""
    with open_stored(transfer) as file:
        archive = open_archive(file)
        plan = make_plan(transfer.owner, archive.document)
        if transfer.status == Status.READING:
            offer(transfer, plan.as_counts(), plan.steps)
            return False
        teller = Teller(transfer, start=max(0, transfer.steps - plan.steps))
        until = time.monotonic() + seconds
        has_ended = taking_in.take_in(transfer.owner, archive, plan, until=until, tell=teller)
    if not has_ended:
        # What is done stays done: this try got on.
        return bool(teller.rows.update(tries=0, progress=max(0, transfer.steps - plan.steps)))
    changed = Transfer.objects.unfinished().filter(pk=transfer.pk)
    if changed.update(
        status=Status.DONE, progress=transfer.steps, finished_at=timezone.now(), file=""
    ):
        storage.delete_files([transfer.file])
        send_letter(
            transfer.owner.email,
            "own_data/mail/import_done.txt",
            subject=_("Your data is in"),
            owner=transfer.owner,
        )
    return False


def open_stored(transfer: Transfer) -> IO[bytes]:
    """Raises ArchiveError for one that is gone, or what the storage raises."""
    try:
        return default_storage.open(transfer.file)
    except FileNotFoundError as error:
        raise ArchiveError(_("The file is gone. Send it again.")) from error


def offer(transfer: Transfer, counts: dict[str, Any], steps: int) -> None:
    """Wait for the wearer's word, for a day."""
    reading = Transfer.objects.filter(pk=transfer.pk, status=Status.READING)
    reading.update(
        status=Status.OFFERED,
        counts=counts,
        steps=steps,
        tries=0,
        expires_at=timezone.now() + KEPT,
    )
