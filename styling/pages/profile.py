"""What the stylist knows of its wearer, said by them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.acts.undoing import read_sent, say_done
from accounts.http import AuthenticatedHttpRequest
from styling import selectors
from styling.models import Profile
from styling.pages.forms import ProfileForm
from styling.services.profiles import get_profile


@require_http_methods(["GET", "POST"])
@login_required
def edit_profile(request: AuthenticatedHttpRequest) -> HttpResponse:
    profile = get_profile(request.user)
    former = describe_profile(profile)
    form = ProfileForm(read_sent(request) or None, instance=profile)
    if form.is_valid():
        form.save()
        say_done(request, _("Saved. The next answer knows it."), former)
        return redirect("styling:profile")
    context = {
        "form": form,
        "learned": selectors.list_learned(request.user),
        "left_out": selectors.list_left_out(request.user, request.GET.get("left-out")),
    }
    return render(request, "styling/profile.html", context, status=422 if form.errors else 200)


def describe_profile(profile: Profile) -> dict[str, str]:
    """As the form would send it."""
    return {name: str(getattr(profile, name)) for name in ProfileForm.Meta.fields}
