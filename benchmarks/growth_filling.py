"""Wearers for `benchmarks.growth`: one is made by the product, and all that is theirs is copied by PostgreSQL.

A copy's keys follow from the original's and the copy's number, so a row of one table finds those of another: numbers are
shifted by `STRIDE` a copy, UUIDs are hashed with it. Only the ids inside arrays and JSON stay the original's. Rows are
copied while no index is kept up to date, and each index is built once they are all there.
"""

import random
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from asgiref.sync import async_to_sync
from django.db import connection
from django.db.models import ForeignKey, Model, UUIDField
from psycopg import Connection

YEARS = 3
PIECES = 4
STRIDE = 100_000
"""More than any number of the original's."""
TYPES = {
    "top": ("t-shirt", "shirt", "sweater", "blouse"),
    "bottom": ("jeans", "chinos", "skirt"),
    "shoes": ("sneakers", "boots", "derbies"),
    "outerwear": ("coat", "rain-jacket", "blazer"),
}
VECTORS, WIDTH = 1000, 128
"""Different ones of the built-in extractor's width; each row has one of them."""
STEP = 250
"""Wearers that one statement copies: their rows lie side by side, as those of people who dress on the same days do."""


def list_models() -> list[type[Model]]:
    """The tables that grow with the wearers, each behind those that it refers to."""
    from accounts.models import User
    from feedback.models import Rating
    from registry.models import CallRequest, InferenceCall
    from styling.models import Event, Look, LookPiece, OutfitPiece, Profile, Suggestion
    from wardrobe.models import Garment, Photo, PhotoEmbedding, UploadEvent, Wear

    return [
        *(User, Profile, Photo, UploadEvent, PhotoEmbedding, InferenceCall, CallRequest, Garment),
        *(Wear, Event, Suggestion, OutfitPiece, Rating, Look, LookPiece),
    ]


