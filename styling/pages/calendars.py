"""The wearer's other calendars: the private address of theirs, those that are read, and what makes an event an occasion."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.acts.asking import ask_first, is_sure
from accounts.acts.undoing import read_sent, say_done
from accounts.http import AuthenticatedHttpRequest
from styling.calendars import feed, rules, subscriptions
from styling.calendars.subscriptions import TooManyError, name_of
from styling.jobs import enqueue_look
from styling.models import CalendarFeed, OccasionRule, Subscription
from styling.pages.forms import RuleForm, SubscriptionForm

PREVIEWED = 12
RULES_PER_PAGE = 12
FAILURES = {
    "forbidden": gettext_lazy("Its address leads to a place that we do not read."),
    "unknown_host": gettext_lazy("Nobody knows its address any more."),
    "unreachable": gettext_lazy("It did not answer."),
    "too_slow": gettext_lazy("It took too long to answer."),
    "too_large": gettext_lazy("It is larger than two megabytes."),
    "too_many_redirects": gettext_lazy("It sends us on and on."),
    "not_found": gettext_lazy("It is not there any more."),
    "gone": gettext_lazy("It is not there any more."),
    "refused": gettext_lazy("It does not let us read it. Its address may have been renewed."),
    "not_a_calendar": gettext_lazy("What is there is no calendar."),
}


@require_safe
def serve_feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """A wearer's outfits as iCalendar, to whoever knows the address; 304 where they are as they were."""
    found = feed.find_feed(secret)
    if found is None:
        raise Http404
    feed.note_reading(found)
    body = feed.write_feed(found.owner)
    etag = quote_etag(feed.hash_secret(body.decode())[:32])
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        answer.headers["ETag"] = etag
        answer.headers["Content-Disposition"] = 'inline; filename="dresscode.ics"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
@login_required
def show_calendars(request: AuthenticatedHttpRequest) -> HttpResponse:
    return render_calendars(request)


def render_calendars(
    request: AuthenticatedHttpRequest, *, status: int = 200, **changed: Any
) -> HttpResponse:
    owner = request.user
    mine = rules.list_rules(owner)
    page = Paginator(mine, RULES_PER_PAGE).get_page(request.GET.get("rules"))
    listed = list(subscriptions.list_subscriptions(owner))
    for subscription in listed:
        subscription.host = name_of(subscription.url)  # type: ignore[attr-defined]
        subscription.trouble = FAILURES.get(subscription.failure, "")  # type: ignore[attr-defined]
    context = {
        "feed": CalendarFeed.objects.filter(owner=owner).first(),
        "subscriptions": listed,
        "can_add": len(listed) < subscriptions.MOST_SUBSCRIPTIONS,
        "rules": page,
        "numbered": list(enumerate(page, page.start_index())),
        "coming": rules.preview(owner, mine, PREVIEWED),
        "subscription_form": SubscriptionForm(auto_id="subscribe_%s"),
        "rule_form": RuleForm(auto_id="rule_%s"),
        **changed,
    }
    return render(request, "styling/calendars.html", context, status=status)


