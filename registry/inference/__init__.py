"""The only way to a model: `run` for workers, `stream` for the event loop."""

from registry.inference.answering import REPAIRED
from registry.inference.calls import MAX_OUTPUT_CHARACTERS
from registry.inference.closing import OUTPUT_VIOLATIONS
from registry.inference.events import (
    Delta,
    Finished,
    HeldBackError,
    InferenceError,
    InferenceEvent,
    LostCallError,
    Started,
    UnusablePromptError,
)
from registry.inference.streaming import RECALLED, run, stream

__all__ = [
    "MAX_OUTPUT_CHARACTERS",
    "OUTPUT_VIOLATIONS",
    "RECALLED",
    "REPAIRED",
    "Delta",
    "Finished",
    "HeldBackError",
    "InferenceError",
    "InferenceEvent",
    "LostCallError",
    "Started",
    "UnusablePromptError",
    "run",
    "stream",
]
