"""What the stylist has learned, on a page of the wearer's own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from feedback.forms.learning import LearningForm
from feedback.learning import changes
from feedback.learning.preferences import learn_lines, read_choices, read_signals

SAID = {
    "strength": gettext_lazy("Noted. The next answer knows it."),
    "forget-line": gettext_lazy("Forgotten."),
    "forget-signal": gettext_lazy("Forgotten, as if you had never said it."),
    "forget-all": gettext_lazy("All of it is forgotten."),
    "switch": gettext_lazy("Noted. The next answer knows it."),
}


@require_safe
@login_required
def show_learned(request: AuthenticatedHttpRequest) -> HttpResponse:
    return render(request, "feedback/learned.html", read_page(request.user))


@require_POST
@login_required
def change_learned(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Switch, strengthen, forget or take back; htmx gets the list, others the page."""
    form = LearningForm(request.POST)
    if not form.is_valid():
        return HttpResponse(_("That could not be understood."), status=400)
    said = carry_out(request.user, form)
    if not request.headers.get("HX-Request"):
        messages.success(request, said)
        return redirect("feedback:learned")
    context = read_page(request.user) | {"said": said}
    return render(request, "feedback/_learned.html", context)


def carry_out(owner: User, form: LearningForm) -> str:
    """Answers with what to say of it."""
    asked = form.cleaned_data
    match asked["do"]:
        case "undo":
            is_undone = changes.undo_change(owner)
            return _("As it was before.") if is_undone else _("There is nothing to take back.")
        case "strength":
            changes.set_strength(owner, line=asked["line"], strength=asked["strength"])
        case "forget-line":
            changes.forget_line(owner, line=asked["line"])
        case "forget-signal":
            changes.forget_signal(owner, number=asked["signal"])
        case "forget-all":
            changes.forget_all(owner)
        case "switch":
            changes.switch_learning(owner, is_on=asked["is_on"])
    return str(SAID[asked["do"]])


def read_page(owner: User) -> dict[str, object]:
    choices = read_choices(owner)
    return {
        "lines": learn_lines(owner),
        "is_on": choices.is_on,
        "has_signals": any(choices.keeps(signal.number) for signal in read_signals(owner)),
        "can_undo": changes.can_undo(owner),
        "strengths": [
            ("off", _("Off")),
            ("less", _("Less")),
            ("usual", _("As it is")),
            ("more", _("More")),
        ],
    }
