"""What a call was asked, and asking it again under a version that an operator chooses."""

from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from registry.admin.authoring import collect, may_try
from registry.admin.base import get_operator
from registry.admin.call_page import ToldAnswer, Verdict, describe_call, judge_call, tell_answers
from registry.evaluation import playground
from registry.evaluation.playground import Answered, PlaygroundQuestion
from registry.evaluation.replays import NotKeptError, ask_call, is_rebuilt
from registry.models import CallRequest, InferenceCall, PromptVersion

LISTED_VERSIONS = 50


class VersionField(forms.ModelChoiceField[PromptVersion]):
    """Versions of one prompt by their numbers."""

    def label_from_instance(self, obj: PromptVersion) -> str:
        return f"v{obj.number}"


class ReplayForm(forms.Form):
    """Under which version of the call's prompt; the live one unless somebody chooses."""

    version = VersionField(
        PromptVersion.objects.none(),
        label="Replay under",
        empty_label=None,
        widget=forms.Select({"class": "o-input"}),
    )

    def __init__(self, data: QueryDict | None = None, *, call: InferenceCall) -> None:
        prompt = call.version.prompt
        live = prompt.production()
        first = live.version_id if live else call.version_id
        super().__init__(data, initial={"version": first})
        newest = (
            prompt.versions.unarchived()
            .order_by("-number")
            .values_list("pk", flat=True)[:LISTED_VERSIONS]
        )
        versions = prompt.versions.filter(pk__in=[*newest, call.version_id])
        self.fields["version"].queryset = versions.order_by("-number")  # type: ignore[attr-defined]


def may_see_requests(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("registry.view_callrequest"))


def describe_request(request: HttpRequest, call: InferenceCall) -> dict[str, Any]:
    """For a call's page: what became of it, what is kept of its request, whether that is all of it, and who may ask
    it again."""
    if not may_see_requests(request):
        return describe_call(call, None)
    kept: CallRequest | None = getattr(call, "request", None)
    found: dict[str, Any] = {"asked": kept, "kept_days": settings.CALL_WORDS_KEPT_DAYS}
    if kept:
        found |= {
            "schema": playground.write_output(kept.schema),
            "stored_context": playground.write_output(kept.context),
        }
    try:
        question = ask_call(call)
    except NotKeptError as error:
        return describe_call(call, None) | found | {"not_kept": str(error)}
    form = ReplayForm(call=call) if may_try(request) else None
    found |= {"is_rebuilt": is_rebuilt(call, question), "replay_form": form}
    return describe_call(call, question.context) | found


def replay_view(request: HttpRequest, pk: UUID, *, site: AdminSite) -> HttpResponse:
    """The same question under another version, beside what was answered. No figure counts it."""
    if not (may_try(request) and may_see_requests(request)):
        raise PermissionDenied
    call = get_object_or_404(InferenceCall.objects.select_related("version__prompt"), pk=pk)
    try:
        question = ask_call(call)
    except NotKeptError as error:
        messages.error(request, str(error))
        return redirect("admin:registry_inferencecall_change", call.pk)
    form = ReplayForm(request.POST or None, call=call)
    replayed = answer(request, form, question) if form.is_valid() else None
    context = {
        **site.each_context(request),
        "title": f"Replay of {call}",
        "call": call,
        "form": form,
        "sides": list_sides(call, replayed, question),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "registry/replay.html", context, status=status)


def answer(request: HttpRequest, form: ReplayForm, question: PlaygroundQuestion) -> Answered | None:
    """One at a time for each operator: none while another one of theirs is answered."""
    operator = get_operator(request)
    if playground.is_trying(operator.pk):
        form.add_error(None, "Your last try is still being answered: one at a time.")
        return None
    version: PromptVersion = form.cleaned_data["version"]
    (answered,) = async_to_sync(collect)([version], question, operator.pk)
    return answered


def list_sides(
    call: InferenceCall, replayed: Answered | None, question: PlaygroundQuestion
) -> list[tuple[Answered, Verdict, ToldAnswer]]:
    """What was answered, and what is answered now, if anything was asked: each marked against the other."""
    sides = [Answered(0, call.version, call, error=call.error), *([replayed] if replayed else [])]
    calls = [side.call for side in sides]
    told = tell_answers(calls, question.context)
    return list(zip(sides, map(judge_answer, sides), told, strict=True))


def judge_answer(side: Answered) -> Verdict:
    return judge_call(side.call) if side.call else Verdict("bad", "Failed", "No answer came of it.")
