from datetime import timedelta
from typing import Any

from allauth.account.utils import perform_login
from axes.utils import reset as forget_failures
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.acts.asking import ask_first, is_sure
from accounts.forms import ForgottenPasswordForm, NewPasswordForm, SignInForm, SignUpForm
from accounts.http import NEXT, AuthenticatedHttpRequest, read_next
from accounts.models import User
from accounts.rate_limits import limit_posts, sign_in_name
from accounts.second_factor.forms import CountedChangePasswordForm
from accounts.signin import budgets, confirming, devices, notices

HOUR = 3600
AWAITING = "awaits_confirmation"
"""In the session of who knows the password and has not confirmed the email: their primary key."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The landing page; who is signed in goes straight to the question."""
    if request.user.is_authenticated:
        return redirect("styling:ask")
    return render(request, "accounts/home.html", {"form": SignUpForm()})


@sensitive_post_parameters("password")
@limit_posts("sign-up", limit=10, seconds=HOUR)
def sign_up(request: HttpRequest) -> HttpResponse:
    """A new wearer lands where they wanted to go, else in their empty wardrobe; where mail is sent, once they followed
    the link in one.
    """
    wanted = read_next(request)
    if request.user.is_authenticated:
        return redirect(wanted or "wardrobe:garment-list")
    form = SignUpForm(request.POST or None)
    if form.is_valid() and settings.CONFIRM_EMAIL:
        confirming.begin(**form.cleaned_data)
        request.session[NEXT] = wanted
        return redirect("confirm-email-sent")
    wearer = form.save() if form.is_valid() else None
    if wearer is None:
        status = 422 if form.is_bound else 200
        context = {"form": form, NEXT: wanted}
        return render(request, "registration/sign_up.html", context, status=status)
    return let_in(request, wearer, wanted or reverse("wardrobe:garment-list"))


def let_in(request: HttpRequest, user: User, address: str) -> HttpResponse:
    """Sign in and go on to the address, by way of the second factor where the account has one."""
    response: HttpResponse = perform_login(
        request, user, email_verification="none", redirect_url=address
    )
    return response


@never_cache
@limit_posts("confirm-email", limit=10, seconds=HOUR)
def confirm_email_sent(request: HttpRequest) -> HttpResponse:
    """Says the same to everybody; sends the mail again to who signed in with the right password."""
    known: int = request.session.get(AWAITING, 0)
    wearer = User.objects.filter(pk=known, awaits_confirmation=True).first()
    if request.method == "POST" and wearer:
        if confirming.write(wearer, "registration/confirm_email"):
            messages.success(request, _("Sent once more."))
        else:
            messages.error(request, _("The mail could not be sent. Try again in a while."))
        return redirect("confirm-email-sent")
    return render(request, "registration/confirm_email_sent.html", {"may_resend": bool(wearer)})


@never_cache
@limit_posts("confirm-email", limit=30, seconds=HOUR)
def confirm_email(request: HttpRequest, key: str) -> HttpResponse:
    """The link in the mail. Confirmed by a button, for scanners of mails follow links."""
    wearer = confirming.read_key(key)
    if wearer is None:
        return render(request, "registration/confirm_email.html", status=404)
    if request.method != "POST":
        return render(request, "registration/confirm_email.html", {"wearer": wearer})
    confirming.confirm(wearer)
    wanted = request.session.pop(NEXT, "")
    if request.session.pop(AWAITING, None) == wearer.pk:
        return let_in(request, wearer, wanted or reverse("wardrobe:garment-list"))
    messages.success(request, _("Your email is confirmed. Sign in to open your wardrobe."))
    asked = f"?{urlencode({NEXT: wanted})}" if wanted else ""
    return redirect(f"{reverse('login')}{asked}")


class SignInView(auth_views.LoginView):
    """The browser's zone counts for an account that has none."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.budgets = find_budgets(request)
        taken = budgets.take_tries(self.budgets)
        if taken.pause_s:
            return ask_to_wait(request, taken.pause_s)
        is_known = self.budgets[0].kind == "device" and taken.is_counted
        request.is_counted_device = is_known  # type: ignore[attr-defined]
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        wearer, time_zone = form.get_user(), form.cleaned_data["time_zone"]
        budgets.give_back(self.budgets)
        if wearer.awaits_confirmation:
            self.request.session[AWAITING] = wearer.pk
            return redirect("confirm-email-sent")
        if time_zone and not wearer.time_zone:
            wearer.live_in(time_zone)
        return let_in(self.request, wearer, self.get_success_url())


def find_budgets(request: HttpRequest) -> list[budgets.Budget]:
    """A device that has signed in to this account before has its own; others share the address's and the account's."""
    name = sign_in_name(request)
    user = User.objects.filter(email__iexact=name).first()
    if device := devices.find_device(request, user):
        return [budgets.device(device)]
    return [budgets.address(request), budgets.account(name)]


def ask_to_wait(request: HttpRequest, seconds: int) -> HttpResponse:
    context = {"cooloff_timedelta": timedelta(seconds=seconds)}
    page = render(request, "registration/locked_out.html", context, status=429)
    page.headers["Retry-After"] = str(seconds)
    return page


@login_required
@require_POST
def sign_out_everywhere(request: AuthenticatedHttpRequest) -> HttpResponse:
    """This session goes on; all others end, and no other browser is known any more. Asked first."""
    if not is_sure(request):
        return ask_first(
            request,
            title=_("Sign out all other devices?"),
            words=_("Each has to sign in again, with the password. This one stays signed in."),
            do=_("Sign out all other devices"),
            back=reverse("styling:profile"),
        )
    request.user.signed_out_at = timezone.now()
    request.user.save(update_fields=["signed_out_at"])
    update_session_auth_hash(request, request.user)
    messages.success(request, _("Every other device is signed out."))
    response = redirect("styling:profile")
    devices.remember_device(request, response, request.user)
    return response


@method_decorator(limit_posts("password-reset", limit=10, seconds=HOUR), name="dispatch")
class ForgottenPasswordView(auth_views.PasswordResetView):
    """Says the same whether there is such a wearer or not."""

    form_class = ForgottenPasswordForm
    email_template_name = "registration/password_reset_email.txt"
    subject_template_name = "registration/password_reset_subject.txt"
    extra_email_context = {"site_url": settings.SITE_URL}


class NewPasswordView(auth_views.PasswordResetConfirmView):
    """The link in the email proves who it is: a new password signs in, ends a pause and confirms the email.

    It is one factor: an account with a second one is asked for it.
    """

    form_class = NewPasswordForm  # type: ignore[assignment]
    success_url = reverse_lazy("wardrobe:garment-list")

    def form_valid(self, form: Any) -> HttpResponse:
        super().form_valid(form)
        name = form.user.email.casefold()
        forget_failures(username=name)
        budgets.forget(budgets.account(name))
        confirming.confirm(form.user)
        notices.tell_change(form.user, _("Your password was set anew, by a link in a mail."))
        return let_in(self.request, form.user, str(self.success_url))


class ChangePasswordView(auth_views.PasswordChangeView):
    """This session goes on with the new password; all others end."""

    form_class = CountedChangePasswordForm  # type: ignore[assignment]
    success_url = reverse_lazy("styling:profile")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password is changed."))
        response = super().form_valid(form)
        devices.remember_device(self.request, response, form.user)
        notices.tell_change(form.user, _("Your password was changed."))
        return response
