"""What the scheduler runs for feedback."""

import logging

from feedback.proposals.drafting import NothingToProposeError, propose_version
from feedback.proposals.wording import CopiedWordsError
from feedback.review.filling import fill_queue
from registry.models import Prompt

logger = logging.getLogger(__name__)


def fill_review_queue_job() -> int:
    """Answers with how many items are new."""
    return fill_queue()


def propose_versions_job() -> int:
    """The next draft of each prompt, where there is anything to propose; answers with how many."""
    drafts = 0
    for prompt in Prompt.objects.all():
        try:
            drafts += bool(propose_version(prompt))
        except NothingToProposeError:
            continue
        except CopiedWordsError as error:
            logger.warning("No draft of %s: %s", prompt.name, error)
    return drafts
