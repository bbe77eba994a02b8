"""From the bytes of a photo to the pictures that are kept of it, and what identifies them."""

from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from wardrobe.identity import hashes
from wardrobe.models import Photo
from wardrobe.photos import apart, ingestion, storage
from wardrobe.services import identification, upload_events


@dataclass(frozen=True)
class Rendered:
    """The picture that is kept of a photo, and the WebP that it is kept as. `fields` is what its row
    is to say of files that were stored just now; it is empty if none were. `measures` is what its
    upload event is to say of an upload that was decoded just now.
    """

    picture: Image.Image
    image: bytes
    pixel_sha256: str
    fields: dict[str, Any] = field(default_factory=dict)
    measures: dict[str, Any] = field(default_factory=dict)


def render_photo(photo: Photo) -> Rendered:
    """What an earlier try has kept, or what is made of the uploaded file, and then stored.

    Raises UnreadablePhotoError, OSError, or what the storage raises.
    """
    kept = photo.image.name
    with apart.opening:
        data = storage.read_file(kept or photo.incoming.name)
        if not kept:
            return render_upload(photo, data)
        picture = ingestion.read_picture(data, format=ingestion.KEPT_FORMAT)
        return Rendered(picture, data, photo.pixel_sha256)


def render_upload(photo: Photo, data: bytes) -> Rendered:
    """Of a photo that shows what another one shows nothing is stored."""
    if hashes.hash_file(data) != photo.sha256:
        raise OSError(f"the stored bytes of photo {photo.pk} are not those that came")
    picture, profile = apart.read_upload(data, format=photo.source_format)
    renditions = ingestion.render_picture(picture)
    image = renditions.image
    pixel_sha256 = hashes.hash_pixels(picture)
    measures = upload_events.measure_upload(photo, renditions.small, profile)
    if identification.find_original(photo, pixel_sha256):
        return Rendered(picture, image, pixel_sha256, measures=measures)
    folder = f"photos/{photo.owner_id}/{photo.pk}"
    fields = {
        "image": storage.save_rendition(folder, "image", image),
        "thumbnail": storage.save_rendition(folder, "thumbnail", renditions.thumbnail),
        "width": picture.width,
        "height": picture.height,
        "pixel_sha256": pixel_sha256,
        "perceptual_hash": hashes.hash_appearance(picture),
        "incoming": "",  # The file as it was uploaded goes.
    }
    return Rendered(picture, image, pixel_sha256, fields, measures)
