"""The pages of the job queues: django-rq's, for whoever has its permission, and nothing at addresses that lead nowhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import re_path
from django.utils.http import url_has_allowed_host_and_scheme
from django_rq.settings import get_queues_list
from django_rq.urls import get_admin_urlpatterns, get_api_urlpatterns
from rq.exceptions import InvalidJobOperation, NoSuchJobError

View = Callable[..., HttpResponseBase]

PERMISSION = "django_rq.admin"
"""Jobs hold ids of photos and traces of what failed, and can be stopped: superusers have it, others when given."""

NOWHERE = (NoSuchJobError, InvalidJobOperation, ImproperlyConfigured, ValueError, AssertionError)
"""What django-rq's views raise for a job, a worker or a scheduler that is not there; we use no rq-scheduler."""


def guard(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        if is_no_queue(kwargs) or leads_elsewhere(request):
            raise Http404
        try:
            return view(request, **kwargs)
        except NOWHERE as error:
            raise Http404 from error

    return wraps(view)(admin.site.admin_view(guarded))


def is_no_queue(kwargs: dict[str, Any]) -> bool:
    numbers = [kwargs.get(name) or 0 for name in ("queue_index", "scheduler_index")]
    return max(numbers) >= len(get_queues_list())


def leads_elsewhere(request: HttpRequest) -> bool:
    """django-rq follows `next_url` wherever it goes."""
    target = request.POST.get("next_url", "")
    hosts = {request.get_host()}
    return bool(target) and not url_has_allowed_host_and_scheme(target, allowed_hosts=hosts)


app_name = "django_rq"
urlpatterns = [
    *(
        re_path(str(found.pattern), guard(found.callback), name=found.name)
        for found in get_api_urlpatterns()  # Theirs let in all staff.
    ),
    *get_admin_urlpatterns(view_wrapper=guard),
]
