import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.base import File
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest, read_key
from accounts.models import User
from accounts.rate_limits import limit_posts
from telemetry.traces import add_number
from wardrobe import jobs
from wardrobe.forms.photos import ACCEPT, MOST_AT_ONCE, PhotoAnswerForm, PhotoUploadForm
from wardrobe.models import Garment, Photo
from wardrobe.photos import storage
from wardrobe.photos.formats import UnreadablePhotoError
from wardrobe.services import identification
from wardrobe.services import photos as services
from wardrobe.services.basics import find_look_first

logger = logging.getLogger(__name__)

HOUR = 3600
WALL = 15
"""New pieces that are shown when all photos are read."""
PLAIN_TEXT = "text/plain; charset=utf-8"
MEDIA_HEADERS = {
    # Even if a browser were to show one as a page, nothing in it could run or be embedded.
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Content-Disposition": "inline",
    # The bytes under an address never change; each time the server is asked whether they may be seen.
    "Cache-Control": "private, no-cache",
}


@dataclass(frozen=True)
class UploadOutcome:
    """What became of one file: a photo, or a message for its sender.

    `is_repeat`: the wearer had it already. A lost answer that is asked for again is no repeat.
    """

    name: str
    photo: Photo | None = None
    is_repeat: bool = False
    message: str = ""
    status: int = 201


def get_photo(request: AuthenticatedHttpRequest, photo_id: UUID) -> Photo:
    """The wearer's photo; somebody else's is not found."""
    photos = Photo.objects.for_owner(request.user).select_related(
        "duplicate_of", "alike", "view_of"
    )
    return get_object_or_404(photos, pk=photo_id)


@require_http_methods(["GET", "POST"])
@login_required
@limit_posts("upload", limit=1000, seconds=HOUR)
def upload_photos(request: AuthenticatedHttpRequest) -> HttpResponse:
    """One file and its key from the page's script, which gets its tile; or many from a plain form."""
    if request.method == "GET":
        return render_upload(request, batch=read_key(request.GET.get("batch", "")))
    form = PhotoUploadForm(request.POST, request.FILES, auto_id="%s")
    if not form.is_valid():
        return render_upload(request, form=form, status=422)
    files, upload_key = form.cleaned_data["photos"], form.cleaned_data["upload_key"]
    batch = form.cleaned_data["batch"] or uuid4()
    outcomes = [receive_file(request.user, file, upload_key or uuid4(), batch) for file in files]
    if upload_key:
        return answer_script(request, outcomes[0])
    return render_upload(request, batch=batch, outcomes=outcomes)


def render_upload(
    request: AuthenticatedHttpRequest,
    *,
    form: PhotoUploadForm | None = None,
    batch: UUID | None = None,
    outcomes: Sequence[UploadOutcome] = (),
    status: int = 200,
) -> HttpResponse:
    """The page of a batch, as far as it has come; `outcomes` are of files that have just been sent."""
    context = {
        "form": form,
        "untaken": [one for one in outcomes if one.photo is None or one.is_repeat],
        "accept": ACCEPT,
        "max_bytes": settings.PHOTO_MAX_BYTES,
        "max_megabytes": settings.PHOTO_MAX_BYTES // 1_000_000,
        "max_count": settings.PHOTO_MAX_COUNT,
        "most_at_once": MOST_AT_ONCE,
        **describe_batch(request.user, batch),
    }
    return render(request, "wardrobe/photo_upload.html", context, status=status)


def describe_batch(owner: User, batch: UUID | None) -> dict[str, object]:
    """The photos of a batch, what wants a word, and what came of them."""
    own = Photo.objects.for_owner(owner).select_related("duplicate_of", "alike", "view_of")
    shown = own.prefetch_related("garments", "duplicate_of__garments")
    photos = list(shown.of_batch(batch)) if batch else []
    made = Garment.objects.for_owner(owner).filter(photo__in=photos).select_related("photo")
    unread = sum(photo.is_working for photo in photos)
    done = len(photos) - unread
    return {
        "batch": batch,
        "photos": photos,
        "done": done,
        "read": done - sum(photo.status == Photo.Status.FAILED for photo in photos),
        "unread": unread,
        "wanting": own.of_batch(batch).wanting_a_word() if batch else [],
        "made": made.count(),
        "wall": made.order_by("slot", "-created_at", "pk")[:WALL],
        "unsure": find_look_first(owner, made) if photos and not unread else None,
        "combinations": count_combinations(owner) if photos and not unread else 0,
    }


