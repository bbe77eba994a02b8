"""What a wearer wants to be told, when, and on which of their browsers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.acts.undoing import is_undo, offer_undo, read_sent, say_done, say_undone
from accounts.http import AuthenticatedHttpRequest
from accounts.models import NotificationChoices, PushSubscription
from accounts.outside.mail import can_send
from accounts.push import subscriptions
from accounts.push.keys import public_key
from accounts.push.subscriptions import BadSubscriptionError
from accounts.rate_limits import limit_posts
from styling.morning import telling
from styling.pages.forms import NotificationForm


@require_http_methods(["GET", "POST"])
@login_required
def edit_choices(request: AuthenticatedHttpRequest) -> HttpResponse:
    choices = NotificationChoices.objects.filter(user=request.user).first()
    choices = choices or NotificationChoices(user=request.user)
    former = describe_choices(choices)
    sent = read_sent(request) if request.method == "POST" else None
    form = NotificationForm(sent, instance=choices)
    if request.method == "POST" and form.is_valid():
        form.save()
        say_done(request, _("Saved."), former)
        return redirect("styling:notifications")
    context = {
        "form": form,
        "devices": PushSubscription.objects.filter(user=request.user),
        "push_key": public_key(),
        "has_mail": can_send(),
    }
    status = 422 if form.errors else 200
    return render(request, "styling/notifications.html", context, status=status)


def describe_choices(choices: NotificationChoices) -> dict[str, str | list[str]]:
    """As the form would send them."""
    switches = {name: "on" for name in ("morning", "sky", "wash") if getattr(choices, name)}
    quiet = [str(day) for day in choices.quiet_days]
    return {**switches, "at": choices.at.isoformat("minutes"), "quiet_days": quiet}


@require_POST
@login_required
@limit_posts("devices", limit=60, seconds=3600)
def add_device(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What the browser's push manager says: 201, or 400 for what could not be sent to."""
    told = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth", "name")}
    if not public_key():
        return HttpResponse(_("This site has no key to push with."), status=400)
    try:
        subscriptions.add(request.user, **told)
    except BadSubscriptionError:
        return HttpResponse(_("That is no push subscription."), status=400)
    return HttpResponse(status=201)


@require_POST
@login_required
def remove_device(request: AuthenticatedHttpRequest, device_id: int) -> HttpResponse:
    """It is told nothing more. With an undo it is; the browser itself asks for it again if its wearer does."""
    if is_undo(request):
        former = {name: str(value) for name, value in read_sent(request).items()}
        try:
            subscriptions.add(request.user, **former)
        except BadSubscriptionError:
            messages.error(request, _("That could not be taken back any more."))
        else:
            say_undone(request)
        return redirect("styling:notifications")
    device = get_object_or_404(PushSubscription, pk=device_id, user=request.user)
    told = {name: getattr(device, name) for name in ("endpoint", "p256dh", "auth", "name")}
    device.delete()
    messages.success(
        request,
        _("That browser is told nothing more. It can be added again from there."),
        extra_tags=offer_undo(request, request.path, told),
    )
    return redirect("styling:notifications")


@require_POST
@login_required
@limit_posts("notification-try", limit=10, seconds=600)
def try_it(request: AuthenticatedHttpRequest) -> HttpResponse:
    if telling.tell(request.user, telling.make_test()):
        messages.success(request, _("Sent. It should be there in a moment."))
    else:
        messages.error(
            request, _("It did not go: no browser of yours is added, and this site sends no mail.")
        )
    return redirect("styling:notifications")
