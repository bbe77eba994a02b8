"""Deleting an account: rows in one transaction, then what lies elsewhere, then the receipt. Broken off, it goes on."""

import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from redis.exceptions import RedisError

from accounts.languages.speaking import speaking
from accounts.outside.mail import can_send, send_letter
from dresscode.own_data.erasure import remains
from dresscode.own_data.erasure.rows import delete_rows
from dresscode.own_data.models import Deletion
from feedback.leaving import OperatorStaysError
from telemetry.lines import log_fields

logger = logging.getLogger(__name__)

MOST_MAILS = 5
"""Tries to send a receipt, one with each run of the job; then its address goes, too."""


def carry_out(deletion_id: UUID | str) -> bool:
    """Delete what is left of an account that is due; True once nothing is. May be called again at any time."""
    deletion = delete_account_rows(deletion_id)
    if deletion is None:
        return False
    try:
        elsewhere = delete_elsewhere(deletion)
    except (RedisError, OSError) as error:
        logger.warning(
            "deletion %s goes on later: %s", deletion.pk, type(error).__name__, exc_info=True
        )
        return False
    receipt = deletion.receipt
    receipt["counts"] = [*receipt["counts"], *elsewhere]
    ended = Deletion.objects.open().filter(pk=deletion.pk)
    if ended.update(receipt=receipt, left={}, finished_at=Now()):
        by = "superuser" if deletion.by_id else "owner"
        log_fields(logger, "account_deleted", deletion=deletion.pk.hex, by=by)
    return True


@transaction.atomic
def delete_account_rows(deletion_id: UUID | str) -> Deletion | None:
    """The deletion once the rows are gone; None where it is not due, or somebody else is at it."""
    due = Deletion.objects.due().filter(pk=deletion_id)
    deletion = due.select_for_update(of=("self",), skip_locked=True).first()
    if deletion is None:
        return None
    if deletion.rows_deleted_at is None:
        deletion.receipt, deletion.left = {"counts": []}, {}
        files = len(remains.list_files(deletion.owner_key))
        if deletion.user:
            try:
                with speaking(deletion.user):
                    deletion.receipt, deletion.left = delete_rows(deletion.user)
            except OperatorStaysError:  # They became one meanwhile.
                Deletion.objects.filter(pk=deletion.pk).update(cancelled_at=Now(), email="")
                return None
        deletion.receipt["counts"].append(["files", files])
        Deletion.objects.filter(pk=deletion.pk).update(
            user=None, rows_deleted_at=Now(), receipt=deletion.receipt, left=deletion.left
        )
    return deletion


def delete_elsewhere(deletion: Deletion) -> list[list[Any]]:
    """Files, then streams and jobs, with how many of these. Raises RedisError, OSError."""
    remains.delete_files(deletion.owner_key)
    for email in deletion.left.get("emails", []):
        remains.forget_tries(email)
    return [
        [
            gettext_noop("streams of answers"),
            remains.delete_streams(deletion.left.get("streams", [])),
        ],
        [gettext_noop("jobs in the queues"), remains.delete_jobs(deletion.left.get("jobs", []))],
    ]


def mail_receipts() -> int:
    """Send what was not sent yet; answers with how many went."""
    waiting = Deletion.objects.exclude(finished_at=None).exclude(email="")
    return sum(mail_receipt(deletion) for deletion in list(waiting))


def mail_receipt(deletion: Deletion) -> bool:
    """To where the account was; after that, or when it cannot be sent, the address goes."""
    with translation.override(deletion.receipt.get("language", settings.LANGUAGE_CODE)):
        has_gone = send_letter(
            deletion.email,
            "own_data/mail/receipt.txt",
            subject=_("Your account is deleted: the receipt"),
            deletion=deletion,
        )
    rows = Deletion.objects.filter(pk=deletion.pk)
    if has_gone:
        rows.update(email="", mailed_at=Now())
    elif not can_send() or deletion.mails_tried + 1 >= MOST_MAILS:
        rows.update(email="")
    else:
        rows.update(mails_tried=deletion.mails_tried + 1)
    return has_gone