def count_combinations(owner: User) -> int:
    """How many ways there are to wear something above, something below (or a dress) and shoes, of what hangs here.

    A product of counts: whether the colours and the day suit them is the stylist's to say.
    """
    hanging = Garment.objects.for_owner(owner).wearable().order_by()
    count = dict(hanging.values_list("slot").annotate(Count("pk")))
    bodies: int = count.get("top", 0) * count.get("bottom", 0) + count.get("dress", 0)
    return bodies * int(count.get("shoes", 0))


@require_safe
@login_required
def show_batch(request: AuthenticatedHttpRequest, batch: UUID) -> HttpResponse:
    """What came of photos that were sent together: the part of their page below the tiles."""
    if not Photo.objects.for_owner(request.user).of_batch(batch).exists():
        raise Http404
    if not request.htmx:
        return redirect(reverse("wardrobe:photo-upload") + f"?batch={batch}")
    return render(request, "wardrobe/_batch_end.html", describe_batch(request.user, batch))


@csrf_exempt  # Another app's post, without a token of ours; it changes nothing.
@require_POST
@login_required
def share_photos(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Where a device sends photos that are shared with the app, if no service worker took them: none is added."""
    messages.warning(
        request, _("Nothing was added yet. Now that Dresscode is open, share them once more.")
    )
    return redirect("wardrobe:photo-upload")


@require_safe
@login_required
def show_queue(request: AuthenticatedHttpRequest) -> JsonResponse:
    """What the service worker needs to send what waits on this device: whose photos, and a token for the form."""
    return JsonResponse({"account": request.user.device_mark, "token": get_token(request)})


def receive_file(
    owner: User, file: File[bytes], upload_key: UUID, batch: UUID | None
) -> UploadOutcome:
    """Add one file and queue it; whatever is wrong with it concerns no other file."""
    name = file.name or ""
    try:
        photo, is_new = services.add_photo(
            owner=owner, upload_key=upload_key, file=file, batch=batch
        )
    except UnreadablePhotoError as error:
        return UploadOutcome(name, message=error.message, status=422)
    except services.UploadKeyReusedError:
        return UploadOutcome(
            name, message=_("Another photo was sent in its place. Add it again."), status=409
        )
    except Exception:  # Each storage has its own exceptions.
        logger.exception("a file could not be kept")
        message = add_number(_("It could not be saved just now. Keep the photo and try again."))
        return UploadOutcome(name, message=message, status=503)
    if is_new:
        jobs.enqueue_process_photo(photo)
    is_repeat = photo.upload_key != upload_key
    return UploadOutcome(name, photo, is_repeat, status=201 if is_new else 200)


def answer_script(request: HttpRequest, outcome: UploadOutcome) -> HttpResponse:
    """The tile of a photo, or a sentence of plain text."""
    if outcome.photo is None:
        return HttpResponse(outcome.message, PLAIN_TEXT, status=outcome.status)
    context = {"photo": outcome.photo, "is_repeat": outcome.is_repeat}
    return render(request, "wardrobe/_photo_tile.html", context, status=outcome.status)


@require_safe
@login_required
def show_photo_card(request: AuthenticatedHttpRequest, photo_id: UUID) -> HttpResponse:
    return render_photo(request, get_photo(request, photo_id))


def render_photo(request: HttpRequest, photo: Photo) -> HttpResponse:
    """Its tile among those that were sent, its row in the list of files, or its card on the shelf."""
    if "tile" in request.GET:
        context = {"photo": photo, "is_repeat": "repeat" in request.GET}
        return render(request, "wardrobe/_photo_tile.html", context)
    if "name" in request.GET:
        name, is_repeat = request.GET["name"][:255], "repeat" in request.GET
        context = {"photo": photo, "name": name, "is_repeat": is_repeat}
        return render(request, "wardrobe/_photo_row.html", context)
    return render(request, "wardrobe/_photo_card.html", {"photo": photo})


@require_POST
@login_required
def retry_photo(request: AuthenticatedHttpRequest, photo_id: UUID) -> HttpResponse:
    photo = get_photo(request, photo_id)
    if services.retry_photo(photo):
        jobs.enqueue_process_photo(photo)
    if request.htmx:
        return render_photo(request, photo)
    return redirect("wardrobe:garment-list")


@require_POST
@login_required
def answer_photo(request: AuthenticatedHttpRequest, photo_id: UUID) -> HttpResponse:
    """Whether it is the same one. An answer that came too late shows how things stand."""
    photo = get_photo(request, photo_id)
    form = PhotoAnswerForm(request.POST, photo=photo)
    if form.is_valid():
        identification.answer_photo(photo, verdict=form.verdict, garment=form.garment)
        if photo.is_working:
            jobs.enqueue_process_photo(photo)
    if request.htmx:
        return render_photo(request, photo)
    return redirect("wardrobe:photo-detail", photo.pk)


@require_http_methods(["GET", "POST"])
@login_required
def delete_photo(request: AuthenticatedHttpRequest, photo_id: UUID) -> HttpResponse:
    """GET asks, for browsers that cannot open the dialog. One more photo of a piece leads back to that."""
    photo = get_photo(request, photo_id)
    if request.method == "GET":
        return render(request, "wardrobe/photo_confirm_delete.html", {"photo": photo})
    shown = photo.view_of_id
    services.delete_photo(photo)
    if request.htmx:
        return HttpResponse()
    messages.success(request, _("The photo is deleted."))
    if shown:
        return redirect("wardrobe:garment-detail", shown)
    return redirect("wardrobe:garment-list")


@require_safe
def serve_photo(request: HttpRequest, photo_id: UUID, rendition: str) -> HttpResponseBase:
    """`rendition` is "image" or "thumbnail". Not found for everyone but the owner."""
    photo = get_object_or_404(Photo, pk=photo_id, owner=request.user.pk)
    names = {"image": photo.image.name, "thumbnail": photo.thumbnail.name}
    return serve_file(request, names.get(rendition))


@require_safe
def serve_garment(request: HttpRequest, garment_id: UUID) -> HttpResponseBase:
    """The view that is its face; else the garment's part of its photo, or all of that if it has none of its own.

    Those of the household who may look at it get its part of the photo and nothing else.
    """
    garment = get_seen(request, garment_id)
    if garment.owner_id != request.user.pk:
        return serve_file(request, garment.image.name)
    whole = garment.photo.thumbnail.name if garment.photo else None
    face = garment.face.thumbnail.name if garment.face else None
    return serve_file(request, face or garment.image.name or whole)


@require_safe
def serve_cut_out(request: HttpRequest, garment_id: UUID) -> HttpResponseBase:
    """The garment without what it lay on. Not found for everyone but those who may see it, and without one."""
    garment = get_seen(request, garment_id)
    is_owner = garment.owner_id == request.user.pk
    return serve_file(request, garment.cut_out.name if is_owner or garment.shows_cut_out else None)


def get_seen(request: HttpRequest, garment_id: UUID) -> Garment:
    """A garment of the wearer's, or on a shelf that is shared with them."""
    if not request.user.is_authenticated:
        raise Http404
    garments = Garment.objects.seen_by(request.user).select_related("photo", "face")
    return get_object_or_404(garments, pk=garment_id)


def serve_file(request: HttpRequest, name: str | None) -> HttpResponseBase:
    """A stored picture, read through the app: it works with every storage, and the page's content
    policy needs to trust no other host. Pictures are small; their names change with their bytes.
    """
    if not name:
        raise Http404
    etag = f'"{name.rsplit("/", 1)[-1]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = HttpResponse(storage.read_file(name), content_type="image/webp")
        except FileNotFoundError:
            logger.error("%s is gone from the storage", name)
            raise Http404 from None
    response.headers["ETag"] = etag
    for header, value in MEDIA_HEADERS.items():
        response.headers[header] = value
    return response
