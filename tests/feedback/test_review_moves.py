"""What a reviewer decides is one line of the log, and so is taking it back."""

import pytest

from feedback.models import ReviewDecision
from feedback.review.queue import decide, lease_items, undo_last
from feedback.services.consents import give_consent
from tests.dresscode.lines import keep_lines
from tests.factories import make_user
from tests.feedback.reviewing import ask, make_reviewer, make_seen

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_decision_and_its_undoing_are_a_line_each() -> None:
    wearer = make_user()
    give_consent(wearer)
    reviewer, item = make_reviewer(), ask(make_seen(wearer))
    lease_items(reviewer, first=item.pk)
    with keep_lines() as kept:
        decide(item=item, reviewer=reviewer, verdict=ReviewDecision.Verdict.MODEL)
        undo_last(reviewer)
    lines = kept.read("dresscode.moves")
    assert [line["message"] for line in lines] == ["decide_review", "undo_review"]
    assert [line["actor"] for line in lines] == [reviewer.pk, reviewer.pk]
    assert [line["items"] for line in lines] == [[item.pk], [item.pk]]
