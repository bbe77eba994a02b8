"""What people did beside millions of calls, in proportion to them, written by SQL: photos, garments, corrections, ratings.

A photo for each call of `digitize_photo`, two garments on each, one in ten of these corrected, and a rating of one in ten
suggestions. Rows are copies of one that the product made; only what tells them apart is set. Corrections and ratings
follow theirs.
"""

from typing import Any
from uuid import UUID

from benchmarks.monitoring_calls import without_indexes

WEARERS = 500

PHOTOS = (
    "wardrobe_photo",
    """
    FROM (
        SELECT id, finished_at, outcome, row_number() OVER (ORDER BY finished_at) AS n
        FROM registry_inferencecall WHERE task = 'digitize_photo'
    ) AS call
    CROSS JOIN wardrobe_photo AS kept WHERE kept.id = %(photo)s AND call.n %% %(every)s = 0
    """,
    {
        "id": "call.id",
        "upload_key": "call.id",
        "sha256": "md5(call.id::text) || md5(call.id::text)",
        "owner_id": "(%(owners)s::bigint[])[1 + call.n %% array_length(%(owners)s::bigint[], 1)]",
        "status": "CASE WHEN call.outcome = 'failed' THEN 'failed' ELSE 'ready' END",
        "source_format": "(ARRAY['jpeg', 'jpeg', 'heif', 'png', 'webp'])[1 + call.n %% 5]",
        "created_at": "call.finished_at",
        "updated_at": "call.finished_at",
    },
)
GARMENTS = (
    "wardrobe_garment",
    """
    FROM registry_inferencecall AS call
    JOIN wardrobe_photo AS photo ON photo.id = call.id
    CROSS JOIN generate_series(0, 1) AS series (ordinal)
    CROSS JOIN wardrobe_garment AS kept
    WHERE kept.id = %(garment)s AND call.outcome = 'succeeded'
    """,
    {
        "id": "md5(call.id::text || series.ordinal)::uuid",
        "owner_id": "photo.owner_id",
        "photo_id": "photo.id",
        "ordinal": "series.ordinal",
        "call_id": "call.id",
        "created_at": "call.finished_at",
        "confidence": "jsonb_build_object('type', random(), 'colours', random())",
    },
)
SUGGESTIONS = (
    "styling_suggestion",
    """
    FROM (
        SELECT *, row_number() OVER () AS n FROM registry_inferencecall
        WHERE task = 'suggest_outfit' AND outcome = 'succeeded' AND random() < 0.1 / %(every)s
    ) AS call
    CROSS JOIN styling_suggestion AS kept WHERE kept.id = %(suggestion)s
    """,
    {
        "id": "call.id",
        "request_key": "call.id",
        "call_id": "call.id",
        "status": "'ready'",
        "owner_id": "(%(owners)s::bigint[])[1 + call.n %% array_length(%(owners)s::bigint[], 1)]",
        "created_at": "call.finished_at",
    },
)

CORRECTIONS = """
INSERT INTO feedback_correction (
    owner_id, garment_id, field, model_value, user_value, version_id, call_id, pixel_sha256, box, review, created_at
)
SELECT
    garment.owner_id, garment.id, (ARRAY['type', 'colours', 'warmth', 'pattern'])[1 + (random() * 3)::int],
    '"shirt"', '"blouse"', call.version_id, call.id, '', '[]', 'pending',
    garment.created_at + interval '1 hour'
FROM wardrobe_garment AS garment
JOIN registry_inferencecall AS call ON call.id = garment.call_id
WHERE random() < 0.1
"""

RATINGS = """
INSERT INTO feedback_rating (
    suggestion_id, owner_id, version_id, verdict, reasons, comment, created_at, updated_at
)
SELECT
    suggestion.id, suggestion.owner_id, call.version_id,
    CASE WHEN random() < 0.7 THEN 'accepted' ELSE 'rejected' END, '[]', '', suggestion.created_at, suggestion.created_at
FROM styling_suggestion AS suggestion
JOIN registry_inferencecall AS call ON call.id = suggestion.call_id
"""

TABLES = (
    "wardrobe_photo", "wardrobe_garment", "feedback_correction", "styling_suggestion", "feedback_rating",
)  # fmt: skip


def make_wearers(password: str) -> list[int]:
    """Their keys; hashing a password of each would take longest."""
    from accounts.models import User

    users = [User(email=f"wearer{n}@bench.example", password=password) for n in range(WEARERS)]
    return [user.pk for user in User.objects.bulk_create(users)]


def make_suggestion(owner: int) -> UUID:
    from datetime import date, time

    from styling.models import Event, Suggestion

    event = Event.objects.create(
        owner_id=owner, kind="work", date=date(2026, 1, 1), starts_at=time(9), ends_at=time(17)
    )
    request_key = UUID(int=1)
    made = Suggestion.objects.create(owner_id=owner, event=event, request_key=request_key)
    return UUID(str(made.pk))


def write_copies(
    cursor: Any, values: dict[str, Any], table: str, source: str, changed: dict[str, str]
) -> None:
    """Rows of a table like one that is there, of which only some columns are another's."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
        [table],
    )
    names = [name for (name,) in cursor.fetchall()]
    picked = ", ".join(changed.get(name, f'kept."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {picked} {source}", values)  # noqa: S608 of ours


def write_people(every: int = 1) -> dict[str, int]:
    """After the calls, for one in `every` of them; answers with how many rows there are of each table."""
    from django.db import connection

    from tests.factories import make_garment, make_photo, make_user

    owners = make_wearers(make_user().password)
    kept: dict[str, UUID] = {
        "photo": make_photo().pk,
        "garment": make_garment().pk,
        "suggestion": make_suggestion(owners[0]),
    }
    counts = {}
    values = {"owners": owners, "every": every, **kept}
    with connection.cursor() as cursor:
        with without_indexes(cursor, *TABLES):
            for table, source, changed in (PHOTOS, GARMENTS):
                write_copies(cursor, values, table, source, changed)
            cursor.execute(CORRECTIONS)
            table, source, changed = SUGGESTIONS
            write_copies(cursor, values, table, source, changed)
            cursor.execute(RATINGS)
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 a constant
            counts[table] = int(cursor.fetchone()[0])
    return counts
