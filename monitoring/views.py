"""The operator's pages beside the overview."""

from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from feedback.review.filling import Sent, send_photos
from monitoring.accuracy.page import build_context
from monitoring.drift import look, page, sentences
from monitoring.drift.findings import PREVIOUS, Finding
from monitoring.drift.statistics import EFFECT, NEW_UPLOADS, SIGNIFICANCE
from monitoring.drift.windows import MINIMUM_WEARERS, current_window
from monitoring.figures.reading import newest_at
from monitoring.latency import describe_tasks, say_all
from monitoring.models import DriftReport
from monitoring.times.forms import SPANS, LatencyForm
from wardrobe.models import Photo

VIEW_PHOTOS = "wardrobe.view_photo"
SEND_TO_REVIEW = "feedback.add_reviewitem"


@require_safe
@permission_required("registry.view_inferencecall", raise_exception=True)
def show_latency(request: HttpRequest) -> HttpResponse:
    """Is it getting slower, since when, where?"""
    now, newest = timezone.now(), newest_at()
    form = LatencyForm(request.GET, now=now)
    period = form.read_period()
    chosen = form.cleaned_data if form.is_valid() else {}
    names = ("task", "version", "against")
    told = describe_tasks(
        period, newest, **{name: chosen[name] for name in names if chosen.get(name)}
    )
    level, word, sentence = say_all(told, period.until, newest)
    context = {
        **admin.site.each_context(request),
        "title": "Latency",
        "form": form,
        "spans": SPANS,
        "span": form.span,
        "period": period,
        "told": told,
        "level": level,
        "word": word,
        "sentence": sentence,
        "counted_until": newest,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "monitoring/latency.html", context, status=status)


@require_safe
@permission_required("registry.view_inferencecall", raise_exception=True)
def show_accuracy(request: HttpRequest) -> HttpResponse:
    """What is wrong, who saw it, and is it worse than before?"""
    newest = newest_at()
    context = {
        **admin.site.each_context(request),
        "title": "Accuracy",
        "may_see_calls": True,
        "may_see_corrections": request.user.has_perm("feedback.view_correction"),
        "counted_until": newest,
        **build_context(request.GET, timezone.now(), newest),
    }
    status = 422 if context["form"].errors else 200
    return TemplateResponse(request, "monitoring/accuracy.html", context, status=status)


@require_safe
def show_drift(request: HttpRequest) -> HttpResponse:
    """The newest report; nothing is computed here. Open to whoever may open the admin, as the overview is."""
    report, now = DriftReport.objects.first(), timezone.now()
    verdict = sentences.say(report, now)
    findings = sentences.read_findings(report) if report else []
    window = current_window(report.created_at if report else now)
    entries = [page.build_entry(finding, window) for finding in findings]
    context = {
        **admin.site.each_context(request),
        "title": "Data drift",
        "report": report,
        "verdict": verdict,
        "entries": entries,
        "news": page.build_news(findings, window),
        "multiples": [entry for entry in entries if entry.columns],
        "tests": sum(entry.finding.p is not None for entry in entries),
        "may_see_photos": request.user.has_perm(VIEW_PHOTOS),
        "may_send": request.user.has_perm(SEND_TO_REVIEW),
        "telling": find_telling(findings),
        "significance": SIGNIFICANCE,
        "effect": EFFECT,
        "new_uploads": NEW_UPLOADS,
        "minimum": MINIMUM_WEARERS,
    }
    return TemplateResponse(request, "monitoring/drift.html", context)


@require_POST
@permission_required(SEND_TO_REVIEW, raise_exception=True)
def send_drifted_to_review(request: HttpRequest) -> HttpResponse:
    """The photos that give the newest report's drift away, in one click."""
    report = DriftReport.objects.first()
    findings = sentences.read_findings(report) if report else []
    messages.success(request, say_sent(send_photos(photo for photo, _ in find_telling(findings))))
    return redirect("monitoring:drift")


def say_sent(sent: Sent) -> str:
    """ "9 garments are in the review queue. 3 photos were left out: ..." """
    told = f"{sent.items} garment{'' if sent.items == 1 else 's'} more in the review queue."
    if not sent.left_out:
        return told
    photos = "1 photo was" if sent.left_out == 1 else f"{sent.left_out} photos were"
    return f"{told} {photos} left out: no consent, or no garment that a model described."


def find_telling(findings: list[Finding]) -> list[tuple[Photo, float]]:
    """The photos that give a drift of looks away, as long as they are there."""
    scores = {
        UUID(key): score
        for one in findings
        if one.name == look.NAME and one.reference == PREVIOUS and one.state in {"drifted", "small"}
        for key, score in one.photos
    }
    photos = Photo.objects.in_bulk(list(scores))
    return [(photos[key], 100 * score) for key, score in scores.items() if key in photos]
