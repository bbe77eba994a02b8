"""The page on which a wearer makes a picture of an outfit, and what others see of it."""

import hashlib
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from styling.models import SharedPicture, Suggestion
from styling.sharing import links
from styling.sharing.card import SIZES
from styling.sharing.drawing import plan_picture
from styling.sharing.forms import PictureForm
from wardrobe.photos import storage

A_PAGE = 20
TOO_MANY = gettext_lazy("You share two hundred pictures already. Take a few of them back first.")


def find_outfit(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> Suggestion:
    """The wearer's answer with at least one piece; somebody else's is not found."""
    suggestions = Suggestion.objects.for_owner(request.user).exclude(pieces=None).distinct()
    return get_object_or_404(suggestions.select_related("event", "owner"), pk=suggestion_id)


@require_safe
@login_required
def choose_picture(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    suggestion = find_outfit(request, suggestion_id)
    form = PictureForm(request.GET)
    wish = form.read_wish()
    context = {
        "suggestion": suggestion,
        "form": form,
        "wish": wish,
        "query": urlencode(
            {
                "chosen": True,
                **{
                    name: "on" if value is True else value
                    for name, value in wish._asdict().items()
                    if value
                },
            }
        ),
        "shapes": SharedPicture.Shape.choices,
        "size": SIZES[wish.shape],
        "description": plan_picture(suggestion, wish).describe(),
        "site_url": settings.SITE_URL,
        "links": suggestion.shared.all(),
    }
    return render(request, "styling/sharing/picture.html", context)


@require_safe
@login_required
def preview_picture(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    """What would be shared: drawn anew, and kept nowhere."""
    suggestion = find_outfit(request, suggestion_id)
    wish = PictureForm(request.GET).read_wish()
    response = HttpResponse(plan_picture(suggestion, wish).draw(), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = 'inline; filename="outfit.jpg"'
    return response


@require_POST
@login_required
def make_link(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    suggestion = find_outfit(request, suggestion_id)
    try:
        links.share(suggestion, PictureForm(request.POST).read_wish())
    except links.TooManyLinksError:
        messages.error(request, TOO_MANY)
        return redirect("styling:shared")
    return redirect("styling:picture", suggestion.pk)


@require_safe
@login_required
def list_links(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Those that were just taken back, too: that can be undone for an hour."""
    shared = SharedPicture.objects.for_owner(request.user)
    page = Paginator(shared.select_related("suggestion__event"), A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request, "styling/sharing/list.html", {"page": page, "site_url": settings.SITE_URL}
    )


@require_POST
@login_required
def change_link(request: AuthenticatedHttpRequest, link_id: UUID) -> HttpResponse:
    """Take it back, or undo that."""
    link = get_object_or_404(SharedPicture.objects.for_owner(request.user), pk=link_id)
    if "undo" in request.POST:
        links.restore(link)
    else:
        links.withdraw(link)
    if request.htmx:
        link.refresh_from_db()
        context = {"link": link, "site_url": settings.SITE_URL}
        return render(request, "styling/sharing/_link.html", context)
    return redirect("styling:shared")


def find_public(token: str) -> SharedPicture:
    """Raises Http404, for what no database keeps as a text, too."""
    if "\0" in token:
        raise Http404
    return get_object_or_404(SharedPicture.objects.public(), token=token)


def answer_anybody(response: HttpResponse) -> HttpResponse:
    """What has been taken back is gone at the next look; search engines keep nothing; nobody learns the address."""
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def show_shared(request: HttpRequest, shared_token: str) -> HttpResponse:
    link = find_public(shared_token)
    context = {"link": link, "size": SIZES[link.shape], "site_url": settings.SITE_URL}
    return answer_anybody(render(request, "styling/sharing/shared.html", context))


@require_safe
def serve_shared(request: HttpRequest, shared_token: str) -> HttpResponse:
    link = find_public(shared_token)
    etag = f'"{hashlib.sha256(link.file.encode()).hexdigest()[:16]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = HttpResponse(storage.read_file(link.file), content_type="image/jpeg")
        except FileNotFoundError:
            raise Http404 from None
    response["ETag"] = etag
    return answer_anybody(response)
