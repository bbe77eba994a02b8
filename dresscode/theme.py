"""How pages look and what browsers may load for them: unfold's site texts and palette, the two
Content-Security-Policies.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static

# Content-Security-Policy: directive to sources


def make_wearer_policy(site_url: str) -> dict[str, list[str]]:
    """For all pages but the admin's. No inline script or style; sockets to our own address."""
    socket_origin = site_url.replace("http", "ws", 1)
    return {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", socket_origin],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


def make_admin_policy(site_url: str) -> dict[str, list[str]]:
    """unfold ships Alpine, which evaluates its attributes, and writes style attributes."""
    return {
        **make_wearer_policy(site_url),
        "script-src": ["'self'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "blob:", "data:"],
    }


# The admin. Hue 265 greys and the indigo of the wearer's pages.


def static_file(path: str) -> Callable[[HttpRequest], str]:
    """unfold asks per request: hashed names are known only once static files are collected."""
    return lambda request: static(path)


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Dresscode",
    "SITE_HEADER": "Dresscode",
    "SITE_SUBHEADER": "Operations",
    "SITE_URL": "/",
    "SITE_ICON": static_file("favicon.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": static_file("favicon.svg")}],
    "STYLES": [static_file(name) for name in ("admin.css", "dresscode.css", "operator.css")],
    "DASHBOARD_CALLBACK": "monitoring.overview.add_overview",
    "SIDEBAR": {
        "show_search": True,
        "navigation": "dresscode.navigation.sidebar",
    },
    "BORDER_RADIUS": "2px",
    "COLORS": {
        "base": {
            "50": "oklch(98.4% .002 265)",
            "100": "oklch(96.4% .003 265)",
            "200": "oklch(92.2% .005 265)",
            "300": "oklch(87% .009 265)",
            "400": "oklch(71.5% .02 265)",
            "500": "oklch(54% .027 265)",
            "600": "oklch(43% .033 266)",
            "700": "oklch(35.5% .032 267)",
            "800": "oklch(26.5% .024 268)",
            "900": "oklch(20.5% .021 268)",
            "950": "oklch(15.5% .018 268)",
        },
        "primary": {
            "50": "oklch(97% .012 270)",
            "100": "oklch(94% .018 270)",
            "200": "oklch(88% .048 270)",
            "300": "oklch(80% .075 270)",
            "400": "oklch(76% .085 270)",
            "500": "oklch(70% .1 270)",
            "600": "oklch(32.5% .118 271)",
            "700": "oklch(29% .11 271)",
            "800": "oklch(25.5% .1 271)",
            "900": "oklch(22% .085 271)",
            "950": "oklch(18% .065 271)",
        },
    },
}
