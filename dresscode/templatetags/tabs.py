"""Which of the main pages somebody is in, for the two navigations."""

import re
from typing import Any

from django import template
from django.utils.safestring import SafeString

register = template.Library()
TABS = {
    "add": r"/photos/(add|queue|batches)/",
    "calendar": r"/trips/|/outfits/($|day/|calendars/|[0-9a-f-]+/move/)",
    "wardrobe": r"/wardrobe/|/looks/|/photos/|/outfits/household/",
    "today": r"/today/|/outfits/",
    "you": r"/you/|/accounts/",
}
"""What the paths of a tab's pages begin with; the first that fits counts."""


def find_tab(path: str) -> str:
    """The tab of a page; empty for pages of none."""
    return next((tab for tab, paths in TABS.items() if re.match(paths, path)), "")


@register.simple_tag(takes_context=True)
def current_in(context: dict[str, Any], tab: str, address: str) -> SafeString:
    """The attribute of a link to a tab: "page" where the link leads to the page itself, "true" on what lies below it."""
    path = request.path if (request := context.get("request")) else ""
    if find_tab(path) != tab:
        return SafeString("")
    return SafeString(' aria-current="page"' if path == address else ' aria-current="true"')
