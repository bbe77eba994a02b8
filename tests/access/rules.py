"""Who may open which address: one rule for every route of the URLconf.

A new route without a rule fails `tests/access/test_access.py`. The pages that the admin makes of a model have theirs
from `ADMIN_PAGES`; all others are named here.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

from django.urls import URLResolver, get_resolver


class Rule(StrEnum):
    EVERYBODY = "everybody"
    SIGNED_IN = "whoever is signed in: their own page, of no object"
    OWNER = "the owner of the object; for all others, operators too, it is not there"
    STAFF = "any operator, of nobody's object but their own"
    PERMITTED = "operators with a permission"
    TOKEN = "whoever has a token; no session opens it"
    FACTOR = "whoever is between the password and the second factor"
    MACHINES = "who has the token of the metrics"
    NOBODY = "not there for anybody"


ADMIN_PAGES = re.compile(r"admin/[a-z_]+/[a-z]+/(add/|<path:object_id>/(history|delete|change)/)?")
"""What `ModelAdmin` makes: a list, a form for a new row, and the pages of one."""
ADMIN_SHORTCUTS = re.compile(r"admin/[a-z_]+/[a-z]+/<path:object_id>/")
"""Lead to the page of a row, whether there is one or not."""

RULES = {
    Rule.EVERYBODY: """
        offline/
        sw.js
        manifest.webmanifest
        wardrobe/basics/<slug:key>.webp
        language/
        words/<slug:language>.js
        livez
        readyz
        api/v1/
        api/v1/openapi.json
        api/v1/<path:path>

        receipts/<str:token>/
        s/<str:shared_token>/
        s/<str:shared_token>/picture/
        calendar/<str:secret>.ics
        wear/<str:token>/
        sign-up/
        sign-up/sent/
        sign-up/confirm/<str:key>/
        accounts/login/
        accounts/logout/
        accounts/password-reset/
        accounts/password-reset/sent/
        accounts/password-reset/<uidb64>/<token>/
        admin/login/
        admin/logout/
        """,
    Rule.SIGNED_IN: """
        accounts/password/
        accounts/sign-out-everywhere/
        accounts/again/
        accounts/second-factor/
        accounts/second-factor/reauthenticate/
        accounts/second-factor/totp/activate/
        accounts/second-factor/totp/deactivate/
        accounts/second-factor/recovery-codes/
        accounts/second-factor/recovery-codes/generate/
        accounts/second-factor/recovery-codes/download/
        accounts/second-factor/webauthn/
        accounts/second-factor/webauthn/add/
        accounts/second-factor/webauthn/reauthenticate/
        wardrobe/
        wardrobe/add/
        wardrobe/household/
        wardrobe/household/join/<str:invitation_token>/
        wardrobe/household/shelves/choose/
        wardrobe/laundry/
        wardrobe/laundry/washed/
        wardrobe/laundry/fill/
        wardrobe/select/
        wardrobe/basics/
        wardrobe/basics/down/
        wardrobe/table/
        wardrobe/table/export/
        wardrobe/many/
        wardrobe/numbers/
        wardrobe/numbers/missing/
        wardrobe/buy/
        wardrobe/buy/<uuid:question_id>/
        wardrobe/buy/<uuid:question_id>/progress/
        wardrobe/buy/<uuid:question_id>/picture/
        wardrobe/buy/<uuid:question_id>/again/
        wardrobe/buy/<uuid:question_id>/add/
        wardrobe/buy/<uuid:question_id>/forget/
        photos/add/
        photos/queue/
        photos/share/
        today/
        today/dress/
        today/sky/
        today/weather/
        places/
        outfits/
        looks/
        looks/build/
        looks/finish/
        looks/keep/
        outfits/day/<str:day>/
        outfits/household/
        outfits/calendars/
        outfits/calendars/address/
        outfits/calendars/address/stop/
        outfits/calendars/subscribe/
        outfits/calendars/rules/
        trips/
        trips/new/
        you/
        you/notifications/
        you/notifications/devices/
        you/notifications/try/
        you/time-zone/
        you/data/
        you/data/progress/
        you/data/export/
        you/data/import/
        you/delete/
        you/consent/
        you/shared/
        you/learned/
        you/learned/change/
        """,
    Rule.OWNER: """
        accounts/second-factor/webauthn/keys/<int:pk>/remove/
        accounts/second-factor/webauthn/keys/<int:pk>/edit/
        wardrobe/household/names/
        wardrobe/household/rule/
        wardrobe/household/invite/
        wardrobe/household/invitations/<uuid:invitation_id>/revoke/
        wardrobe/household/leave/
        wardrobe/household/dissolve/
        wardrobe/household/members/<int:member_id>/
        wardrobe/household/shelves/add/
        wardrobe/household/shelves/<uuid:shelf_id>/
        wardrobe/household/shelves/<uuid:shelf_id>/name/
        wardrobe/household/shelves/<uuid:shelf_id>/share/
        wardrobe/household/shelves/<uuid:shelf_id>/use/
        wardrobe/household/shelves/<uuid:shelf_id>/take-off/
        wardrobe/household/shelves/<uuid:shelf_id>/delete/
        wardrobe/household/pieces/<uuid:garment_id>/
        wardrobe/household/pieces/<uuid:garment_id>/ask/
        wardrobe/household/pieces/<uuid:garment_id>/give-back/
        wardrobe/household/requests/<int:request_id>/lend/
        wardrobe/household/requests/<int:request_id>/drop/
        wardrobe/household/loans/<int:care_id>/undo/
        wardrobe/many/<uuid:act_id>/undo/
        wardrobe/<uuid:garment_id>/
        wardrobe/<uuid:garment_id>/edit/
        wardrobe/<uuid:garment_id>/edit/<slug:field>/
        wardrobe/<uuid:garment_id>/type/
        wardrobe/<uuid:garment_id>/archive/
        wardrobe/<uuid:garment_id>/delete/
        wardrobe/<uuid:garment_id>/photos/
        wardrobe/<uuid:garment_id>/photos/<uuid:photo_id>/
        wardrobe/<uuid:garment_id>/wash/
        wardrobe/<uuid:garment_id>/worn/
        wardrobe/<uuid:garment_id>/worn/<int:wear_id>/undo/
        wardrobe/<uuid:garment_id>/away/
        wardrobe/<uuid:garment_id>/interval/
        wardrobe/<uuid:garment_id>/care/<int:care_id>/back/
        wardrobe/<uuid:garment_id>/care/<int:care_id>/longer/
        wardrobe/<uuid:garment_id>/care/<int:care_id>/undo/
        wardrobe/laundry/<uuid:act>/undo/
        wardrobe/<uuid:garment_id>/favourite/
        wardrobe/<uuid:garment_id>/look/
        wardrobe/<uuid:garment_id>/refuse-cut-out/
        wardrobe/<uuid:garment_id>/turn/
        wardrobe/<uuid:garment_id>/frame/
        wardrobe/<uuid:garment_id>/photo/
        photos/<uuid:photo_id>/
        photos/<uuid:photo_id>/describe/
        photos/<uuid:photo_id>/card/
        photos/batches/<uuid:batch>/
        photos/<uuid:photo_id>/retry/
        photos/<uuid:photo_id>/answer/
        photos/<uuid:photo_id>/delete/
        media/photos/<uuid:photo_id>/<slug:rendition>/
        media/garments/<uuid:garment_id>/
        media/garments/<uuid:garment_id>/cut-out/
        media/looks/<uuid:outfit_id>/
        media/trips/<int:occasion_id>/
        looks/<uuid:look_id>/
        looks/<uuid:look_id>/rename/
        looks/<uuid:look_id>/copy/
        looks/<uuid:look_id>/delete/
        looks/<uuid:look_id>/wear/
        outfits/<uuid:suggestion_id>/
        outfits/<uuid:suggestion_id>/another/
        outfits/<uuid:suggestion_id>/why/
        outfits/<uuid:suggestion_id>/picture/
        outfits/<uuid:suggestion_id>/picture/file/
        outfits/<uuid:suggestion_id>/picture/link/
        you/shared/<uuid:link_id>/
        outfits/<uuid:suggestion_id>/household/
        outfits/household/<uuid:suggestion_id>/picture/
        outfits/household/<uuid:suggestion_id>/say/
        outfits/<uuid:suggestion_id>/pieces/<uuid:garment_id>/
        outfits/<uuid:suggestion_id>/pieces/<uuid:garment_id>/swap/
        outfits/<uuid:suggestion_id>/pieces/<uuid:garment_id>/leave-out/
        outfits/<uuid:suggestion_id>/unswap/
        you/left-out/<int:pk>/undo/
        outfits/<uuid:suggestion_id>/rate/
        outfits/<uuid:suggestion_id>/withdraw/
        outfits/<uuid:suggestion_id>/instead/
        outfits/<uuid:suggestion_id>/move/
        outfits/<uuid:suggestion_id>/copy/
        outfits/<uuid:suggestion_id>/copy/undo/
        outfits/<uuid:suggestion_id>/call-off/
        outfits/<uuid:suggestion_id>/call-off/undo/
        outfits/<uuid:suggestion_id>/keep/
        outfits/<uuid:suggestion_id>/anew/
        outfits/calendars/<int:subscription_id>/remove/
        outfits/calendars/<int:subscription_id>/look/
        outfits/calendars/rules/<int:rule_id>/
        outfits/calendars/rules/<int:rule_id>/remove/
        outfits/calendars/rules/<int:rule_id>/move/
        you/notifications/devices/<int:device_id>/remove/
        trips/<uuid:trip_id>/
        trips/<uuid:trip_id>/edit/
        trips/<uuid:trip_id>/progress/
        trips/<uuid:trip_id>/pack/
        trips/<uuid:trip_id>/ticked/
        trips/<uuid:trip_id>/pieces/
        trips/<uuid:trip_id>/plan/
        trips/<uuid:trip_id>/delete/
        you/data/export/<uuid:transfer_id>/
        you/data/import/<uuid:transfer_id>/
        """,
    Rule.STAFF: """
        admin/
        admin/search/
        admin/password_change/
        admin/password_change/done/
        admin/jsi18n/
        admin/monitoring/drift/
        admin/registry/apitoken/
        """,
    Rule.PERMITTED: """
        admin/autocomplete/
        admin/feedback/calls/<uuid:call_id>/example/
        admin/feedback/calls/<uuid:call_id>/picture/
        admin/feedback/lineage/
        admin/feedback/review/
        admin/feedback/review/undo/
        admin/feedback/review/<int:pk>/
        admin/feedback/review/<int:pk>/picture/
        admin/feedback/training/
        admin/feedback/training/build/
        admin/feedback/training/sets/<int:number>/retrain/
        admin/feedback/training/sets/<int:number>/export/
        admin/feedback/training/<int:pk>/
        admin/monitoring/latency/
        admin/monitoring/accuracy/
        admin/monitoring/drift/compare/
        admin/monitoring/drift/photos/<uuid:pk>/
        admin/monitoring/drift/review/
        admin/jobs/^stats.json/?$
        admin/jobs/^stats.json/(?P<token>[\\w]+)?/?$
        admin/jobs/^metrics/?$
        admin/jobs/
        admin/jobs/queues/<int:queue_index>/
        admin/jobs/queues/<int:queue_index>/details/
        admin/jobs/queues/<int:queue_index>/finished/
        admin/jobs/queues/<int:queue_index>/failed/
        admin/jobs/queues/<int:queue_index>/failed/clear/
        admin/jobs/queues/<int:queue_index>/scheduled/
        admin/jobs/queues/<int:queue_index>/started/
        admin/jobs/queues/<int:queue_index>/deferred/
        admin/jobs/queues/<int:queue_index>/empty/
        admin/jobs/queues/<int:queue_index>/requeue-all/
        admin/jobs/queues/<int:queue_index>/<str:job_id>/
        admin/jobs/queues/<int:queue_index>/<str:job_id>/results/<str:result_id>/
        admin/jobs/queues/<int:queue_index>/<str:job_id>/delete/
        admin/jobs/queues/<int:queue_index>/<str:job_id>/requeue/
        admin/jobs/queues/<int:queue_index>/<str:job_id>/enqueue/
        admin/jobs/queues/<int:queue_index>/<str:job_id>/stop/
        admin/jobs/queues/confirm-action/<int:queue_index>/
        admin/jobs/queues/actions/<int:queue_index>/
        admin/jobs/workers/<int:queue_index>/
        admin/jobs/workers/<int:queue_index>/<str:key>/
        admin/jobs/schedulers/<int:scheduler_index>/
        admin/jobs/cron-schedulers/<int:connection_index>/<str:scheduler_name>/
        admin/jobs/cron-schedulers/<int:connection_index>/<str:scheduler_name>/jobs/<path:cron_job_name>/
        admin/registry/evaluationrun/<int:pk>/cancel/
        admin/registry/evaluationrun/start/<int:version_pk>/
        admin/registry/inferencecall/<uuid:pk>/replay/
        admin/registry/inferencecall/export/
        admin/registry/dataset/example/<int:pk>/picture/
        admin/registry/dataset/collected/<int:pk>/picture/
        admin/registry/dataset/collected/<int:pk>/remove/
        admin/registry/dataset/<int:pk>/publish/
        admin/registry/gatethresholds/set/<int:prompt_pk>/
        admin/registry/prompt/<int:pk>/roll-back/
        admin/registry/prompt/<int:pk>/promote/<int:version_pk>/
        admin/registry/prompt/<int:pk>/past/
        admin/registry/promptversion/<int:pk>/draft/
        admin/registry/promptversion/<int:pk>/try/
        admin/registry/promptversion/<int:pk>/archive/
        admin/registry/promptversion/<int:pk>/restore/
        admin/registry/canary/start/<int:version_pk>/
        admin/registry/canary/<int:pk>/stop/
        admin/registry/canary/<int:pk>/promote/
        admin/monitoring/alert/export/
        admin/monitoring/alert/<int:pk>/acknowledge/
        admin/monitoring/alert/<int:pk>/silence/
        admin/monitoring/alert/<int:pk>/end-silence/
        admin/monitoring/alert/<int:pk>/archive/
        admin/monitoring/alert/<int:pk>/restore/
        admin/monitoring/alert/<int:pk>/stop-action/
        admin/wardrobe/vocabularyterm/publish/
        admin/accounts/user/<id>/password/
        admin/accounts/user/<path:person_id>/delete/
        admin/^(?P<app_label>axes|registry|own_data|monitoring|styling|feedback|wardrobe|auth|accounts)/$
        """,
    Rule.TOKEN: """
        api/v1/registry/prompts
        api/v1/registry/prompts/<slug:name>
        api/v1/registry/prompts/<slug:name>/versions/<int:number>
        api/v1/registry/prompts/<slug:name>/versions
        api/v1/registry/prompts/<slug:name>/history
        api/v1/registry/prompts/<slug:name>/live
        api/v1/registry/prompts/<slug:name>/promote
        api/v1/registry/prompts/<slug:name>/roll-back
        api/v1/registry/prompts/<slug:name>/versions/<int:number>/evaluations
        api/v1/registry/evaluations/<int:pk>
        """,
    Rule.FACTOR: """
        accounts/second-factor/authenticate/
        """,
    Rule.MACHINES: """
        metrics
        """,
    Rule.NOBODY: """
        admin/r/<path:nowhere>
        admin/r/<path:content_type_id>/<path:object_id>/
        admin/(?P<url>.*)$
        """,
}
HOME = ""
"""The landing page: for everybody, at no path."""

SOCKETS = {
    "ws/photos/": Rule.SIGNED_IN,
    "ws/outfits/<uuid:suggestion_id>/": Rule.OWNER,
    "": Rule.NOBODY,
}


def list_named() -> dict[str, Rule]:
    named = {route: rule for rule, routes in RULES.items() for route in routes.split()}
    return {HOME: Rule.EVERYBODY, **named}


def list_routes() -> list[str]:
    """Every route of the URLconf, as it is written there; each once."""

    def walk(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
        for part in resolver.url_patterns:
            route = prefix + str(part.pattern)
            if isinstance(part, URLResolver):
                yield from walk(part, route)
            else:
                yield route

    return list(dict.fromkeys(walk(get_resolver())))


def find_rule(route: str) -> Rule | None:
    if rule := list_named().get(route):
        return rule
    if ADMIN_SHORTCUTS.fullmatch(route):
        return Rule.STAFF
    return Rule.PERMITTED if ADMIN_PAGES.fullmatch(route) else None
