"""The review queue: one question, one picture, three keys."""

from statistics import median
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from feedback.forms.review import DecisionForm
from feedback.models import ReviewDecision, ReviewItem
from feedback.review import queue
from feedback.review.agreement import list_agreements
from feedback.review.alike import count_alike, lease_alike
from feedback.review.confusions import list_waiting
from feedback.review.suspects import find_suspects
from registry.admin.base import get_operator, send_webp
from wardrobe.photos import storage

REVIEW = "feedback.add_reviewdecision"


@require_safe
@permission_required(REVIEW, raise_exception=True)
def show_queue(request: HttpRequest) -> HttpResponse:
    """The next item of this reviewer, `?reason=` of one part of the queue, with `?more` beside all like it."""
    reviewer = get_operator(request)
    reason, first = request.GET.get("reason", ""), request.GET.get("item", "")
    reason = reason if reason in ReviewItem.Reason.values else ""
    number = int(first) if first.isdecimal() and len(first) < 18 else 0
    items = queue.lease_items(reviewer, reason=reason, first=number)
    item = items[0] if items else None
    alike = lease_alike(reviewer, item) if item and "more" in request.GET else []
    context = {
        **admin.site.each_context(request),
        "title": "Review",
        "item": item,
        "alike": alike,
        "near": sum(one.is_near for one in alike),
        "waiting_alike": count_alike(reviewer, item) if item and not alike else 0,
        "next": items[1] if len(items) > 1 else None,
        "form": DecisionForm(item=items[0]) if items else None,
        "reason": reason,
        "parts": count_parts(),
        "agreements": list_agreements(),
        "confusions": list_waiting(reviewer),
        "today": count_today(reviewer),
        "pace": find_pace(reviewer),
        "suspects": find_suspects(),
    }
    return TemplateResponse(request, "feedback/review.html", context)


def count_parts() -> list[tuple[str, str, int]]:
    """The parts of the queue: value, name, and how many wait."""
    waiting = ReviewItem.objects.waiting().order_by().values_list("reason").annotate(Count("pk"))
    counts = dict(waiting)
    parts = [
        (reason.value, str(reason.label), counts.get(reason, 0)) for reason in ReviewItem.Reason
    ]
    return [("", "All", sum(counts.values())), *parts]


def count_today(reviewer: User) -> dict[str, int]:
    """What was decided today, by all and by this reviewer, by verdict, and by how many people."""
    today = ReviewDecision.objects.standing().filter(created_at__date=timezone.localdate())
    verdicts = {
        verdict.value: Count("pk", filter=Q(verdict=verdict)) for verdict in ReviewDecision.Verdict
    }
    return today.order_by().aggregate(
        all=Count("pk"),
        own=Count("pk", filter=Q(reviewer=reviewer)),
        people=Count("reviewer", distinct=True),
        **verdicts,
    )


def find_pace(reviewer: User) -> float | None:
    """The median of what an item took this reviewer today, in seconds; None before the first."""
    own = ReviewDecision.objects.standing().filter(reviewer=reviewer)
    took = own.filter(created_at__date=timezone.localdate()).values_list("took_ms", flat=True)
    return median(took) / 1000 if took else None


@require_POST
@permission_required(REVIEW, raise_exception=True)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the decision, of one item or of several; the next comes by itself."""
    item = get_object_or_404(ReviewItem, pk=pk)
    form = DecisionForm(request.POST, item=item)
    if not form.is_valid():
        messages.error(request, "Nothing was decided: choose what it is.")
        return redirect_to_queue(request, item)
    chosen = [item, *form.cleaned_data["also"]]
    try:
        decisions = queue.decide_together(
            items=chosen,
            reviewer=get_operator(request),
            verdict=ReviewDecision.Verdict(form.cleaned_data["verdict"]),
            value=form.cleaned_data["value"],
            read=form.cleaned_data["read"] if "read" in request.POST else None,
        )
    except queue.WordChangedError:
        messages.error(request, "Its wearer has another word for it now; nothing was decided.")
        return redirect_to_queue(request, item)
    except queue.LeaseOverError:
        messages.error(request, "This one went back to the queue; nothing was decided.")
        return redirect_to_queue(request)
    if len(chosen) > 1:
        messages.success(request, describe_batch(len(decisions), len(chosen)))
    return redirect_to_queue(request)


def describe_batch(decided: int, chosen: int) -> str:
    words = f"{decided} decided together. Undo takes all of them back."
    if decided < chosen:
        words += f" {chosen - decided} went back to the queue before that."
    return words


@require_POST
@permission_required(REVIEW, raise_exception=True)
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last decision back and show its item again."""
    item = queue.undo_last(get_operator(request))
    if item is None:
        messages.error(request, "There is nothing to take back.")
    return redirect_to_queue(request, item)


def redirect_to_queue(request: HttpRequest, item: ReviewItem | None = None) -> HttpResponse:
    """To the same part of the queue, at one item or at the next."""
    query = {"reason": request.POST.get("reason", ""), "item": str(item.pk) if item else ""}
    told = urlencode({name: value for name, value in query.items() if value})
    page = reverse("feedback:review")
    return redirect(f"{page}?{told}" if told else page)


@require_safe
@permission_required(REVIEW, raise_exception=True)
def show_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The photo of an item that this reviewer holds, as long as its wearer lets us look; `?small` for its crop."""
    items = ReviewItem.objects.waiting().filter(leased_by=get_operator(request))
    item = get_object_or_404(items.select_related("garment__photo"), pk=pk)
    try:
        picture = storage.read_file(find_file(item, is_small="small" in request.GET))
    except FileNotFoundError as error:
        raise Http404 from error
    # As long as a lease: the next picture is there already.
    return send_webp(picture, cache_control="private, max-age=300")


def find_file(item: ReviewItem, *, is_small: bool) -> str:
    """The name of an item's photo, or of what is small of it; empty if there is none."""
    garment = item.garment
    photo = garment.photo if garment else None
    if garment is None or photo is None:
        return ""
    small = garment.image.name or photo.thumbnail.name
    return str((small if is_small else photo.image.name) or "")
