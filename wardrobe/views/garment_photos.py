"""Photos of one garment: one more, and their order."""

import logging
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import AuthenticatedHttpRequest
from accounts.rate_limits import limit_posts
from telemetry.traces import add_number
from wardrobe import jobs
from wardrobe.forms.photos import PhotoUploadForm
from wardrobe.models import Garment
from wardrobe.photos.formats import UnreadablePhotoError
from wardrobe.services import garment_photos as services
from wardrobe.views.garments import get_garment

logger = logging.getLogger(__name__)

HOUR = 3600
STEPS = ("first", "earlier", "later")


@require_POST
@login_required
@limit_posts("upload", limit=1000, seconds=HOUR)
def add_photo(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """One photo or several of a garment; each that cannot be taken is told."""
    garment = get_garment(request, garment_id)
    form = PhotoUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a photo first."))
        return show_photos(garment)
    for file in form.cleaned_data["photos"]:
        try:
            photo, is_new = services.add_view(garment, upload_key=uuid4(), file=file)
        except UnreadablePhotoError as error:
            messages.error(request, error.message)
        except services.KnownPhotoError:
            messages.warning(request, _("You have this photo already: it shows another piece."))
        except services.TooManyPhotosError:
            messages.warning(
                request,
                _("A piece has at most %(most)s photos more.") % {"most": services.MOST_PHOTOS},
            )
        except Exception:  # Each storage has its own exceptions.
            logger.exception("a file could not be kept")
            messages.error(request, add_number(_("It could not be saved just now. Try again.")))
        else:
            if is_new:
                jobs.enqueue_process_photo(photo)
    return show_photos(garment)


@require_POST
@login_required
def move_photo(request: AuthenticatedHttpRequest, garment_id: UUID, photo_id: UUID) -> HttpResponse:
    """First, earlier or later among the photos of a garment; a photo of another one is not found."""
    garment = get_garment(request, garment_id)
    step: Any = request.POST.get("step", "")
    if step not in STEPS:
        raise Http404
    try:
        services.move_photo(garment, photo_id, step=step)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return show_photos(garment)


def show_photos(garment: Garment) -> HttpResponse:
    return redirect(reverse("wardrobe:garment-detail", args=[garment.pk]) + "#photos-of-it")
