"""The pages on which a version is written, and tried beside the live one."""

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse

from registry.admin.base import get_operator
from registry.admin.evaluations import may_evaluate
from registry.evaluation import playground
from registry.evaluation.datasets import list_current_examples
from registry.evaluation.playground import AnswerDelta, Answered, PlaygroundQuestion
from registry.forms import DraftForm, TryForm, write_draft
from registry.models import PromptVersion
from registry.prompts import authoring
from registry.prompts.files import PromptFileError
from registry.services.archivings import is_archived
from registry.services.versions import create_version
from registry.tasks import all_tasks

LINES = "application/x-ndjson"
LISTED_EXAMPLES = 500


def may_write(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("registry.add_promptversion"))


def may_try(request: HttpRequest) -> bool:
    return may_write(request) or may_evaluate(request)


def draft_view(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponse:
    """A form with what a version holds; saving it makes another one, which is not live."""
    if not may_write(request):
        raise PermissionDenied
    base = get_object_or_404(PromptVersion.objects.select_related("prompt"), pk=pk)
    try:
        initial = write_draft(base)
    except PromptFileError as error:
        messages.error(request, f"Version {base.number} cannot be written as text: {error}.")
        return redirect("admin:registry_promptversion_change", base.pk)
    sent = request.POST if request.method == "POST" else None
    form = DraftForm(sent, prompt=base.prompt, initial=initial)
    if form.is_valid():
        return save_draft(request, base, form)
    context = {
        **site.each_context(request),
        "title": f"A new version of {base.prompt}",
        "base": base,
        "form": form,
        "variables": authoring.list_variables(base.prompt.name),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "registry/draft.html", context, status=status)


def save_draft(request: HttpRequest, base: PromptVersion, form: DraftForm) -> HttpResponse:
    last = base.prompt.versions.order_by("-number").values_list("number", flat=True).first()
    version = create_version(
        prompt=base.prompt,
        bundle=form.bundle,
        notes=form.cleaned_data["notes"],
        source=PromptVersion.Source.ADMIN,
        author=get_operator(request),
    )
    if version.number <= (last or 0):
        away = ", which is archived" if is_archived(version) else ""
        messages.info(request, f"That is version {version.number}{away}: nothing was added.")
    else:
        messages.success(
            request, f"Saved as version {version.number}, which is not live. Try it here."
        )
    return redirect("admin:registry_promptversion_try", version.pk)


def try_view(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponseBase:
    """Ask a version and the live one the same; as lines that come as the words do, where a script asks."""
    if not may_try(request):
        raise PermissionDenied
    version = get_object_or_404(PromptVersion.objects.select_related("prompt"), pk=pk)
    if version.prompt.name not in all_tasks():
        messages.error(request, f"This release has no task {version.prompt}: nothing can be asked.")
        return redirect("admin:registry_prompt_change", version.prompt_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = TryForm(*sent, prompt=version.prompt)
    if form.is_valid():
        return answer(request, version, form, site)
    return show_playground(request, version, form, site)


def answer(
    request: HttpRequest, version: PromptVersion, form: TryForm, site: AdminSite
) -> HttpResponseBase:
    operator = get_operator(request)
    if playground.is_trying(operator.pk):
        form.add_error(None, "Your last try is still being answered: one at a time.")
        return show_playground(request, version, form, site)
    versions, question = list_sides(version), form.cleaned_data["question"]
    if request.headers.get("Accept") == LINES:
        lines = stream_lines(versions, question, operator.pk)
        return StreamingHttpResponse(lines, content_type=LINES, headers={"X-Accel-Buffering": "no"})
    answers = async_to_sync(collect)(versions, question, operator.pk)
    return show_playground(request, version, form, site, answers=answers)


def list_sides(version: PromptVersion) -> list[PromptVersion]:
    """The version, and the live one if that is another."""
    live = version.prompt.production()
    others = [live.version] if live and live.version_id != version.pk else []
    return [version, *others]


def show_playground(
    request: HttpRequest,
    version: PromptVersion,
    form: TryForm,
    site: AdminSite,
    *,
    answers: Sequence[Answered] = (),
) -> HttpResponse:
    sides = list_sides(version)
    found: list[Answered | None] = [*answers] or [None] * len(sides)
    context = {
        **site.each_context(request),
        "title": f"Try {version}",
        "version": version,
        "form": form,
        "sides": list(zip(sides, found, strict=True)),
        "examples": list_current_examples(version.prompt).values_list("key", flat=True)[
            :LISTED_EXAMPLES
        ],
        "may_write": may_write(request),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "registry/playground.html", context, status=status)


async def collect(
    versions: Sequence[PromptVersion], question: PlaygroundQuestion, operator_pk: int
) -> list[Answered]:
    """In the order of the versions."""
    events = playground.try_versions(versions, question, operator_pk=operator_pk)
    async with aclosing(events):
        answers = [event async for event in events if isinstance(event, Answered)]
    return sorted(answers, key=lambda one: one.place)


async def stream_lines(
    versions: Sequence[PromptVersion], question: PlaygroundQuestion, operator_pk: int
) -> AsyncGenerator[str, None]:
    """A JSON object a line: `place`, and either `text` (more of the answer) or `html` (its end)."""
    events = playground.try_versions(versions, question, operator_pk=operator_pk)
    async with aclosing(events):
        async for event in events:
            yield json.dumps({"place": event.place, **describe_event(event)}) + "\n"


def describe_event(event: AnswerDelta | Answered) -> dict[str, Any]:
    if isinstance(event, AnswerDelta):
        return {"text": event.text}
    return {"html": render_to_string("registry/_tried.html", {"answer": event})}
