"""A passage: one way by which what a wearer corrected reached a version."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from accounts.models import User
from registry.models import PromptVersion


class Role(Enum):
    """What a version has of a correction; the value is how a page says it."""

    LEARNED = "learned from it"
    JUDGED = "was checked against it"


@dataclass(frozen=True)
class Passage:
    """From the call whose answer was corrected into one version.

    `correction_id` is None where the road carries all that was accepted of the call, as a golden example does.
    `owner_id` is None once the account is gone. `through` names what it went through, `address` is its page, `split`
    the part that it is in.
    """

    role: Role
    call_id: UUID
    owner_id: int | None
    version_id: int
    through: str
    address: str
    split: str
    is_withdrawn: bool
    correction_id: int | None = None


@dataclass(frozen=True)
class Scope:
    """What passages are asked for: into one version, from some calls, of one wearer; None leaves that open."""

    version: PromptVersion | None = None
    calls: Collection[UUID] | None = None
    owner: User | None = None


Road = Callable[[Scope], Iterable[Passage]]
"""A function for each kind of source, listed in `feedback.lineage.roads`."""
