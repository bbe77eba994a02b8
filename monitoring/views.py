"""The operator's pages beside the overview."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Consent
from feedback.review.filling import Sent, send_photos
from monitoring.accuracy.page import build_context
from monitoring.drift import comparing, look, page, sentences
from monitoring.drift.findings import PREVIOUS, Finding
from monitoring.drift.statistics import EFFECT, NEW_UPLOADS, SIGNIFICANCE
from monitoring.drift.windows import MINIMUM_WEARERS, MOST_WEARERS, Window, current_window
from monitoring.figures.reading import newest_at
from monitoring.forms import ComparisonForm
from monitoring.jobs import enqueue_comparison
from monitoring.latency import describe_tasks, say_all
from monitoring.links import VIEW_CALLS, VIEW_PHOTOS
from monitoring.models import DriftComparison, DriftReport
from monitoring.times.forms import SPANS, LatencyForm
from registry.admin.base import get_operator, send_webp
from wardrobe.models import Photo
from wardrobe.photos import storage

SEND_TO_REVIEW = "feedback.add_reviewitem"
LOOKED_AT = Q(Exists(Consent.objects.given(by=OuterRef("owner"))))
"""The condition of a photo whose wearer lets us look at it."""


@require_safe
@permission_required(VIEW_CALLS, raise_exception=True)
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
@permission_required(VIEW_CALLS, raise_exception=True)
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
    """The newest report, or the days that were asked for, as far as they have been compared: nothing is computed here. Open
    to whoever may open the admin, as the overview is."""
    return render_drift(request, ComparisonForm(request.GET or None, now=timezone.now()))


def render_drift(request: HttpRequest, form: ComparisonForm) -> HttpResponse:
    report, now = DriftReport.objects.first(), timezone.now()
    comparison = find_comparison(form)
    shown = comparison or report
    findings = sentences.read_findings(shown) if shown else []
    window = current_window(report.created_at if report else now)
    if comparison:
        window = Window(comparison.since, comparison.until)
    entries = [page.build_entry(finding, window) for finding in findings]
    has_photos = request.user.has_perm(VIEW_PHOTOS)
    context = {
        **admin.site.each_context(request),
        "title": "Data drift",
        "form": form,
        "report": report,
        "comparison": comparison,
        "is_lost": bool(comparison and comparing.is_lost(comparison, now)),
        "has_findings": bool(report) if comparison is None else comparison.findings is not None,
        "window": window,
        "verdict": say_drift(report, comparison, findings, now),
        "entries": entries,
        "news": page.build_news(findings, window),
        "multiples": [entry for entry in entries if entry.columns],
        "tests": sum(entry.finding.p is not None for entry in entries),
        "may_compare": request.user.has_perm(VIEW_CALLS),
        "may_see_photos": has_photos,
        "may_send": request.user.has_perm(SEND_TO_REVIEW),
        "telling": describe_telling(findings) if has_photos else [],
        "significance": SIGNIFICANCE,
        "effect": EFFECT,
        "new_uploads": NEW_UPLOADS,
        "minimum": MINIMUM_WEARERS,
        "one_of": max((one.one_of for one in findings), default=1),
        "most": f"{MOST_WEARERS:,}",
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "monitoring/drift.html", context, status=status)


def find_comparison(form: ComparisonForm) -> DriftComparison | None:
    """Of the days that were asked for; one that is not there yet is not made by looking."""
    if not form.is_bound or not form.is_valid():
        return None
    days = {name: form.cleaned_data[name] for name in ("since", "until")}
    return DriftComparison.objects.filter(**days).first() or DriftComparison(**days)


def say_drift(
    report: DriftReport | None,
    comparison: DriftComparison | None,
    findings: list[Finding],
    now: datetime,
) -> sentences.Verdict:
    if comparison is None:
        return sentences.say(report, now)
    if comparison.findings is not None:
        return sentences.say_findings(findings)
    if comparison._state.adding:
        return sentences.Verdict("off", "Not compared", "These days have not been compared yet.")
    if comparing.is_lost(comparison, now):
        return sentences.Verdict("off", "Cannot tell", "This comparison did not come to an end.")
    return sentences.Verdict("wait", "Being compared", "These days are being compared.")


@require_http_methods(["GET", "POST"])
@permission_required(VIEW_CALLS, raise_exception=True)
def compare_days(request: HttpRequest) -> HttpResponse:
    """Have the days that were chosen compared; the page of their address shows what was found.

    Who looks at the address of a page that said what was wrong with the days is led back.
    """
    if request.method == "GET":
        return redirect("monitoring:drift")
    form = ComparisonForm(request.POST, now=timezone.now())
    if not form.is_valid():
        return render_drift(request, form)
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    comparison, is_due = comparing.ask(since, until, get_operator(request))
    if is_due:
        enqueue_comparison(comparison)
    return redirect(link_days(comparison))


def link_days(comparison: DriftComparison) -> str:
    """The page of the days that were compared."""
    days = {"since": comparison.since.isoformat(), "until": comparison.until.isoformat()}
    return f"{reverse('monitoring:drift')}?{urlencode(days)}"


def find_shown(number: str) -> DriftReport | DriftComparison | None:
    """What a page shows: a comparison by its number, else the newest report."""
    if not number:
        return DriftReport.objects.first()
    return DriftComparison.objects.filter(pk=number[:18] if number.isdecimal() else 0).first()


@require_POST
@permission_required(SEND_TO_REVIEW, raise_exception=True)
def send_drifted_to_review(request: HttpRequest) -> HttpResponse:
    """The photos that give away a drift of the newest report, or of a comparison, in one click: of looks, or of the
    property that is named."""
    shown = find_shown(request.POST.get("comparison", ""))
    findings = sentences.read_findings(shown) if shown else []
    keys = list_keys(findings, request.POST.get("property", look.NAME))
    messages.success(request, say_sent(send_photos(Photo.objects.filter(pk__in=keys))))
    return redirect(link_days(shown) if isinstance(shown, DriftComparison) else "monitoring:drift")


@require_safe
@permission_required(VIEW_PHOTOS, raise_exception=True)
def show_telling_photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The small rendition of a photo that gives a drift away, as long as its wearer lets us look."""
    shown = find_shown(request.GET.get("comparison", ""))
    if shown is None or pk not in find_scores(sentences.read_findings(shown)):
        raise Http404
    photo = get_object_or_404(Photo.objects.filter(LOOKED_AT), pk=pk)
    try:
        picture = storage.read_file(photo.thumbnail.name)
    except FileNotFoundError as error:
        raise Http404 from error
    return send_webp(picture, cache_control="private, no-store")


