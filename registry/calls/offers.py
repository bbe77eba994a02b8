"""Whether a call can become a golden example: a higher app knows, by `settings.EXAMPLE_OFFER`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from registry.models import InferenceCall


@dataclass(frozen=True)
class ExampleOffer:
    """A button called `label` that opens `address`, or the reason `why_not` there is none."""

    label: str
    address: str = ""
    why_not: str = ""


def find_offer(call: InferenceCall) -> ExampleOffer | None:
    """None for a call that nobody waited for, or of a task whose examples are not made of calls."""
    offer: Callable[[InferenceCall], ExampleOffer | None] = import_string(settings.EXAMPLE_OFFER)
    return offer(call)
