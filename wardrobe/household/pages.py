"""The household's page, and what is done about its people: inviting, joining, leaving, handing over."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.acts.asking import ask_first, is_sure
from accounts.acts.undoing import offer_undo, read_sent, say_done
from accounts.http import AuthenticatedHttpRequest
from accounts.rate_limits import limit_posts
from wardrobe.household import invitations, members, page
from wardrobe.household.forms import CalledForm, HouseholdForm, InvitationForm, ShelfForm
from wardrobe.household.invitations import GoneError, TooManyInvitationsError
from wardrobe.household.members import (
    ChangedError,
    FullError,
    InHouseholdError,
    OwnerStaysError,
)
from wardrobe.models import Invitation, Member

PER_PAGE = 24
HOUR = 3600
IN_ONE = gettext_lazy("You are in a household already. Leave it before you join another.")
FULL = gettext_lazy("This household is full.")
CHANGED = gettext_lazy("The household changed meanwhile. Look once more.")
OWNER_STAYS = gettext_lazy(
    "The household is yours. Hand it over to somebody, or dissolve it, before you leave."
)


def get_member(request: AuthenticatedHttpRequest) -> Member:
    """The wearer's own membership; not found where they are in no household."""
    member = members.find_member(request.user)
    if member is None:
        raise Http404
    return member


def get_owner(request: AuthenticatedHttpRequest) -> Member:
    """The same, of whoever the household belongs to; for the others it is not there."""
    member = get_member(request)
    if not member.is_owner:
        raise Http404
    return member


def get_other(request: AuthenticatedHttpRequest, member_id: int) -> Member:
    """Another member of the household that the wearer owns."""
    others = get_owner(request).household.members.exclude(user=request.user)
    return get_object_or_404(others.select_related("household", "user"), pk=member_id)


