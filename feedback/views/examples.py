"""Making a golden example of a call."""

from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from feedback.forms.examples import FORMS, ExampleForm
from feedback.golden import labels, scenarios
from feedback.golden.offers import offer_example
from registry.admin.base import get_operator, send_webp
from registry.models import InferenceCall
from registry.services.examples import (
    CollectedAlreadyError,
    NoConsentError,
    collect_example,
)
from wardrobe.services.photos import find_picture


@require_http_methods(["GET", "POST"])
@permission_required("registry.add_collectedexample", raise_exception=True)
def make_example(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """What is right of a call, as the wearer has it; the operator edits it and confirms."""
    call = find_call(call_id)
    offer = offer_example(call)
    if offer is None:
        raise Http404
    if offer.why_not:
        messages.error(request, f"{offer.label} is not offered: {offer.why_not}")
        return redirect("admin:registry_inferencecall_change", call.pk)
    form = FORMS[call.task](request.POST or None, call=call)
    if form.is_valid() and collect(request, call, form):
        return redirect("admin:registry_dataset_change", form.cleaned_data["dataset"].pk)
    context = {
        **admin.site.each_context(request),
        "title": offer.label,
        "call": call,
        "form": form,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, form.template, context, status=status)


def find_call(call_id: UUID) -> InferenceCall:
    calls = InferenceCall.objects.select_related("version__prompt", "request")
    return get_object_or_404(calls, pk=call_id)


def collect(request: HttpRequest, call: InferenceCall, form: ExampleForm) -> bool:
    """Keep the example and say so; else say on the form why not."""
    owned = labels.find_photo(call) or scenarios.find_suggestion(call)
    try:
        if owned is None:
            raise LookupError("What this call was about is gone.")
        example = collect_example(
            dataset=form.cleaned_data["dataset"],
            source=form.source,
            fingerprint=form.fingerprint,
            call=call,
            owner=owned.owner,
            author=get_operator(request),
        )
    except (CollectedAlreadyError, LookupError, NoConsentError) as error:
        form.add_error(None, str(error))
        return False
    side = example.get_split_display().lower()
    messages.success(request, f"{example.key} is in the draft of the next version ({side}).")
    return True


@require_safe
@permission_required("registry.add_collectedexample", raise_exception=True)
def show_picture(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The photo of a call, as long as its wearer lets us look at it."""
    call = find_call(call_id)
    picture = None if labels.explain_unusable(call) else find_picture(call.subject)
    if picture is None:
        raise Http404
    return send_webp(picture, cache_control="private, no-store")