def make_wearer(garments_owned: int, outfits: int) -> Any:
    """A wearer of the product's own making, with one answer of the built-in stylist; the other outfits are like it."""
    from accounts.models import User
    from styling.models import Profile
    from wardrobe.identity import alignment
    from wardrobe.models import Garment, Photo, PhotoEmbedding, UploadEvent, Wear
    from wardrobe.similarity.extractors import BuiltinExtractor

    rng = random.Random(1)
    user = User.objects.create_user("w0@example.org", "a short sentence is good")
    Profile.objects.create(user=user)
    photos = Photo.objects.bulk_create(
        Photo(
            owner=user, upload_key=uuid4(), status="ready", sha256=f"{number:064x}",
            pixel_sha256=f"{number:064x}", perceptual_hash=f"{number:016x}", width=1024, height=768,
            source_format="jpeg", source_bytes=4_000_000, image=f"photos/{number:036}/image.webp",
            thumbnail=f"photos/{number:036}/thumbnail.webp",
        )
        for number in range(garments_owned)
    )  # fmt: skip
    UploadEvent.objects.bulk_create(
        UploadEvent(owner=user, photo=photo, outcome="admitted", format="jpeg", bytes=4_000_000)
        for photo in photos
    )
    PhotoEmbedding.objects.bulk_create(
        PhotoEmbedding(
            owner=user, extractor=extractor, pixel_sha256=photo.pixel_sha256,
            vector=[rng.random() for _ in range(WIDTH)], box=[],
        )
        for photo in photos
        for extractor in (BuiltinExtractor().name, alignment.EXTRACTOR)
    )  # fmt: skip
    garments = []
    for number, photo in enumerate(photos):
        slot = list(TYPES)[number % len(TYPES)]
        garments.append(
            Garment(
                owner=user, photo=photo, status="ready", name=f"Piece {number}", slot=slot,
                type=TYPES[slot][number % len(TYPES[slot])], warmth="medium", pattern="plain",
                colours=[{"name": "navy", "hex": "#1f2a44", "share": 1}], formality="casual",
                seasons=["spring", "autumn"], price=rng.randrange(10, 200), currency="EUR",
                wear_count=rng.randrange(40), image=f"garments/{number:036}/crop.webp",
                cut_out_sureness=0.9, confidence={"type": 0.9, "pattern": 0.9, "colours": 0.9},
            )
        )  # fmt: skip
    Garment.objects.bulk_create(garments)
    with connection.cursor() as cursor:
        for table in (
            "wardrobe_photo",
            "wardrobe_uploadevent",
            "wardrobe_photoembedding",
            "wardrobe_garment",
        ):
            cursor.execute(
                f"UPDATE {table} SET created_at = now() - random() * make_interval(days => %s)",  # noqa: S608 - Ours.
                [YEARS * 365],
            )
    days = [YEARS * 365 * number // outfits for number in range(outfits)]
    dress(user, garments, days, rng)
    Wear.objects.bulk_create(
        Wear(owner=user, garment=one, day=user.today - timedelta(days=ago + 1), source="said")
        for ago in days
        for one in rng.sample(garments, PIECES)
    )
    return user


def dress(user: Any, garments: list[Any], days: list[int], rng: random.Random) -> None:
    """An answered question, and as many more of the same as there are days; calls of half a year are kept, their words
    for a month."""
    from django.utils import timezone

    from feedback.models import Rating
    from registry.models import CallRequest, InferenceCall
    from styling.models import Event, Look, LookPiece, OutfitPiece, Suggestion
    from styling.services.requests import EventRequest, StatedWeather, open_suggestion
    from styling.streaming.reading import write

    event = EventRequest("casual", user.today, time(9), time(17))
    asked = open_suggestion(
        owner=user, request_key=uuid4(), event=event, stated=StatedWeather("mild", "dry")
    )
    async_to_sync(write)(asked.pk)
    Suggestion.objects.filter(pk=asked.pk).update(picture=f"looks/{user.pk}/0/look.webp")
    asked.refresh_from_db()
    if asked.status != "ready":
        raise RuntimeError(f"The first outfit is {asked.status}: {asked.failure}")
    call = asked.call
    words = CallRequest.objects.get(call=call)
    now = timezone.now()
    for ago in days:
        at = now - timedelta(days=ago + 1)
        kept = copy_call(call, words, at, ago) if ago < 180 else None
        day = user.today - timedelta(days=ago + 1)
        place = Event.objects.create(
            owner=user, kind="casual", date=day, starts_at=time(9), ends_at=time(17)
        )
        outfit = Suggestion.objects.get(pk=asked.pk)
        outfit.pk, outfit.request_key, outfit.event, outfit.call = uuid4(), uuid4(), place, kept
        outfit.verdict, outfit.created_at, outfit.finished_at, outfit.decided_at = (
            "accepted",
            at,
            at,
            at,
        )
        outfit.picture = f"looks/{user.pk}/{ago}/look.webp"
        outfit.save(force_insert=True)
        if kept:
            InferenceCall.objects.filter(pk=kept.pk).update(subject=f"suggestion:{outfit.pk}")
        chosen = rng.sample(garments, PIECES)
        OutfitPiece.objects.bulk_create(
            OutfitPiece(suggestion=outfit, garment=one, position=position, slot=one.slot)
            for position, one in enumerate(chosen)
        )
        if ago % 3 == 0:
            Rating.objects.create(suggestion=outfit, owner=user, verdict="accepted", reasons=[])
            Rating.objects.filter(suggestion=outfit).update(created_at=at, updated_at=at)
    for _ in range(5):
        look = Look.objects.create(owner=user, name="A look", picture=f"looks/{user.pk}/look.webp")
        LookPiece.objects.bulk_create(
            LookPiece(look=look, garment=one, position=position)
            for position, one in enumerate(rng.sample(garments, PIECES))
        )


def copy_call(call: Any, words: Any, at: datetime, ago: int) -> Any:
    from registry.models import CallRequest, InferenceCall

    kept = InferenceCall.objects.get(pk=call.pk)
    kept.pk, kept.started_at, kept.heartbeat_at, kept.finished_at = uuid4(), at, at, at
    if ago >= 30:
        kept.output, kept.forgotten_at = None, at
    kept.save(force_insert=True)
    if ago < 30:
        copy = CallRequest.objects.get(pk=words.pk)
        copy.pk = kept.pk
        copy.save(force_insert=True)
    return kept


def copy_wearers(superuser: Connection[Any], wearers: int) -> None:
    """Copies 1 to `wearers - 1` of all that the wearer 0 has."""
    models = list_models()
    with superuser.cursor() as cursor:
        for setting in SETTINGS:
            cursor.execute(f"SET {setting}")  # type: ignore[arg-type]
        for model in models:
            table = model._meta.db_table
            cursor.execute(
                f"CREATE TEMPORARY TABLE of_{table} AS SELECT * FROM {table} AS t WHERE {whose(model)}"  # type: ignore[arg-type]  # noqa: S608 - Names of ours.
            )
        for model in models:
            table = model._meta.db_table
            columns, values = describe_copy(model, models)
            keep_indexes(cursor, table, kept=False)
            for first in range(1, wearers, STEP):
                cursor.execute(
                    f"INSERT INTO {table} ({columns}) SELECT {values} "  # type: ignore[arg-type]  # noqa: S608 - Names of ours.
                    f"FROM generate_series(%s::int, %s::int) AS copy, of_{table} AS t",
                    [first, min(first + STEP, wearers) - 1],
                )
            keep_indexes(cursor, table, kept=True)


SETTINGS = (
    "session_replication_role = replica",  # What is copied kept all rules.
    "synchronous_commit = off",
    "statement_timeout = 0",
    "maintenance_work_mem = '512MB'",
)


def keep_indexes(cursor: Any, table: str, *, kept: bool) -> None:
    """Whether rows that are written go into the table's indexes; those that did not are put in by building them anew."""
    if kept:
        cursor.execute(f"REINDEX TABLE {table}")
    else:
        cursor.execute(
            "UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = %s::regclass",
            [table],
        )


def whose(model: type[Model]) -> str:
    """Which rows are the original's: those whose key no copy has."""
    names = {field.name: field for field in model._meta.concrete_fields}
    user = "(SELECT min(id) FROM accounts_user WHERE email = 'w0@example.org')"
    if model._meta.db_table == "accounts_user":
        return f"t.id = {user}"
    for owner in ("owner", "user"):
        if owner in names:
            return f"t.{owner}_id = {user}"
    if "call" in names and "subject" not in names:
        return f"t.owner_id = {user}"
    if "suggestion" in names:
        return f"t.suggestion_id IN (SELECT id FROM styling_suggestion WHERE owner_id = {user})"  # noqa: S608
    if "look" in names:
        return f"t.look_id IN (SELECT id FROM styling_look WHERE owner_id = {user})"  # noqa: S608
    return f"t.id IN (SELECT call_id FROM styling_suggestion WHERE owner_id = {user})"  # noqa: S608


def describe_copy(model: type[Model], models: list[type[Model]]) -> tuple[str, str]:
    """Columns and the SQL of their values in a copy."""
    columns, values = [], []
    for field in model._meta.concrete_fields:
        column, value = f'"{field.column}"', f't."{field.column}"'
        target = field.related_model if isinstance(field, ForeignKey) else None
        if target in models or field.primary_key and target is None:
            key = target._meta.pk if target else field  # type: ignore[union-attr]
            value = shift(key, value, models)
        elif field.column == "email":
            value = "'w' || copy || '@example.org'"
        elif field.column == "vector":
            value = (
                f"(SELECT vector FROM growth_vectors WHERE id = mod(copy * 31 + t.id, {VECTORS}))"  # noqa: S608
            )
        elif field.column == "subject":
            value = "'suggestion:' || md5(split_part(t.subject, ':', 2) || copy)::uuid"
        elif field.column == "traceparent":
            value = "''"
        columns.append(column)
        values.append(value)
    return ", ".join(columns), ", ".join(values)


def shift(key: Any, value: str, models: list[type[Model]]) -> str:
    while isinstance(key, ForeignKey) and key.related_model in models:
        key = key.related_model._meta.pk
    if isinstance(key, UUIDField):
        return f"md5({value}::text || copy)::uuid"
    return f"{value} + copy::bigint * {STRIDE}"


def make_vectors() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE UNLOGGED TABLE growth_vectors (id bigint PRIMARY KEY, vector vector)"
        )
        cursor.execute(
            "INSERT INTO growth_vectors SELECT n, (SELECT array_agg(random() + 0 * (n + m))::vector "
            "FROM generate_series(1, %s::int) AS m) FROM generate_series(0, %s::int) AS n",
            [WIDTH, VECTORS - 1],
        )
