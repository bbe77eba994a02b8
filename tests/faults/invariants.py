"""What must hold after every fault, asked of the tables and the files. Each check lists what breaks it."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID

import psycopg

# Named for what each one finds; each must find nothing.
QUERIES = {
    "a photo is stuck": """
        SELECT id FROM wardrobe_photo WHERE status IN ('received', 'processing')
        AND updated_at < now() - interval '3 minutes'""",
    "a suggestion is stuck": """
        SELECT id FROM styling_suggestion WHERE status = 'open'
        AND created_at < now() - interval '3 minutes'""",
    "a call is stuck": """
        SELECT id FROM registry_inferencecall WHERE outcome IS NULL
        AND started_at < now() - interval '3 minutes'""",
    "a failed photo gives no reason": """
        SELECT id FROM wardrobe_photo WHERE status = 'failed' AND failure = ''""",
    "an upload became two photos": """
        SELECT owner_id, upload_key FROM wardrobe_photo GROUP BY 1, 2 HAVING count(*) > 1""",
    "a file became two photos": """
        SELECT owner_id, sha256 FROM wardrobe_photo WHERE status <> 'failed'
        GROUP BY 1, 2 HAVING count(*) > 1""",
    "a garment hangs twice": """
        SELECT photo_id, ordinal FROM wardrobe_garment GROUP BY 1, 2 HAVING count(*) > 1""",
    "a photo has garments of two answers": """
        SELECT photo_id FROM wardrobe_garment GROUP BY 1 HAVING count(DISTINCT call_id) > 1""",
    "a photo is ready without garments": """
        SELECT id FROM wardrobe_photo p WHERE status = 'ready'
        AND NOT EXISTS (SELECT 1 FROM wardrobe_garment g WHERE g.photo_id = p.id)""",
    "an outcome is not whole": """
        SELECT id FROM registry_inferencecall
        WHERE (outcome = 'succeeded') <> (output IS NOT NULL AND finished_at IS NOT NULL)""",
    "a photo was answered twice": """
        SELECT subject, version_id, input_sha256 FROM registry_inferencecall
        WHERE outcome = 'succeeded' AND task = 'digitize_photo'
        GROUP BY 1, 2, 3 HAVING count(*) > 1""",
    "an outfit borrows a garment": """
        SELECT p.id FROM styling_outfitpiece p JOIN wardrobe_garment g ON g.id = p.garment_id
        JOIN styling_suggestion s ON s.id = p.suggestion_id WHERE g.owner_id <> s.owner_id""",
}
NAMED_FILES = """
    SELECT unnest(ARRAY[incoming, image, thumbnail]) FROM wardrobe_photo
    UNION SELECT unnest(ARRAY[image, cut_out]) FROM wardrobe_garment
    UNION SELECT picture FROM styling_suggestion UNION SELECT picture FROM styling_look
    UNION SELECT picture FROM styling_tripoccasion UNION SELECT file FROM styling_sharedpicture
    UNION SELECT file FROM registry_example UNION SELECT file FROM own_data_transfer"""


def find_violations(
    database: psycopg.Connection, media: Path, acknowledged: Mapping[UUID, str]
) -> list[str]:
    """`acknowledged`: of each upload that was answered with a photo, its key and the file's SHA-256."""
    return [
        *find_broken_rows(database),
        *find_lost_uploads(database, acknowledged),
        *find_wrong_files(database, media),
    ]


def find_broken_rows(database: psycopg.Connection) -> Iterator[str]:
    for name, query in QUERIES.items():
        yield from (f"{name}: {row}" for row in database.execute(query))


def find_lost_uploads(
    database: psycopg.Connection, acknowledged: Mapping[UUID, str]
) -> Iterator[str]:
    kept = dict(database.execute("SELECT upload_key, sha256 FROM wardrobe_photo").fetchall())
    for key, sha256 in acknowledged.items():
        if kept.get(key) != sha256:
            yield f"upload {key} is lost, or is another file"


def find_wrong_files(database: psycopg.Connection, media: Path) -> Iterator[str]:
    """Both ways: files that no row names, and names without their file or with other bytes."""
    named = {name for (name,) in database.execute(NAMED_FILES) if name}
    stored = {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}
    yield from (f"no row names {name}" for name in stored - named)
    yield from (f"{name} is gone" for name in named - stored)
    yield from (f"{name} has other bytes" for name in named & stored if is_altered(media, name))


def is_altered(media: Path, name: str) -> bool:
    """A rendition's name ends in the start of its hash; a composed picture's in that of what it is made of."""
    _, dash, digest = Path(name).stem.rpartition("-")
    bytes_now = (media / name).read_bytes()
    is_rendition = name.endswith(".webp") and not name.startswith("looks/")
    return is_rendition and hashlib.sha256(bytes_now).hexdigest()[:16] != digest
