"""Reading a ZIP that somebody brings. Nothing in it is believed: not its sizes, its names, its JSON or its pictures.

Limits hold before work: the list of files is bounded before it is read, each file before it is unpacked, all of them
together, the document before it is parsed. Names are those that an export writes, or the file is refused.
"""

import re
import struct
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image
from pydantic import ValidationError

from dresscode.own_data.archive.document import DOCUMENT, FORMAT, VERSION, Document, File
from wardrobe.identity.hashes import hash_file
from wardrobe.photos import apart, formats, ingestion
from wardrobe.photos.formats import UnreadablePhotoError
from wardrobe.photos.ingestion import KEPT_FORMAT, UncleanRenditionError

MEBIBYTE = 1024 * 1024
MOST_FILES = 60_000
"""Three for each photo and one for each garment, as many as a document may list."""
MOST_LISTED = 8 * MEBIBYTE
"""Bytes of the list of files at the end of a ZIP."""
MOST_DOCUMENT = 64 * MEBIBYTE
MOST_PICTURE = 4 * MEBIBYTE
"""Of a stored picture: one of 1024 by 1024 pixels without any compression has 3 MiB."""
END, LOCATOR = b"PK\x05\x06", b"PK\x06\x07"
END_BYTES, LOCATOR_BYTES, LONGEST_COMMENT = 22, 20, 65_535
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
UUID_NAME = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NAMES = re.compile(
    rf"{re.escape(DOCUMENT)}|photos/{UUID_NAME}/(?:image\.webp|thumbnail\.webp|upload)"
    rf"|garments/{UUID_NAME}\.webp"
)
SIDES = {"image.webp": ingestion.IMAGE_SIDE, "thumbnail.webp": ingestion.THUMBNAIL_SIDE}
SHOWN_FAULTS = 3


class ArchiveError(ValueError):
    """It cannot be taken in; the message is for its wearer."""


@dataclass
class Archive:
    """An open ZIP whose list of files and whose document are known to be sound; pictures are checked as they are read."""

    zip: zipfile.ZipFile
    document: Document

    def read(self, file: File) -> bytes:
        """A file that the document names, of the length and digest that it says. Raises ArchiveError."""
        most = settings.PHOTO_MAX_BYTES if file.name.endswith("/upload") else MOST_PICTURE
        data = unpack(self.zip, file.name, most)
        if len(data) != file.bytes or hash_file(data) != file.sha256:
            raise ArchiveError(
                _("%(name)s is not the file that was exported.") % {"name": file.name}
            )
        return data

    def read_picture(self, file: File) -> tuple[bytes, Image.Image]:
        """A stored picture: its bytes, proven to hold pixels alone, and the pixels. Raises ArchiveError."""
        data = self.read(file)
        side = SIDES.get(file.name.rpartition("/")[2], max(ingestion.CROP_SIZE))
        try:
            size = read_size(data)
            ingestion.verify_rendition(data, size)
            if not 0 < max(size) <= side:
                raise ArchiveError(
                    _("%(name)s is larger than a stored picture is.") % {"name": file.name}
                )
            return data, apart.read_upload(data, format=KEPT_FORMAT).picture
        except (UncleanRenditionError, UnreadablePhotoError) as error:
            raise ArchiveError(
                _("%(name)s is no picture as this product stores it.") % {"name": file.name}
            ) from error


def read_size(data: bytes) -> tuple[int, int]:
    """Width and height that the frame header of a lossy WebP says (RFC 6386, section 9.1)."""
    if len(data) < 30 or data[:4] != b"RIFF" or data[8:16] != b"WEBPVP8 ":
        raise UncleanRenditionError("not one lossy WebP")
    width, height = struct.unpack("<HH", data[26:30])
    return width & 0x3FFF, height & 0x3FFF


def open_archive(file: IO[bytes]) -> Archive:
    """The ZIP in an open file that can seek. Raises ArchiveError."""
    check_end(file)
    try:
        opened = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise ArchiveError(_("That is no ZIP file, or it is damaged.")) from error
    check_list(opened)
    document = read_document(opened)
    check_files(opened, document)
    return Archive(opened, document)


