"""Where a photo is while it is judged: in the cache, under its owner's key, for minutes; in no table and no file."""

import time
from typing import Any, TypedDict
from uuid import UUID, uuid4

from django.core.cache import cache

from accounts.models import User

KEPT_S = 15 * 60


class Question(TypedDict):
    """What is asked: `type` where its wearer says what it is, `price` as a decimal in digits, or empty."""

    format: str
    type: str
    price: str
    currency: str


def name_key(owner_id: int, token: UUID | str, part: str) -> str:
    return f"buying:{owner_id}:{token}:{part}"


def name_current(owner_id: int) -> str:
    return f"buying:{owner_id}"


PARTS = ("file", "question", "picture", "answer", "until")


def keep(owner: User, data: bytes, question: Question) -> UUID:
    """Of one wearer one photo at a time: the one before is forgotten. Answers with the new one's token."""
    forget(owner)
    token = uuid4()
    cache.set(name_current(owner.pk), str(token), KEPT_S)
    cache.set(name_key(owner.pk, token, "until"), time.time() + KEPT_S, KEPT_S)
    cache.set(name_key(owner.pk, token, "file"), data, KEPT_S)
    cache.set(name_key(owner.pk, token, "question"), dict(question), KEPT_S)
    return token


def find_rest(owner_id: int, token: UUID | str) -> float:
    """For how many seconds more it may be kept: whatever is made of a photo goes when the photo does. A release before
    this one wrote no end."""
    until = read(owner_id, token, "until")
    return KEPT_S if until is None else max(until - time.time(), 0)


def ask_again(owner: User, token: UUID, **said: str) -> bool:
    """Of the same photo, with what its wearer said since, by the names of a Question; False where it is gone."""
    question = read(owner.pk, token, "question")
    if question is None or read(owner.pk, token, "file") is None:
        return False
    cache.delete(name_key(owner.pk, token, "answer"))
    cache.set(
        name_key(owner.pk, token, "question"),
        {**question, **said},
        find_rest(owner.pk, token),
    )
    return True


def read(owner_id: int, token: UUID | str, part: str) -> Any:
    """None where it is not there, or not any more."""
    return cache.get(name_key(owner_id, token, part))


def keeps_another(owner_id: int, token: UUID | str) -> bool:
    """Whether the wearer's one photo is another than this one."""
    current = cache.get(name_current(owner_id))
    return current is not None and current != str(token)


def answer(owner_id: int, token: UUID | str, found: dict[str, Any], picture: bytes = b"") -> None:
    """Nothing is kept of what was forgotten meanwhile."""
    if cache.get(name_current(owner_id)) != str(token):
        return
    rest = find_rest(owner_id, token)
    if picture:
        cache.set(name_key(owner_id, token, "picture"), picture, rest)
    cache.set(name_key(owner_id, token, "answer"), found, rest)


def forget(owner: User) -> None:
    """All of it, at once."""
    token = cache.get(name_current(owner.pk))
    keys = [name_current(owner.pk)]
    keys += [name_key(owner.pk, token, part) for part in PARTS] if token else []
    cache.delete_many(keys)