@require_POST
@login_required
def renew_feed(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The new address is in this answer, and nowhere else: only its digest is kept. One that is in use is asked about."""
    if CalendarFeed.objects.filter(owner=request.user).exists() and not is_sure(request):
        return ask_first(
            request,
            title=_("Make a new address?"),
            words=_(
                "The one in use stops at once and never comes back: calendars that have it find nothing until you give them the new one."
            ),
            do=_("New address, the old one stops"),
            back=reverse("styling:calendars"),
        )
    path = reverse("styling:calendar-feed", args=[feed.renew_feed(request.user)])
    address = settings.SITE_URL + path
    webcal = f"webcal://{settings.SITE.netloc}{path}"
    return render_calendars(request, address=address, webcal=webcal)


@require_POST
@login_required
def revoke_feed(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Asked first: what somebody may have learned must not come back."""
    if not is_sure(request):
        return ask_first(
            request,
            title=_("Stop the address?"),
            words=_(
                "Calendars that have it find nothing from then on, and it never comes back. You can make a new one."
            ),
            do=_("Stop it"),
            back=reverse("styling:calendars"),
        )
    feed.revoke_feed(request.user)
    messages.success(request, _("The address has stopped. Calendars that had it find nothing now."))
    return redirect("styling:calendars")


@require_POST
@login_required
def subscribe(request: AuthenticatedHttpRequest) -> HttpResponse:
    form = SubscriptionForm(request.POST, auto_id="subscribe_%s")
    if not form.is_valid():
        return render_calendars(request, subscription_form=form, status=422)
    try:
        subscription = subscriptions.subscribe(request.user, url=form.cleaned_data["url"])
    except TooManyError:
        form.add_error("url", _("Five calendars are as many as we read. Remove one first."))
        return render_calendars(request, subscription_form=form, status=422)
    enqueue_look(subscription)
    messages.success(
        request,
        _("It is being read. What it holds stands here in a moment."),
        extra_tags=reverse("styling:calendar-remove", args=[subscription.pk]),
    )
    return redirect("styling:calendars")


def get_subscription(request: AuthenticatedHttpRequest, subscription_id: int) -> Subscription:
    """The wearer's; somebody else's is not found."""
    return get_object_or_404(Subscription, pk=subscription_id, owner=request.user)


@require_POST
@login_required
def remove_subscription(request: AuthenticatedHttpRequest, subscription_id: int) -> HttpResponse:
    """No longer read; with `?undo` it is again."""
    subscription = get_subscription(request, subscription_id)
    if "undo" in request.GET:
        enqueue_look(subscriptions.bring_back(subscription))
        return redirect("styling:calendars")
    subscriptions.remove(subscription)
    address = reverse("styling:calendar-remove", args=[subscription.pk])
    messages.success(
        request,
        _("Not read any more. Its events are gone from here."),
        extra_tags=f"{address}?undo",
    )
    return redirect("styling:calendars")


@require_POST
@login_required
def look_again(request: AuthenticatedHttpRequest, subscription_id: int) -> HttpResponse:
    """Now, and not in an hour."""
    enqueue_look(subscriptions.bring_back(get_subscription(request, subscription_id)))
    messages.success(request, _("It is being read."))
    return redirect("styling:calendars")


def get_rule(request: AuthenticatedHttpRequest, rule_id: int) -> OccasionRule:
    """The wearer's; somebody else's is not found."""
    return get_object_or_404(OccasionRule, pk=rule_id, owner=request.user)


@require_POST
@login_required
def add_rule(request: AuthenticatedHttpRequest) -> HttpResponse:
    form = RuleForm(request.POST, auto_id="rule_%s")
    if not form.is_valid():
        return render_calendars(request, rule_form=form, status=422)
    if len(rules.list_rules(request.user)) >= rules.MOST_RULES:
        form.add_error("words", _("Fifty rules are as many as we keep. Remove one first."))
        return render_calendars(request, rule_form=form, status=422)
    rule = rules.add_rule(request.user, **form.cleaned_data)
    undo = reverse("styling:rule-remove", args=[rule.pk])
    messages.success(request, _("Saved. The list below goes by it."), extra_tags=undo)
    return show_rules(rule)


@require_POST
@login_required
def change_rule(request: AuthenticatedHttpRequest, rule_id: int) -> HttpResponse:
    rule = get_rule(request, rule_id)
    form = RuleForm(read_sent(request), auto_id="rule_%s")
    former = {"words": rule.words, "kind": rule.kind}
    if rule.is_removed:  # In another tab: nothing would go by it.
        messages.error(request, _("The rule is gone."))
        return show_rules(rule)
    if not form.is_valid():
        messages.error(request, _("A rule needs a word at least. It stays as it was."))
        return show_rules(rule)
    rules.change_rule(rule, **form.cleaned_data)
    say_done(request, _("Saved. The list below goes by it."), former)
    return show_rules(rule)


@require_POST
@login_required
def remove_rule(request: AuthenticatedHttpRequest, rule_id: int) -> HttpResponse:
    """With `?undo` it comes back."""
    rule = get_rule(request, rule_id)
    is_undo = "undo" in request.GET
    rules.remove_rule(rule, is_removed=not is_undo)
    if not is_undo:
        address = reverse("styling:rule-remove", args=[rule.pk])
        messages.success(request, _("The rule is gone."), extra_tags=f"{address}?undo")
    return show_rules(rule)


@require_POST
@login_required
def move_rule(request: AuthenticatedHttpRequest, rule_id: int) -> HttpResponse:
    """Up by one, or with `down` down by one."""
    rule = get_rule(request, rule_id)
    rules.move_rule(rule, by=1 if "down" in request.POST else -1)
    return show_rules(rule)


def show_rules(rule: OccasionRule) -> HttpResponse:
    """The page of the rules on which it is now; of one that is gone, where it was."""
    kept = rules.list_rules(rule.owner)
    place = next((at for at, one in enumerate(kept) if one.pk == rule.pk), None)
    if place is None:
        place = min(sum(one.position < rule.position for one in kept), max(len(kept) - 1, 0))
    number = place // RULES_PER_PAGE + 1
    query = f"?rules={number}" if number > 1 else ""
    return redirect(f"{reverse('styling:calendars')}{query}#rules")
