"""What the scheduler runs for feedback."""

from feedback.review.filling import fill_queue


def fill_review_queue_job() -> int:
    """Answers with how many items are new."""
    return fill_queue()
