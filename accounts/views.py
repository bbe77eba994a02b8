from typing import Any

from axes.utils import reset as forget_failures
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.forms import (
    ChangePasswordForm,
    ForgottenPasswordForm,
    NewPasswordForm,
    SignInForm,
    SignUpForm,
)
from accounts.rate_limits import limit_posts

BACKEND = "django.contrib.auth.backends.ModelBackend"
HOUR = 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The landing page; who is signed in goes straight to the question."""
    if request.user.is_authenticated:
        return redirect("styling:ask")
    return render(request, "accounts/home.html", {"form": SignUpForm()})


@sensitive_post_parameters("password")
@limit_posts("sign-up", limit=10, seconds=HOUR)
def sign_up(request: HttpRequest) -> HttpResponse:
    """A new wearer lands in their empty wardrobe."""
    if request.user.is_authenticated:
        return redirect("wardrobe:garment-list")
    form = SignUpForm(request.POST or None)
    wearer = form.save() if form.is_valid() else None
    if wearer is None:
        status = 422 if form.is_bound else 200
        return render(request, "registration/sign_up.html", {"form": form}, status=status)
    login(request, wearer, backend=BACKEND)
    return redirect("wardrobe:garment-list")


class SignInView(auth_views.LoginView):
    """The browser's zone counts for an account that has none."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        wearer, time_zone = form.get_user(), form.cleaned_data["time_zone"]
        if time_zone and not wearer.time_zone:
            wearer.live_in(time_zone)
        return super().form_valid(form)


@method_decorator(limit_posts("password-reset", limit=10, seconds=HOUR), name="dispatch")
class ForgottenPasswordView(auth_views.PasswordResetView):
    """Says the same whether there is such a wearer or not."""

    form_class = ForgottenPasswordForm
    email_template_name = "registration/password_reset_email.txt"
    subject_template_name = "registration/password_reset_subject.txt"
    extra_email_context = {"site_url": settings.SITE_URL}


class NewPasswordView(auth_views.PasswordResetConfirmView):
    """The link in the email proves who it is: a new password signs in and ends a pause."""

    form_class = NewPasswordForm  # type: ignore[assignment]
    post_reset_login = True
    post_reset_login_backend = BACKEND
    success_url = reverse_lazy("wardrobe:garment-list")

    def form_valid(self, form: Any) -> HttpResponse:
        forget_failures(username=form.user.email.casefold())
        return super().form_valid(form)


class ChangePasswordView(auth_views.PasswordChangeView):
    """This session goes on with the new password; all others end."""

    form_class = ChangePasswordForm  # type: ignore[assignment]
    success_url = reverse_lazy("styling:profile")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Your password is changed.")
        return super().form_valid(form)
