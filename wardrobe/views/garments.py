from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest, wants_partial
from accounts.models import User
from wardrobe.forms.care import ElsewhereForm, IntervalForm
from wardrobe.forms.filters import GarmentFilterForm
from wardrobe.forms.garments import GarmentForm, NewGarmentForm
from wardrobe.forms.many import AwayForm
from wardrobe.forms.wears import WornOnForm
from wardrobe.models import Garment, Photo
from wardrobe.services import garments as services
from wardrobe.services.basics import find_missing, find_unsure
from wardrobe.services.garment_photos import list_photos
from wardrobe.services.intervals import interval_of
from wardrobe.services.logs import read_log, read_usage
from wardrobe.services.story import tell_story
from wardrobe.services.wears import count_plans_come
from wardrobe.similarity.search import garments_alike

PER_PAGE = 24
LOG_PER_PAGE = 10
CORE_FIELDS = ["type", "colours", "pattern", "sleeve", "length", "material", "warmth"]
CORE_FIELDS += ["water_resistant", "formality", "seasons"]
MORE_FIELDS = [
    "layering",
    "fit",
    "occasions",
    "style_tags",
    "brand",
    "price",
    "currency",
    "quantity",
]
MORE_FIELDS += ["notes"]
DELETED_BECAUSE = {"not_mine", "no_garment"}


def get_garment(request: AuthenticatedHttpRequest, garment_id: UUID) -> Garment:
    """The wearer's garment; somebody else's is not found."""
    garments = Garment.objects.for_owner(request.user).select_related("photo", "owner")
    return get_object_or_404(garments, pk=garment_id)