@require_http_methods(["GET", "POST"])
@login_required
def show_household(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The household; without one, what it is and a form to found one."""
    member = members.find_member(request.user)
    if member:
        return render_household(request, member)
    form = HouseholdForm(request.POST or None, user=request.user)
    if form.is_valid():
        data = form.cleaned_data
        try:
            members.found_household(request.user, name=data["name"], called=data["called"])
        except InHouseholdError:
            messages.error(request, IN_ONE)
        else:
            undo = reverse("wardrobe:household-leave")
            messages.success(request, _("Your household has begun."), extra_tags=undo)
        return redirect("wardrobe:household")
    status = 422 if form.is_bound else 200
    return render(request, "wardrobe/household/found.html", {"form": form}, status=status)


def render_household(
    request: AuthenticatedHttpRequest,
    member: Member,
    *,
    status: int = 200,
    **forms: CalledForm | InvitationForm | ShelfForm,
) -> HttpResponse:
    """With a form that was not understood, and what is wrong with it."""
    user, whose = request.user, request.GET.get("whose", "")
    pieces = Paginator(page.list_pieces(user, whose), PER_PAGE).get_page(request.GET.get("page"))
    invited = member.household.invitations.open() if member.is_owner else []
    context = {
        "member": member,
        "household": member.household,
        "people": member.household.members.all(),
        "invited": [(one, invitations.make_link(one)) for one in invited],
        "pieces": pieces,
        "shown": page.show_pieces(user, pieces),
        "whose": whose if whose in {page.MINE, page.THEIRS} else "",
        "with_them": page.list_with_them(user),
        "lent": page.list_lent(user),
        "asked_of": page.list_asked_of(user),
        "asked_by": page.list_asked_by(member),
        "own_shelves": page.list_own_shelves(user),
        "shared": page.list_shared(member),
        "invitation_form": InvitationForm(),
        "shelf_form": ShelfForm(),
        "name_form": HouseholdForm(
            user=user, household=member.household, initial={"called": member.name}
        ),
        **forms,
    }
    return render(request, "wardrobe/household/household.html", context, status=status)


@require_POST
@login_required
def rename(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What one is called; the household's name, too, by whoever owns it."""
    member, sent = get_member(request), read_sent(request)
    former = {"name": member.household.name, "called": member.name}
    form = HouseholdForm(
        sent if member.is_owner else {**sent.dict(), "name": former["name"]},
        user=request.user,
    )
    if not form.is_valid():
        return render_household(request, member, status=422, name_form=form)
    member.name, member.household.name = form.cleaned_data["called"], form.cleaned_data["name"]
    member.save(update_fields=["name"])
    member.household.save(update_fields=["name"])
    say_done(request, _("Saved."), former)
    return redirect("wardrobe:household")


@require_POST
@login_required
def set_rule(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Whether a piece of theirs is asked for before it goes."""
    member, asks_first = get_member(request), "asks_first" in read_sent(request)
    Member.objects.filter(pk=member.pk).update(asks_first=asks_first)
    say_done(request, _("Saved."), {"asks_first": "on"} if member.asks_first else {})
    return redirect("wardrobe:household")


@require_POST
@login_required
@limit_posts("invite", limit=20, seconds=HOUR)
def invite(request: AuthenticatedHttpRequest) -> HttpResponse:
    owner = get_owner(request)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return render_household(request, owner, status=422, invitation_form=form)
    try:
        invitation = invitations.invite(owner, email=form.cleaned_data["email"])
    except ChangedError:
        messages.error(request, CHANGED)
    except FullError:
        messages.error(request, FULL)
    except TooManyInvitationsError:
        messages.error(
            request, _("That is a lot of invitations for a day. Take some back, or wait.")
        )
    else:
        say_invited(request, invitation, owner)
    return redirect("wardrobe:household")


def say_invited(request: HttpRequest, invitation: Invitation, owner: Member) -> None:
    address = reverse("wardrobe:household-revoke", args=[invitation.pk])
    undo = offer_undo(request, address, {"sure": "1"})
    if not invitation.sent_to:
        said = _("The link is below. It is for one person, for a week.")
        messages.success(request, said, extra_tags=undo)
    elif invitations.mail_invitation(invitation, by=owner.name):
        said = _("Mailed to %(email)s. It can be taken back below.")
        messages.success(request, said % {"email": invitation.sent_to}, extra_tags=undo)
    else:
        said = _("The mail could not be sent. Pass on the link below yourself.")
        messages.warning(request, said, extra_tags=undo)


@require_POST
@login_required
def revoke(request: AuthenticatedHttpRequest, invitation_id: UUID) -> HttpResponse:
    open_ones = get_owner(request).household.invitations.open()
    invitation = get_object_or_404(open_ones, pk=invitation_id)
    if not is_sure(request):
        return ask_first(
            request,
            title=_("Take the invitation back?"),
            words=_(
                "Its link leads nowhere from then on, and cannot be had again. You can make another one."
            ),
            do=_("Take it back"),
            back=reverse("wardrobe:household"),
        )
    invitations.revoke(invitation)
    messages.success(request, _("Taken back. The link leads nowhere now."))
    return redirect("wardrobe:household")


@require_http_methods(["GET", "POST"])
@login_required
@limit_posts("join-household", limit=20, seconds=HOUR)
def join(request: AuthenticatedHttpRequest, invitation_token: str) -> HttpResponse:
    """Says who will see what of whom before anybody joins. One that was used, taken back or is over says no more."""
    invitation = invitations.read_link(invitation_token)
    if invitation is None:
        return render(request, "wardrobe/household/gone.html", status=404)
    mine = members.find_member(request.user)
    form = CalledForm(request.POST or None, user=request.user)
    if mine is None and form.is_valid():
        try:
            member = invitations.accept(
                invitation, request.user, called=form.cleaned_data["called"]
            )
        except GoneError:
            return render(request, "wardrobe/household/gone.html", status=404)
        except FullError:
            messages.error(request, FULL)
        except InHouseholdError:
            messages.error(request, IN_ONE)
        else:
            said = _("You are in %(household)s now. Nothing of yours is shared yet.")
            messages.success(
                request,
                said % {"household": member.household.name},
                extra_tags=reverse("wardrobe:household-leave"),
            )
            return redirect("wardrobe:household")
    context = {
        "form": form,
        "household": invitation.household,
        "people": invitation.household.members.all(),
        "mine": mine,
    }
    status = 422 if form.is_bound and mine is None else 200
    return render(request, "wardrobe/household/join.html", context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def leave(request: AuthenticatedHttpRequest) -> HttpResponse:
    """GET asks, and says what becomes of what is shared."""
    member = get_member(request)
    others = member.household.members.exclude(pk=member.pk)
    if request.method == "GET":
        context = {"member": member, "household": member.household, "others": others}
        return render(request, "wardrobe/household/leave.html", context)
    try:
        members.leave(member)
    except OwnerStaysError:
        messages.error(request, OWNER_STAYS)
    except ChangedError:
        messages.error(request, CHANGED)
    else:
        messages.success(request, _("You left. Nothing of yours is shared any more."))
    return redirect("wardrobe:household")


@require_POST
@login_required
def dissolve(request: AuthenticatedHttpRequest) -> HttpResponse:
    try:
        members.dissolve(get_owner(request))
    except ChangedError:
        messages.error(request, CHANGED)
    else:
        said = _("The household is dissolved. Everybody’s pieces are their own again.")
        messages.success(request, said)
    return redirect("wardrobe:household")


@require_http_methods(["GET", "POST"])
@login_required
def manage_member(request: AuthenticatedHttpRequest, member_id: int) -> HttpResponse:
    """By the owner: `remove` them, or `hand_over` the household to them. GET shows both, and what follows."""
    other = get_other(request, member_id)
    if request.method == "GET":
        return render(request, "wardrobe/household/member.html", {"other": other})
    try:
        if "hand_over" in request.POST:
            members.hand_over(get_owner(request), other)
            said = _("%(name)s owns the household now.")
        elif "remove" in request.POST:
            members.remove_member(other)
            said = _("%(name)s is out. Nothing is shared between you any more.")
        else:
            raise Http404
    except ChangedError:
        messages.error(request, CHANGED)
        return redirect("wardrobe:household")
    messages.success(request, said % {"name": other.name})
    return redirect("wardrobe:household")