def check_end(file: IO[bytes]) -> None:
    """Bound the list of files before anybody reads it: a small ZIP can claim millions. Raises ArchiveError."""
    length = file.seek(0, 2)
    if length > settings.IMPORT_MAX_BYTES:
        raise ArchiveError(
            _("That is more than %(most)s MB.") % {"most": settings.IMPORT_MAX_BYTES // MEBIBYTE}
        )
    file.seek(max(0, length - LOCATOR_BYTES - END_BYTES - LONGEST_COMMENT))
    tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_BYTES:
        raise ArchiveError(_("That is no ZIP file, or it was cut off."))
    count, listed = struct.unpack("<HL", tail[at + 10 : at + 16])
    is_zip64 = tail[max(0, at - LOCATOR_BYTES) : at].startswith(
        LOCATOR
    )  # It would overrule both numbers.
    if is_zip64 or count > MOST_FILES or listed > MOST_LISTED:
        raise ArchiveError(_("That ZIP lists more files than an export has."))
    file.seek(0)


def check_list(opened: zipfile.ZipFile) -> None:
    """Names of ours alone, each once, not encrypted, in no more bytes than may come in. Raises ArchiveError."""
    infos = opened.infolist()
    names = Counter(info.filename for info in infos)
    if DOCUMENT not in names:
        raise ArchiveError(
            _("There is no %(document)s in it: it is no export of this product.")
            % {"document": DOCUMENT}
        )
    if any(count > 1 for count in names.values()):
        raise ArchiveError(_("It has two files of one name."))
    strange = next((name for name in names if not NAMES.fullmatch(name)), None)
    if strange is not None or len(infos) > MOST_FILES:
        raise ArchiveError(_("It holds files that are in no export."))
    if any(info.flag_bits & 0x1 or info.compress_type not in PACKED for info in infos):
        raise ArchiveError(_("It is encrypted, or packed in a way that no export is."))
    if sum(info.file_size for info in infos) > settings.IMPORT_MAX_BYTES + MOST_DOCUMENT:
        raise ArchiveError(_("Unpacked it is larger than an export can be."))


def read_document(opened: zipfile.ZipFile) -> Document:
    data = unpack(opened, DOCUMENT, MOST_DOCUMENT)
    try:
        document = Document.model_validate_json(data)
    except (ValidationError, RecursionError, MemoryError) as error:
        raise ArchiveError(explain(error)) from error
    check_references(document)
    return document


def explain(error: Exception) -> str:
    """The first faults by their place, without quoting what was sent."""
    if not isinstance(error, ValidationError):
        return _("%(document)s is nested too deeply, or too large.") % {"document": DOCUMENT}
    faults = error.errors(include_input=False, include_url=False, include_context=False)
    if any(one["loc"] in {("format",), ("version",)} for one in faults):
        return _("%(document)s is no %(format)s of version %(version)s.") % {
            "document": DOCUMENT,
            "format": FORMAT,
            "version": VERSION,
        }
    told = [
        f"{'.'.join(str(part)[:40] for part in one['loc'][:4]) or 'it'}: {one['msg'][:80]}"
        for one in faults[:SHOWN_FAULTS]
    ]
    said = _("%(document)s does not fit its schema: %(faults)s")
    return (said % {"document": DOCUMENT, "faults": "; ".join(told)})[:300]


def check_references(document: Document) -> None:
    """Each key once, and what refers to another row refers to one that is there. Raises ArchiveError."""
    photos = [one.id for one in document.photos]
    garments = [one.id for one in document.garments]
    outfits = [one.id for one in document.outfits]
    occasions = [one.key for one in document.occasions]
    keys: list[list[UUID] | list[int]] = [photos, garments, outfits, occasions]
    if any(len({*some}) < len(some) for some in keys):
        raise ArchiveError(_("%(document)s has two rows of one key.") % {"document": DOCUMENT})
    wanted_photos = {one.photo for one in document.garments}
    wanted_photos |= {key for one in document.photos for key in (one.duplicate_of, one.alike)}
    wanted_garments = {one.view_of for one in document.photos}
    wanted_garments |= {one.garment for one in document.wears}
    wanted_garments |= {piece.garment for one in document.outfits for piece in one.pieces}
    is_whole = (
        wanted_photos <= {*photos, None}
        and wanted_garments <= {*garments, None}
        and {one.occasion for one in document.outfits} <= {*occasions}
    )
    if not is_whole:
        raise ArchiveError(
            _("%(document)s refers to rows that are not in it.") % {"document": DOCUMENT}
        )


def check_files(opened: zipfile.ZipFile, document: Document) -> None:
    """The document names each file of the ZIP once, and none that is not there. Raises ArchiveError."""
    named = Counter(file.name for file in document.list_files())
    there = {*opened.namelist()} - {DOCUMENT}
    if named.keys() != there or any(count > 1 for count in named.values()):
        raise ArchiveError(
            _("%(document)s does not name the files that came with it.") % {"document": DOCUMENT}
        )


def unpack(opened: zipfile.ZipFile, name: str, most: int) -> bytes:
    """At most so many bytes of a file, whatever the ZIP says of its length. Raises ArchiveError."""
    try:
        if opened.getinfo(name).file_size > most:
            raise ArchiveError(_("%(name)s is too large.") % {"name": name})
        with opened.open(name) as member:
            data = member.read(most + 1)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:  # fmt: skip
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError(_("%(name)s is damaged.") % {"name": name}) from error
    if len(data) > most:
        raise ArchiveError(_("%(name)s is too large.") % {"name": name})
    return data


def check_upload(data: bytes) -> None:
    """A photo as it was uploaded passes the same door as an upload. Raises ArchiveError."""
    try:
        formats.check_bytes(len(data))
        formats.inspect_photo(data)
    except UnreadablePhotoError as error:
        raise ArchiveError(
            _("A photo that waits in it cannot be read: %(fault)s") % {"fault": error.message}
        ) from error
