"""The card that goes with retrained heads, and the figures on it."""

from collections.abc import Sequence
from string import Template
from typing import Any

import numpy as np

from feedback.models import TrainingSet
from feedback.training.blending import STEPS
from feedback.training.fitting import Lesson, find_right
from wardrobe.vision.families import FAMILY_OF
from wardrobe.vision.heads import Head

CARD = Template("""\
# Heads, retrained: model card

- **Learned from** $name (`$digest`): $lessons corrections and decisions, with $rehearsed garments rehearsed of which nobody
  corrected what was said, and $drawn drawings of our own.
- **Started from** the heads `$start`, which never learned from a correction. The trunk is as it was.
- **Method**: multinomial logistic regression, pulled to the former coefficients, the former answers distilled on what was
  rehearsed; from the former coefficients as far towards what was found as nothing kept apart is told worse, $most % of
  the way at most: $steps. What nobody corrected of it is then rehearsed, too.
  The calibration is that of the heads it started from.
- **Judged by** $judged garments that were kept apart and that reviewers decided: $before right before, $after after.
- **Not learned from**: $refused rows of the set ($why).
- **Licence**: for this site alone. The photos are wearers', who consented to the improvement of its stylist.
""")


def write_card(training_set: TrainingSet, facts: dict[str, Any], left_out: Sequence[Any]) -> str:
    why = ", ".join(f"{one['count']} {one['check'].lower()}" for one in left_out)
    return CARD.substitute(
        name=training_set,
        digest=training_set.sha256,
        lessons=facts["lessons"],
        rehearsed=facts["rehearsed"],
        drawn=facts["drawn"],
        start=facts["start"][:12],
        most=f"{100 * STEPS[0]:.0f}",
        steps=", ".join(f"{one['field']} {100 * one['step']:.0f} %" for one in facts["heads"]),
        judged=facts["judged"],
        before=facts["before"],
        after=facts["after"],
        refused=sum(one["count"] for one in left_out),
        why=why or "none",
    )


def compare(head: Head, other: Head, judges: Lesson) -> dict[str, Any]:
    """How many of what is judged by are right before and after, in all and by family; and paired."""
    one, two = (find_right(each, judges) for each in (head, other))
    names = [name_family(head, accepted) for accepted in judges.accepted]
    families = sorted(set(names))
    chosen = {family: np.array([name == family for name in names]) for family in families}
    return {
        "judged": len(judges),
        "before": int(one.sum()),
        "after": int(two.sum()),
        "mended": int((two & ~one).sum()),
        "broken": int((one & ~two).sum()),
        "types": [
            {
                "type": family,
                "count": int(own.sum()),
                "before": int(one[own].sum()),
                "after": int(two[own].sum()),
            }
            for family, own in chosen.items()
        ],
    }


def name_family(head: Head, accepted: Any) -> str:
    word = head.words[int(np.argmax(accepted))]
    return FAMILY_OF.get(word, word)
