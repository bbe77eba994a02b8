"""What comes in is held to its limits before it is worked on, and nothing of it is believed."""

import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from accounts.models import User
from dresscode.own_data import transfers
from dresscode.own_data.archive import reading
from dresscode.own_data.archive.reading import ArchiveError, open_archive
from registry.services.examples import is_near
from tests.factories import make_image
from tests.own_data.wearers import bring, export, rewrite, take_in
from wardrobe.models import Garment, Photo
from wardrobe.photos import storage

pytestmark = pytest.mark.django_db(transaction=True)

Document = dict[str, Any]


def zip_of(*files: tuple[str, bytes], packed: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packed) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return made.getvalue()


def refuse(data: bytes) -> str:
    """What the wearer is told."""
    with pytest.raises(ArchiveError) as refused:
        open_archive(io.BytesIO(data))
    return str(refused.value)


def claim(count: int, listed: int, *, is_zip64: bool = False) -> bytes:
    """The end of a ZIP that claims so many files in so many bytes."""
    locator = b"PK\x06\x07" + bytes(16) if is_zip64 else b""
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, listed, 0, 0)
    return bytes(100) + locator + end


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no ZIP file"),
        (b"PK\x03\x04" + bytes(200), "no ZIP file"),
        (claim(65_000, 1000), "more files"),
        (claim(10, 2**31), "more files"),
        (claim(1, 100, is_zip64=True), "more files"),
        (zip_of(("../../etc/passwd", b"x"), ("dresscode.json", b"{}")), "in no export"),
        (zip_of(("/dresscode.json", b"{}")), "no export of this product"),
        (zip_of(("photos/x/image.webp", b""), ("dresscode.json", b"{}")), "in no export"),
        (zip_of(("dresscode.json\nphotos/", b""), ("dresscode.json", b"{}")), "in no export"),
        (zip_of(("dresscode.json", b"{}"), packed=zipfile.ZIP_LZMA), "packed in a way"),
        (zip_of(("readme.txt", b"")), "no dresscode.json"),
        (zip_of(("dresscode.json", b"[" * 100_000)), "does not fit its schema"),
        (zip_of(("dresscode.json", b'{"format": NaN')), "does not fit its schema"),
        (zip_of(("dresscode.json", b'{"format": "other"}')), "no dresscode-export"),
        (zip_of(("dresscode.json", b"\xff\xfe{}")), "does not fit its schema"),
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused(data: bytes, told: str) -> None:
    assert told in refuse(data)


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zip_of(("dresscode.json", b"{}"), ("dresscode.json", b"[]"))
    assert "two files of one name" in refuse(data)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zip_of(("dresscode.json", b" " * 10_000_000), packed=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 20_000
    monkeypatch.setattr(reading, "MOST_DOCUMENT", 1_000_000)
    assert "too large" in refuse(bomb)


def test_a_length_that_lies_gets_no_more_bytes() -> None:
    """The list says 100 bytes; the stream holds ten million."""
    bomb = zip_of(("dresscode.json", b" " * 10_000_000), packed=zipfile.ZIP_DEFLATED)
    lied = bomb.replace(struct.pack("<L", 10_000_000), struct.pack("<L", 100))
    assert "damaged" in refuse(lied)


def test_more_than_may_come_in_is_refused(settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 1000
    assert "more than" in refuse(bytes(2000))
    settings.IMPORT_MAX_BYTES = 100_000
    many = [(f"garments/{uuid4()}.webp", b" " * 50_000) for _ in range(2000)]
    packed = zip_of(*many, ("dresscode.json", b"{}"), packed=zipfile.ZIP_DEFLATED)
    settings.IMPORT_MAX_BYTES = len(packed)
    assert "larger than an export can be" in refuse(packed)


def set_garment(**fields: Any) -> Callable[[Document], None]:
    return lambda document: document["garments"][0].update(fields)


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(more=1),
        lambda document: document.update(photos=[{}] * 20_001),
        lambda document: document["garments"].append(document["garments"][0]),
        lambda document: document["wears"][0].update(garment=str(uuid4())),
        lambda document: document["wears"][0].update(times=10**12),
        lambda document: document["photos"][0].update(image=None),
        lambda document: document["photos"][0]["image"].update(name="/etc/passwd"),
        lambda document: document["outfits"][0].update(occasion=10**30),
        lambda document: document["outfits"][0].update(asked_at="9999-01-01T00:00:00Z"),
        lambda document: document["outfits"][0]["weather"].update(categories={}),
        set_garment(type="<script>"),
        set_garment(quantity=-1),
        set_garment(name="x" * 121),
        set_garment(clo=1e9),
        set_garment(price="1e99"),
        set_garment(id="../../x"),
        set_garment(colours=[{"name": "navy", "hex": "javascript:"}]),
        set_garment(model_values={"type": {"deep": {"er": 1}}}),
        lambda document: json.dumps(document).replace("0.97", "1e999"),
    ],
)
def test_a_document_is_held_to_its_schema(alice: User, change: Callable[[Document], Any]) -> None:
    assert "dresscode.json" in refuse(rewrite(export(alice), change))


