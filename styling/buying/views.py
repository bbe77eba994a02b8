import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.base import ContentFile, File
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from django_stubs_ext import StrOrPromise
from redis.exceptions import RedisError

from accounts.acts.asking import ask_first, is_sure
from accounts.http import AuthenticatedHttpRequest, read_key
from accounts.models import User
from accounts.rate_limits import limit_posts
from styling.buying import store
from styling.buying.forms import BuyingForm
from styling.buying.jobs import enqueue_judging
from styling.numbers.reading import find_pictures
from wardrobe import vocabulary
from wardrobe.forms.garments import types_by_slot
from wardrobe.forms.photos import ACCEPT
from wardrobe.jobs import enqueue_process_photo
from wardrobe.photos import formats
from wardrobe.photos.formats import UnreadablePhotoError
from wardrobe.services import photos

logger = logging.getLogger(__name__)

HOUR = 3600
GONE = gettext_lazy("That photo is forgotten: we keep it for a quarter of an hour.")
REPLACED = gettext_lazy(
    "That photo is forgotten: we keep one at a time, and you asked about another since."
)
PICTURE_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
}


@require_http_methods(["GET", "POST"])
@login_required
@limit_posts("buying", limit=60, seconds=HOUR)
def ask(request: AuthenticatedHttpRequest) -> HttpResponse:
    """A photo of something that is not owned, through the same door as every photo. Where its price is told wrongly, the
    photo need not be chosen once more."""
    is_sent = request.method == "POST"
    sent = (request.POST, request.FILES) if is_sent else ()
    form = BuyingForm(*sent, owner=request.user)
    token = None
    if is_sent:
        try:
            token = keep_photo(request, form)
            if token and form.is_valid():
                send_question(request.user, token, form.cleaned_data)
                return redirect("styling:buying-answer", token)
        except (RedisError, OSError):
            logger.warning("no photo can be judged: Redis is away", exc_info=True)
            form.add_error(None, _("It cannot be judged just now. Try again in a while."))
    context = {
        "form": form,
        "token": token,
        "accept": ACCEPT,
        "max_megabytes": settings.PHOTO_MAX_BYTES // 1_000_000,
    }
    status = 422 if is_sent else 200
    return render(request, "styling/buying.html", context, status=status)


def keep_photo(request: AuthenticatedHttpRequest, form: BuyingForm) -> UUID | None:
    """Into the cache, if it may come in at all; without one, or with one that cannot be read, the photo that was kept a
    moment ago. None, and an error in the form, without either. Raises RedisError."""
    form.full_clean()
    file: File[bytes] | None = form.cleaned_data.get("photo")
    token = read_key(request.POST.get("kept", ""))
    if file is None:
        kept = find_kept(request.user, token)
        if kept is None and "photo" not in form.errors:
            form.add_error("photo", explain_loss(request.user, token))
        return kept
    try:
        formats.check_bytes(file.size)
        data = file.read()
        kind = formats.inspect_photo(data).format
    except UnreadablePhotoError as error:
        form.add_error("photo", error.message)
        return find_kept(request.user, token)
    return store.keep(
        request.user, data, store.Question(format=kind, type="", price="", currency="")
    )


def find_kept(owner: User, token: UUID | None) -> UUID | None:
    """The token, if its photo is there."""
    return token if token and store.read(owner.pk, token, "file") is not None else None


def explain_loss(owner: User, token: UUID | None) -> StrOrPromise:
    """Why there is no photo of this token."""
    if token is None:
        return _("Choose a photo first.")
    return REPLACED if store.keeps_another(owner.pk, token) else GONE


def send_question(owner: User, token: UUID, asked: dict[str, Any]) -> None:
    """Raises RedisError."""
    price = asked["price"]
    store.ask_again(
        owner, token, price="" if price is None else str(price), currency=asked["currency"]
    )
    enqueue_judging(owner, token)


@require_safe
@login_required
def show_answer(request: AuthenticatedHttpRequest, question_id: UUID) -> HttpResponse:
    question = store.read(request.user.pk, question_id, "question")
    if question is None:
        messages.info(request, explain_loss(request.user, question_id))
        return redirect("styling:buying")
    answer = store.read(request.user.pk, question_id, "answer")
    near = (answer or {}).get("near", [])
    pictures = find_pictures(request.user, [UUID(one["garment"]) for one in near])
    context = {
        "token": question_id,
        "question": question,
        "answer": answer,
        "near": [
            (pictures[UUID(one["garment"])], one["why"], one["is_double"])
            for one in near
            if UUID(one["garment"]) in pictures
        ],
        "types": types_by_slot() if answer else [],
    }
    return render(request, "styling/buying_answer.html", context)


@require_safe
@login_required
def show_progress(request: AuthenticatedHttpRequest, question_id: UUID) -> HttpResponse:
    has_question = store.read(request.user.pk, question_id, "question") is not None
    if has_question and store.read(request.user.pk, question_id, "answer") is None:
        return render(request, "styling/_buying_progress.html", {"token": question_id})
    return HttpResponseClientRefresh()


@require_safe
@login_required
def show_picture(request: AuthenticatedHttpRequest, question_id: UUID) -> HttpResponse:
    """What was made of the photo, small and without metadata."""
    picture = store.read(request.user.pk, question_id, "picture")
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/webp", headers=PICTURE_HEADERS)


@require_POST
@login_required
@limit_posts("buying", limit=60, seconds=HOUR)
def judge_again(request: AuthenticatedHttpRequest, question_id: UUID) -> HttpResponse:
    """As what its wearer says that it is."""
    type_ = request.POST.get("type", "")
    known = type_ in vocabulary.values("type")
    if known and store.ask_again(request.user, question_id, type=type_):
        enqueue_judging(request.user, question_id)
    return redirect("styling:buying-answer", question_id)


@require_POST
@login_required
@limit_posts("upload", limit=1000, seconds=HOUR)
def add_to_wardrobe(request: AuthenticatedHttpRequest, question_id: UUID) -> HttpResponse:
    """The photo as any other, from here on. A second press finds the first one's."""
    data = store.read(request.user.pk, question_id, "file")
    if data is None:
        messages.info(request, explain_loss(request.user, question_id))
        return redirect("styling:buying")
    file = ContentFile(data, name="photo")
    try:
        added = photos.add_photo(owner=request.user, upload_key=question_id, file=file)
    except UnreadablePhotoError as error:
        messages.error(request, error.message)
        return redirect("styling:buying-answer", question_id)
    if added.is_new:
        enqueue_process_photo(added.photo)
    store.forget(request.user)
    messages.success(
        request, _("It is on its way into your wardrobe. Say what it cost on its page.")
    )
    return redirect("wardrobe:garment-list")


@require_POST
@login_required
def forget(request: AuthenticatedHttpRequest, question_id: UUID) -> HttpResponse:
    """At once, not in a quarter of an hour. Asked first: nothing of it is left then."""
    if not is_sure(request):
        return ask_first(
            request,
            title=_("Forget this photo?"),
            words=_("The photo and what was said of it are gone at once."),
            do=_("Forget it"),
            back=reverse("styling:buying-answer", args=[question_id]),
        )
    if store.read(request.user.pk, question_id, "question") is not None:
        store.forget(request.user)
    messages.success(request, _("Forgotten. Nothing of it is left."))
    return redirect("styling:buying")
