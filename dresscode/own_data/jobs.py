"""Work for the queue. Every job may run twice, or late."""

import logging
from functools import partial
from uuid import UUID

from django.db import transaction
from django_rq import get_queue
from redis.exceptions import RedisError

from dresscode.own_data import retention, transfers
from dresscode.own_data.erasure import carrying_out
from dresscode.own_data.models import Deletion, Transfer
from wardrobe.household import invitations

logger = logging.getLogger(__name__)

QUEUE = "maintenance"
SLICE_S = 15.0
"""An import goes to the end of the queue after this, so that housekeeping never waits long for it."""
LONGEST_S = 1_800


def enqueue_transfer(transfer: Transfer) -> None:
    """Queue it once the transaction has committed. A Redis that is away is no fault here: the sweep finds it."""
    transaction.on_commit(partial(push, transfer.pk), robust=True)


def push(transfer_id: UUID | str) -> None:
    try:
        get_queue(QUEUE).enqueue(
            work_on_transfer_job, str(transfer_id), result_ttl=0, job_timeout=LONGEST_S
        )
    except (RedisError, OSError):
        logger.warning("transfer %s waits for the sweep: Redis is away", transfer_id, exc_info=True)


def work_on_transfer_job(transfer_id: str) -> None:
    if transfers.work_on(transfer_id, seconds=SLICE_S):
        push(transfer_id)


def sweep_transfers_job() -> int:
    """Queue again what is unfinished; one that is worked on passes by. Answers with how many."""
    unfinished = list(Transfer.objects.unfinished().values_list("pk", flat=True))
    queued = {str(argument) for job in get_queue(QUEUE).jobs for argument in job.args}
    waiting = [pk for pk in unfinished if str(pk) not in queued]
    for pk in waiting:
        push(pk)
    return len(waiting)


def enqueue_deletion(deletion: Deletion) -> None:
    transaction.on_commit(partial(push_deletion, deletion.pk), robust=True)


def push_deletion(deletion_id: UUID) -> None:
    try:
        get_queue(QUEUE).enqueue(carry_out_deletion_job, str(deletion_id), result_ttl=0)
    except (RedisError, OSError):
        logger.warning("deletion %s waits for the sweep: Redis is away", deletion_id, exc_info=True)


def carry_out_deletion_job(deletion_id: str) -> None:
    carrying_out.carry_out(deletion_id)
    carrying_out.mail_receipts()


def carry_out_deletions_job() -> int:
    """What is due, and what was broken off; answers with how many ended."""
    due = list(Deletion.objects.due().values_list("pk", flat=True))
    ended = sum(carrying_out.carry_out(pk) for pk in due)
    carrying_out.mail_receipts()
    return ended


def forget_words_job() -> int:
    """What calls answered longer ago than it is kept, or for somebody who is gone; answers with how many."""
    return retention.forget_old_answers() + retention.forget_orphaned_answers()


def delete_expired_job() -> dict[str, int]:
    """Sessions that ran out, exports and imports whose day is over, receipts of long ago, invitations that are over."""
    return {
        "sessions": retention.delete_old_sessions(),
        "transfers": retention.expire_transfers(),
        "files": retention.delete_stray_files(),
        "receipts": retention.delete_old_receipts(),
        "invitations": invitations.delete_old(),
    }
