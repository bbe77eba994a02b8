"""The picture of a garment: turned, framed, refused, replaced. Each can be taken back."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.acts.undoing import is_undo, offer_undo, read_sent, say_undone
from accounts.http import AuthenticatedHttpRequest, read_key
from accounts.rate_limits import limit_posts
from wardrobe import jobs
from wardrobe.forms.photos import PhotoUploadForm
from wardrobe.forms.pictures import FrameForm
from wardrobe.models import Garment, Photo
from wardrobe.photos.formats import UnreadablePhotoError
from wardrobe.services import photos, pictures, replacements
from wardrobe.services.pictures import NotItsPhotoError
from wardrobe.views.garments import get_garment

HOUR = 3600
TURNS = {"left": -90, "right": 90}


def get_pictured(request: AuthenticatedHttpRequest, garment_id: UUID) -> Garment:
    """The wearer's garment on a photo that is there; any other is not found."""
    garments = Garment.objects.for_owner(request.user).exclude(photo=None).exclude(photo__image="")
    return get_object_or_404(garments.select_related("photo"), pk=garment_id)


def undo_by(name: str, garment: Garment, **told: str) -> str:
    """The address whose POST takes it back."""
    return f"{reverse(f'wardrobe:{name}', args=[garment.pk])}?{urlencode(told)}"


@require_POST
@login_required
def refuse_cut_out(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """ "The cut-out is wrong", or with `off` that it is right after all."""
    garment = get_pictured(request, garment_id)
    is_refused = "off" not in request.POST and "off" not in request.GET
    pictures.refuse_cut_out(garment, is_refused=is_refused)
    if is_refused:
        undo = undo_by("garment-refuse-cut-out", garment, off="1")
        messages.success(request, _("The photo is shown in its place."), extra_tags=undo)
    else:
        messages.success(request, _("The cut-out is shown again."))
    return redirect("wardrobe:garment-detail", garment.pk)


@require_POST
@login_required
def turn_garment(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """A quarter to the `left` or `right`."""
    garment = get_pictured(request, garment_id)
    side = request.POST.get("to") or request.GET.get("to", "")
    if side not in TURNS:
        return HttpResponse(_("To the left or to the right?"), status=400)
    pictures.turn_garment(garment, degrees=TURNS[side])
    jobs.enqueue_cut_garment(garment)
    undo = undo_by("garment-turn", garment, to="left" if side == "right" else "right")
    messages.success(request, _("Turned."), extra_tags=undo)
    return redirect("wardrobe:garment-detail", garment.pk)


@require_http_methods(["GET", "POST"])
@login_required
def frame_garment(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """The part of the photo that shows it, by its four edges in per cent."""
    garment = get_pictured(request, garment_id)
    edges = request.POST if "left" in request.POST else request.GET
    form = FrameForm(edges if request.method == "POST" else None, garment=garment)
    if not form.is_valid():
        context = {"garment": garment, "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "wardrobe/garment_frame.html", context, status=status)
    undo = undo_by("garment-frame", garment, **FrameForm.edges_of(garment))
    pictures.frame_garment(garment, box=form.box)
    jobs.enqueue_cut_garment(garment)
    messages.success(request, _("Framed anew."), extra_tags=undo)
    return redirect("wardrobe:garment-detail", garment.pk)


@require_POST
@login_required
@limit_posts("upload", limit=1000, seconds=HOUR)
def replace_photo(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """A new file becomes its photo once it is read; `photo` names one of the wearer's that does at once."""
    garment = get_garment(request, garment_id)
    if is_undo(request):
        return undo_replacement(request, garment)
    if chosen := request.POST.get("photo"):
        return use_photo(request, garment, chosen)
    form = PhotoUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose one photo."))
        return redirect("wardrobe:garment-detail", garment.pk)
    try:
        photo, is_new = photos.add_photo(
            owner=request.user,
            upload_key=uuid4(),
            file=form.cleaned_data["photos"][0],
            meant_for=garment,
        )
    except UnreadablePhotoError as error:
        messages.error(request, error.message)
        return redirect("wardrobe:garment-detail", garment.pk)
    if not is_new:
        return use_photo(request, garment, str(photo.pk))
    jobs.enqueue_process_photo(photo)
    undo = offer_former(request, garment, photo, is_added=True)
    messages.success(request, _("The new photo takes its place in a moment."), extra_tags=undo)
    return redirect("wardrobe:garment-detail", garment.pk)


def use_photo(request: AuthenticatedHttpRequest, garment: Garment, chosen: str) -> HttpResponse:
    try:
        photo = get_object_or_404(Photo.objects.for_owner(request.user), pk=UUID(chosen))
        undo = offer_former(request, garment, photo, is_added=False)
        pictures.use_photo(garment, photo)
    except (ValueError, NotItsPhotoError, FileNotFoundError):
        messages.error(request, _("That photo cannot be shown."))
    else:
        jobs.enqueue_cut_garment(garment)
        messages.success(request, _("That is its photo now."), extra_tags=undo)
    return redirect("wardrobe:garment-detail", garment.pk)


def offer_former(
    request: AuthenticatedHttpRequest, garment: Garment, new: Photo, *, is_added: bool
) -> str:
    former = replacements.find_former(garment).as_fields()
    fields = {
        "new": str(new.pk),
        "is_added": "1" if is_added else "",
        "view_of": str(new.view_of_id or ""),
    }
    return offer_undo(request, request.path, former | fields)


def undo_replacement(request: AuthenticatedHttpRequest, garment: Garment) -> HttpResponse:
    """Whether the new photo has taken its place by now or not."""
    sent = {name: str(value) for name, value in read_sent(request).items()}
    try:
        replacements.take_back(
            garment,
            new=UUID(sent["new"]),
            former=replacements.read_former(sent),
            is_added=bool(sent["is_added"]),
            view_of=read_key(sent["view_of"]),
        )
    except (NotItsPhotoError, FileNotFoundError):
        messages.error(request, _("That photo cannot be shown."))
    else:
        jobs.enqueue_cut_garment(garment)
        say_undone(request)
    return redirect("wardrobe:garment-detail", garment.pk)