@require_safe
@login_required
def list_garments(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The rack. With htmx only what the filters change; the address always tells all."""
    count_plans_come(request.user)
    form = GarmentFilterForm(request.GET, owner=request.user)
    page = Paginator(form.results(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    if wants_partial(request):
        response = render(request, "wardrobe/_rack.html", context)
    else:
        response = render(request, "wardrobe/garment_list.html", context | overview(request.user))
    patch_vary_headers(response, ["HX-Request"])
    return response


def overview(owner: User) -> dict[str, object]:
    """What stands above the rack: how much there is, and what wants a look."""
    garments = Garment.objects.for_owner(owner).current()
    photos = Photo.objects.for_owner(owner).wanting_a_look()
    return {
        **describe_hints(owner),
        "in_wash": garments.filter(in_wash=True).count(),
        "archived": Garment.objects.for_owner(owner).filter(status=Garment.Status.ARCHIVED).count(),
        "photos": photos[:12],
        "to_review": garments.needing_review().select_related("photo")[:12],
    }


def describe_hints(owner: User) -> dict[str, object]:
    """What `_wanting.html` and `_first_day.html` say: a word about one piece may change it. What is in line or in hand
    wants nothing of the wearer."""
    garments = Garment.objects.for_owner(owner).current()
    photos = Photo.objects.for_owner(owner).wanting_a_word()
    missing = find_missing(owner)
    return {
        "wanting": photos.count() + garments.needing_review().count(),
        "total": garments.count(),
        "missing": missing,
        "unsure": find_unsure(owner, missing),
    }


@require_safe
@login_required
def show_garment(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """Of a piece on a shelf that is shared with them, its page in the household."""
    others = Garment.objects.seen_by(request.user).exclude(owner=request.user)
    if others.filter(pk=garment_id).exists():
        return redirect("wardrobe:household-piece", garment_id)
    count_plans_come(request.user)
    garment = get_garment(request, garment_id)
    return render_garment(request, garment, GarmentForm(garment=garment))


@require_safe
@login_required
def show_look(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """Its picture alone, for a page that waits for the cut-out."""
    garment = get_garment(request, garment_id)
    return render(request, "wardrobe/_item_look.html", {"garment": garment})


def render_garment(
    request: AuthenticatedHttpRequest,
    garment: Garment,
    form: GarmentForm,
    *,
    worn_on: WornOnForm | None = None,
    elsewhere: ElsewhereForm | None = None,
    interval: IntervalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "garment": garment,
        "form": form,
        "name_row": form.row("name"),
        "core": list(form.rows(*CORE_FIELDS)),
        "more": list(form.rows(*MORE_FIELDS)),
        "shown": list_photos(garment),
        "alike": garments_alike(garment),
        "next": next_to_review(garment),
        **describe_care(request, garment, worn_on, elsewhere=elsewhere, interval=interval),
    }
    return render(request, "wardrobe/garment_detail.html", context, status=status)


def describe_care(
    request: HttpRequest,
    garment: Garment,
    form: WornOnForm | None = None,
    *,
    elsewhere: ElsewhereForm | None = None,
    interval: IntervalForm | None = None,
) -> dict[str, object]:
    """Its log, a page at a time, and the forms for another day, for being away, and for when it is due."""
    return {
        "log": Paginator(read_log(garment), LOG_PER_PAGE).get_page(request.GET.get("wears")),
        "worn_on": form or WornOnForm(garment=garment),
        "elsewhere_form": elsewhere or ElsewhereForm(garment=garment),
        "interval_form": interval or IntervalForm(garment=garment),
        "interval": interval_of(garment),
        "usage": read_usage(garment, garment.owner.today),
        "story": tell_story(garment, garment.owner.today),
        "away_now": garment.cares.away(),
        "is_form_open": bool((elsewhere and elsewhere.errors) or (interval and interval.errors)),
    }


def next_to_review(garment: Garment) -> Garment | None:
    waiting = Garment.objects.for_owner(garment.owner).needing_review()
    return waiting.exclude(pk=garment.pk).first()


@require_http_methods(["GET", "POST"])
@login_required
def add_garment(request: AuthenticatedHttpRequest, photo_id: UUID | None = None) -> HttpResponse:
    """A garment in the wearer's words, on one of their photos or on none."""
    photos = Photo.objects.for_owner(request.user)
    photo = get_object_or_404(photos, pk=photo_id) if photo_id else None
    form = NewGarmentForm(request.POST or None)
    if form.is_valid():
        garment = services.add_garment(owner=request.user, changes=form.cleaned_data, photo=photo)
        said = _("%(name)s hangs in your wardrobe.") % {"name": services.call(garment)}
        undo = reverse("wardrobe:garment-delete", args=[garment.pk])
        messages.success(request, said, extra_tags="" if photo else undo)
        return redirect("wardrobe:garment-detail", garment.pk)
    context = {"form": form, "photo": photo}
    return render(
        request, "wardrobe/garment_add.html", context, status=422 if form.is_bound else 200
    )


@require_POST
@login_required
def toggle_favourite(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    garment = get_garment(request, garment_id)
    services.set_favourite(garment, is_favourite="off" not in request.POST)
    if request.htmx:
        return render(request, "wardrobe/_favourite.html", {"garment": garment})
    return redirect("wardrobe:garment-detail", garment.pk)


@require_POST
@login_required
def archive_garment(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """Put away, or with `off` bring back."""
    garment = get_garment(request, garment_id)
    address = reverse("wardrobe:garment-archive", args=[garment.pk])
    if "off" in request.POST or "undo" in request.GET:
        services.unarchive_garment(garment)
        messages.success(
            request, _("%(name)s is back on the rack.") % {"name": services.call(garment)}
        )
        return redirect("wardrobe:garment-detail", garment.pk)
    form = AwayForm(request.POST)
    services.archive_garment(
        garment, because=form.cleaned_data["because"] if form.is_valid() else ""
    )
    messages.success(
        request,
        _("%(name)s is put away.") % {"name": services.call(garment)},
        extra_tags=f"{address}?undo",
    )
    return redirect("wardrobe:garment-list")


@require_http_methods(["GET", "POST"])
@login_required
def delete_garment(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """GET asks, for browsers that cannot open the dialog; POST deletes, `because` of what its button says."""
    garment = get_garment(request, garment_id)
    if request.method == "GET":
        return render(request, "wardrobe/garment_confirm_delete.html", {"garment": garment})
    because = request.POST.get("because", "")
    services.delete_garment(
        garment, because=because if because in DELETED_BECAUSE else services.REMOVED
    )
    messages.success(request, _("%(name)s is deleted.") % {"name": services.call(garment)})
    return redirect("wardrobe:garment-list")


@require_safe
@login_required
def show_photo(request: AuthenticatedHttpRequest, photo_id: UUID) -> HttpResponse:
    """The whole photo, with the place of each garment in it."""
    photos = Photo.objects.for_owner(request.user).select_related(
        "duplicate_of", "alike", "view_of"
    )
    photo = get_object_or_404(photos, pk=photo_id)
    return render(request, "wardrobe/photo_detail.html", {"photo": photo})
