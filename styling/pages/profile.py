"""What the stylist knows of its wearer, said by them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedHttpRequest
from styling import selectors
from styling.pages.forms import ProfileForm
from styling.services.profiles import get_profile


@require_http_methods(["GET", "POST"])
@login_required
def edit_profile(request: AuthenticatedHttpRequest) -> HttpResponse:
    profile = get_profile(request.user)
    form = ProfileForm(request.POST or None, instance=profile)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved. The next answer knows it."))
        return redirect("styling:profile")
    context = {
        "form": form,
        "learned": selectors.list_learned(request.user),
        "left_out": selectors.list_left_out(request.user, request.GET.get("left-out")),
    }
    return render(request, "styling/profile.html", context, status=422 if form.errors else 200)