def list_keys(findings: list[Finding], name: str) -> list[UUID]:
    """Of the photos that give away how a property drifted from the days before."""
    if name == look.NAME:
        return list(find_scores(findings))
    own = [one for one in findings if one.name == name and one.reference == PREVIOUS]
    return [UUID(key) for one in own for key, _ in one.photos]


def say_sent(sent: Sent) -> str:
    """ "9 garments are in the review queue. 3 photos were left out: ..." """
    told = f"{sent.items} garment{'' if sent.items == 1 else 's'} more in the review queue."
    if not sent.left_out:
        return told
    photos = "1 photo was" if sent.left_out == 1 else f"{sent.left_out} photos were"
    return f"{told} {photos} left out: no consent, or no garment that a model described."


def find_scores(findings: list[Finding]) -> dict[UUID, float]:
    """Of the photos that give a drift of looks away: how sure the classifier is, 0 to 1."""
    return {
        UUID(key): score
        for one in findings
        if one.name == look.NAME and one.reference == PREVIOUS and one.state in {"drifted", "small"}
        for key, score in one.photos
    }


def find_telling(findings: list[Finding]) -> list[tuple[Photo, float]]:
    """These photos as long as they are there, and that certainty in per cent; `has_consent`: whether we may look at one."""
    scores = find_scores(findings)
    photos = Photo.objects.annotate(has_consent=ExpressionWrapper(LOOKED_AT, BooleanField()))
    found = photos.in_bulk(list(scores))
    return [(found[key], 100 * score) for key, score in scores.items() if key in found]


@dataclass(frozen=True)
class Telling:
    """A photo that gives a drift away; a picture only where its wearer lets us look."""

    photo: Photo
    percent: float
    has_picture: bool


def describe_telling(findings: list[Finding]) -> list[Telling]:
    return [
        Telling(photo, percent, bool(photo.thumbnail) and photo.has_consent)  # type: ignore[attr-defined]
        for photo, percent in find_telling(findings)
    ]
