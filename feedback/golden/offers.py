"""Which calls can become golden examples, and why another cannot."""

from collections.abc import Callable

from django.urls import reverse

from feedback.golden import labels, scenarios
from registry.calls.offers import ExampleOffer
from registry.models import CollectedExample, InferenceCall

KINDS: dict[str, tuple[str, Callable[[InferenceCall], str]]] = {
    "digitize_photo": ("Make it golden", labels.explain_unusable),
    "suggest_outfit": ("Make it a scenario", scenarios.explain_unusable),
}
"""By task: what the button says, and why a call of it cannot be used."""


def offer_example(call: InferenceCall) -> ExampleOffer | None:
    """None for a call that nobody waited for, or of a task whose examples are not made of calls."""
    if call.task not in KINDS or not InferenceCall.objects.for_people().filter(pk=call.pk).exists():
        return None
    label, explain = KINDS[call.task]
    if made := CollectedExample.objects.filter(call=call).select_related("dataset").first():
        return ExampleOffer(label, why_not=f"it is in {made.dataset} already, as {made.key}.")
    if why_not := explain(call):
        return ExampleOffer(label, why_not=why_not)
    return ExampleOffer(label, reverse("feedback:make-example", args=[call.pk]))