def claim_picture(data: bytes, kind: str = "image") -> Callable[[Document], None]:
    """The document says of the first photo what is true of another file."""

    def change(document: Document) -> None:
        for photo in document["photos"]:
            if photo[kind]:
                photo[kind].update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())

    return change


def spoil(picture: bytes) -> dict[str, bytes]:
    """Files that are no stored pictures, each in a way of its own."""
    exif = picture[:12] + picture[12:] + b"EXIF" + struct.pack("<L", 4) + b"mine"
    with_exif = exif[:4] + struct.pack("<L", len(exif) - 8) + exif[8:]
    return {
        "a script": b"<script>alert(1)</script>" * 10,
        "more behind it": picture + b"secret",
        "EXIF": with_exif,
        "another format": make_image(),
        "too large": make_image(size=(1100, 20), format="WEBP"),
        "without a loss": make_lossless(),
        "cut": picture[:4] + struct.pack("<L", len(picture) - 30) + picture[8 : len(picture) - 22],
    }


def make_lossless() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 80)).save(buffer, "WEBP", lossless=True)
    return buffer.getvalue()


@pytest.mark.parametrize("how", ["a script", "more behind it", "EXIF", "another format", "too large", "without a loss", "cut"])  # fmt: skip
def test_a_picture_is_proven_to_be_one_and_nothing_else(
    alice: User, charlie: User, how: str
) -> None:
    photo = Photo.objects.filter(owner=alice).exclude(image="").first()
    assert photo
    spoiled = spoil(storage.read_file(photo.image.name))[how]
    change = claim_picture(spoiled)
    transfer = bring(charlie, rewrite(export(alice), change, **{"image.webp": spoiled}))
    transfers.confirm_import(transfer)
    transfers.work_on(transfer.pk, seconds=60)
    transfer.refresh_from_db()
    assert transfer.status == "failed" and "image.webp" in transfer.failure
    assert not Photo.objects.filter(owner=charlie).exclude(image="").exists()
    assert list(storage.list_files(f"photos/{charlie.pk}")) == []


def test_what_others_know_a_photo_by_is_measured(alice: User, charlie: User) -> None:
    """Near-duplicates of what was learned from are kept out of the holdout by it: nobody may choose theirs."""

    def lie(document: Document) -> None:
        for photo in document["photos"]:
            photo["pixel_sha256"] = "0" * 64 if photo["image"] else ""

    take_in(charlie, rewrite(export(alice), lie))
    true = Photo.objects.filter(owner=alice).exclude(image="").order_by("created_at")
    told = Photo.objects.filter(owner=charlie).exclude(image="").order_by("created_at")
    for one, other in zip(true, told, strict=True):
        assert is_near(int(one.perceptual_hash, 16), int(other.perceptual_hash, 16))


def test_odd_words_and_marks_do_no_harm(alice: User, charlie: User, client: Any) -> None:
    def change(document: Document) -> None:
        garments = document["garments"]
        garments[0].update(
            name="Nul\x00 and bell\x07",
            pattern="unheard_of",
            doubts=["nonsense"],
            confidence={"nonsense": 0.1},
            model_values={"type": ["a", "list"], "colours": "blue", "water_resistant": True},
            set_aside={"nonsense": {"value": "x"}},
            seasons=["spring", "fifth"],
        )
        garments[1]["type"] = "jetpack"
        document["outfits"][0]["prose"] = "<script>alert(1)</script>"
        for _ in range(2):
            document["outfits"][0]["pieces"] *= 2

    transfer = take_in(charlie, rewrite(export(alice), change))
    assert transfer.status == "done" and transfer.counts["left_out"]["garments"] == 1
    garment = Garment.objects.get(owner=charlie, name="Nul and bell")
    assert (garment.pattern, garment.doubts, garment.seasons) == ("", [], ["spring"])
    assert garment.model_values == {"water_resistant": True}
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    for path in (f"/wardrobe/{garment.pk}/", "/wardrobe/", "/outfits/", "/you/", "/you/learned/"):
        assert client.get(path).status_code == 200
    outfit = charlie.suggestions.order_by("created_at").first()
    shown = client.get(f"/outfits/{outfit.pk}/")
    assert "&lt;script&gt;alert(1)" in shown.text
    assert client.get(f"/outfits/{outfit.pk}/why/").status_code == 200


def test_no_word_of_what_was_sent_is_quoted(alice: User) -> None:
    told = refuse(rewrite(export(alice), set_garment(status="CANARY-WORD")))
    assert "garments.0.status" in told and "CANARY" not in told
