"""Who asks, by the token they show, and whether they may."""

import logging
import re

from django.http import HttpRequest
from ninja.security.http import HttpAuthBase

from registry.api.problems import FORBIDDEN, UNAUTHENTICATED, ProblemError
from registry.models import ApiToken
from registry.services import tokens

logger = logging.getLogger(__name__)

BEARER = re.compile(r"Bearer +(\S+)", re.IGNORECASE)
SAFE_METHODS = ("GET", "HEAD")


class TokenRequest(HttpRequest):
    """A request that `BearerToken` let in; who acts is `auth.owner`."""

    auth: ApiToken


class BearerToken(HttpAuthBase):
    """Lets in valid tokens of staff with a permission: whom the admin would let in.

    No cookie counts, so that no other site can make a browser act. Not ninja's `HttpBearer`, which logs what
    is shown under another scheme while DEBUG is on.
    """

    openapi_scheme = "bearer"

    def __init__(self, permission: str) -> None:
        super().__init__()
        self.permission = permission

    def __call__(self, request: HttpRequest) -> ApiToken:
        """Raises ProblemError."""
        token = authenticate(request)
        if not (token.owner.is_staff and token.owner.has_perm(self.permission)):
            raise ProblemError(FORBIDDEN, f"It takes the permission {self.permission}")
        if request.method not in SAFE_METHODS:
            logger.info("token %s: %s %s", token.pk, request.method, request.path)
        return token


def authenticate(request: HttpRequest) -> ApiToken:
    """The token that was shown. Raises ProblemError."""
    shown = BEARER.fullmatch(request.headers.get("Authorization", "").strip())
    token = tokens.find_token(shown[1]) if shown else None
    if token is None:
        fault = "wrong, expired or revoked" if shown else "missing: Authorization: Bearer TOKEN"
        raise ProblemError(
            UNAUTHENTICATED, f"The token is {fault}", headers=make_challenge(bool(shown))
        )
    tokens.note_use(token)
    return token


def make_challenge(was_shown: bool) -> dict[str, str]:
    """As RFC 6750 has it: a reason only where a token was shown."""
    reason = ', error="invalid_token"' if was_shown else ""
    return {"WWW-Authenticate": f'Bearer realm="dresscode"{reason}'}
