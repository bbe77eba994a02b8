"""What pages say about people of a household."""

from collections.abc import Iterable

from django import template

from wardrobe.models import Member, Shelf

register = template.Library()


@register.filter
def names_of(people: Iterable[Member]) -> str:
    """ "Anna, Mara"."""
    return ", ".join(member.name for member in people)


@register.filter
def shared_with(shelf: Shelf) -> str:
    """Whom a shelf is shared with, of what was prefetched."""
    return names_of(share.member for share in shelf.shares.all())
