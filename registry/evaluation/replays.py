"""Asking again what a call was asked, under its own version or another one."""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from registry.evaluation.playground import PlaygroundQuestion
from registry.models import CallRequest, InferenceCall
from registry.prompts import live_versions
from registry.rendering import build_request, hash_input, hash_picture
from registry.tasks import get_task


class NotKeptError(LookupError):
    """A call's request cannot be asked again; the message says what of it is gone."""


def ask_call(call: InferenceCall) -> PlaygroundQuestion:
    """What the call was asked, with its seed. Raises NotKeptError."""
    request: CallRequest | None = getattr(call, "request", None)
    if request is None:
        raise NotKeptError(
            f"Nothing is kept of this request: it was nobody's, or is older than {settings.CALL_WORDS_KEPT_DAYS} days."
        )
    pictures = find_pictures(call, request)
    try:
        context = get_task(call.task).load_context(request.context, pictures)
    except (LookupError, TypeError, ValueError):
        raise NotKeptError("Another release kept this request, in a form of its own.") from None
    return PlaygroundQuestion(call.task, context, seed=call.seed or 0)


def find_pictures(call: InferenceCall, request: CallRequest) -> list[bytes]:
    """The pictures that went with a request: one at most, for a call is about one photo. Raises NotKeptError."""
    if not request.picture_sha256s:
        return []
    find: Callable[[str], bytes | None] = import_string(settings.CALL_PICTURE_FINDER)
    picture = find(call.subject)
    if picture is None or [hash_picture(picture)] != request.picture_sha256s:
        raise NotKeptError("The photo that this call was about is gone.")
    return [picture]


def is_rebuilt(call: InferenceCall, question: PlaygroundQuestion) -> bool:
    """Whether the question, rendered under the call's own version, is the request that it was, byte for byte."""
    task = get_task(call.task)
    try:
        context = task.pin_context(question.context, call.version.bundle)
        request = build_request(task, context, live_versions.hold(call.version), question.seed)
    except (LookupError, ValueError):
        return False
    return hash_input(request) == call.input_sha256
