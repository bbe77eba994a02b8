"""What is kept of a photo: upright, sRGB, small, and nothing but pixels."""

import io
import struct
import zlib

import numpy as np
import piexif
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from tests.wardrobe.pictures import (
    MP4,
    add_chunk,
    add_segment,
    claim_size,
    draw_corners,
    draw_noise,
    encode,
)
from wardrobe.identity import hashes
from wardrobe.photos import ingestion, measuring
from wardrobe.photos.containers import find_jpeg_end, read_webp_chunks
from wardrobe.photos.counted import CountedFile
from wardrobe.photos.formats import UnreadablePhotoError
from wardrobe.photos.ingestion import (
    Renditions,
    UncleanRenditionError,
    make_crop,
    make_renditions,
    read_picture,
    verify_rendition,
)

CANARY = b"CANARY-47.3769N-8.5417E"


def stored(renditions: Renditions) -> bytes:
    """Every byte that would be stored."""
    crop = make_crop(renditions.picture, (0.1, 0.1, 0.5, 0.5))
    return renditions.image + renditions.thumbnail + crop


def colour_at(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    """At a place in fractions of the picture."""
    found = picture.getpixel((round(x * picture.width), round(y * picture.height)))
    assert isinstance(found, tuple)
    return tuple(int(value) for value in found)


def is_near(one: tuple[int, ...], other: tuple[int, ...], within: int = 14) -> bool:
    return all(abs(a - b) <= within for a, b in zip(one, other, strict=True))


def exif_bytes(orientation: int = 1) -> bytes:
    text: bytes = piexif.dump(
        {
            "0th": {
                piexif.ImageIFD.Orientation: orientation,
                piexif.ImageIFD.Make: CANARY,
                piexif.ImageIFD.Artist: CANARY,
            },
            "Exif": {
                piexif.ExifIFD.MakerNote: CANARY,
                piexif.ExifIFD.UserComment: b"ASCII\x00\x00\x00" + CANARY,
                piexif.ExifIFD.BodySerialNumber: CANARY,
            },
            "GPS": {piexif.GPSIFD.GPSProcessingMethod: CANARY},
            "1st": {},
            "thumbnail": add_segment(encode(draw_corners(), "jpeg"), 0xFE, CANARY),
        }
    )
    return text


def display_p3() -> bytes:
    """A profile with Display P3's primaries and a gamma of 2.2, tagged by tag (ICC.1:2022)."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    description = b"desc" + bytes(4) + struct.pack(">I", 11) + b"Display P3\x00" + bytes(78)
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)
    tags = {
        b"desc": description,
        b"cprt": b"text" + bytes(4) + CANARY + b"\x00",
        b"wtpt": b"XYZ " + bytes(4) + fixed(0.9642, 1.0, 0.8249),
        b"rXYZ": b"XYZ " + bytes(4) + fixed(0.51512, 0.24120, -0.00105),
        b"gXYZ": b"XYZ " + bytes(4) + fixed(0.29198, 0.69225, 0.04189),
        b"bXYZ": b"XYZ " + bytes(4) + fixed(0.15710, 0.06657, 0.78407),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, body, offset = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        value += bytes(-len(value) % 4)
        table += struct.pack(">4sII", name, offset + len(body), len(value))
        body += value
    size = struct.pack(">I", offset + len(body))
    header = size + b"lcms" + bytes([4, 0x30, 0, 0]) + b"mntrRGB XYZ " + bytes(12) + b"acsp"
    header += bytes(28) + fixed(0.9642, 1.0, 0.8249)
    return header.ljust(128, b"\x00") + table + body


def carriers() -> dict[str, tuple[str, bytes]]:
    """Files that carry the canary in every way we know."""
    corners = draw_corners()
    jpeg, png = encode(corners, "jpeg"), encode(corners, "png")
    xmp = b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>" + CANARY + b"</x:xmpmeta>"
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(CANARY)) + CANARY
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", CANARY.decode(), zip=True)
    text.add_itxt("Author", CANARY.decode())
    profile = display_p3()
    end = find_jpeg_end(CountedFile(jpeg))
    return {
        "jpeg exif": ("jpeg", encode(corners, "jpeg", exif=exif_bytes())),
        "jpeg comment": ("jpeg", add_segment(jpeg, 0xFE, CANARY)),
        "jpeg xmp": ("jpeg", add_segment(jpeg, 0xE1, xmp)),
        "jpeg extended xmp": (
            "jpeg",
            add_segment(jpeg, 0xE1, b"http://ns.adobe.com/xmp/extension/\x00" + CANARY),
        ),
        "jpeg iptc": ("jpeg", add_segment(jpeg, 0xED, iptc)),
        "jpeg jumbf": ("jpeg", add_segment(jpeg, 0xEB, b"JP\x00\x01" + CANARY)),
        "jpeg icc": ("jpeg", encode(corners, "jpeg", icc_profile=profile)),
        "jpeg motion photo": ("jpeg", jpeg[:end] + MP4.replace(b"\x07" * 8, CANARY[:8])),
        "png text": ("png", add_chunk(png, b"tEXt", b"Comment\x00" + CANARY)),
        "png compressed text": ("png", encode(corners, "png", pnginfo=text)),
        "png exif": ("png", encode(corners, "png", exif=exif_bytes())),
        "png time": ("png", add_chunk(png, b"tIME", CANARY[:7])),
        "png icc": ("png", encode(corners, "png", icc_profile=profile)),
        "webp": (
            "webp",
            encode(corners, "webp", exif=exif_bytes(), xmp=CANARY, icc_profile=profile),
        ),
        "heif": ("heif", encode(corners, "heif", exif=exif_bytes(), xmp=CANARY)),
        "avif": ("avif", encode(corners, "avif", exif=exif_bytes(), xmp=CANARY)),
    }


@pytest.mark.parametrize("name", carriers())
def test_no_metadata_survives(name: str) -> None:
    format, data = carriers()[name]
    assert (
        CANARY[:7] in data
        or zlib.compress(CANARY)[:4] in data
        or "compressed" in name
        or ("png icc" in name)
    )
    kept = stored(make_renditions(data, format=format))
    assert CANARY[:7] not in kept
    assert b"Exif" not in kept
    assert b"ICCP" not in kept


@pytest.mark.parametrize("format", ["jpeg", "png", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_ends_upright(format: str, orientation: int) -> None:
    turned = draw_corners()
    inverse = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}.get(orientation)
    if inverse:
        turned = turned.transpose(ingestion.UPRIGHT[inverse])
    data = encode(turned, format, exif=exif_bytes(orientation))
    picture = read_picture(data, format=format)
    assert picture.size == (96, 64)
    assert is_near(colour_at(picture, 0.1, 0.1), (220, 30, 30))
    assert is_near(colour_at(picture, 0.9, 0.1), (30, 180, 30))
    assert is_near(colour_at(picture, 0.1, 0.9), (30, 30, 220))


@pytest.mark.parametrize("format", ["heif", "avif"])
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_formats_that_turn_by_themselves_are_turned_once(format: str, orientation: int) -> None:
    inverse = {3: 3, 6: 8, 8: 6}[orientation]
    turned = draw_corners().transpose(ingestion.UPRIGHT[inverse])
    picture = read_picture(encode(turned, format, exif=exif_bytes(orientation)), format=format)
    assert picture.size == (96, 64)
    assert is_near(colour_at(picture, 0.1, 0.1), (220, 30, 30), within=24)


def test_display_p3_is_converted_to_srgb() -> None:
    wanted = (200, 60, 60)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    wide = ImageCms.profileToProfile(
        Image.new("RGB", (64, 64), wanted), srgb, ImageCms.ImageCmsProfile(io.BytesIO(display_p3()))
    )
    assert wide is not None
    assert not is_near(colour_at(wide, 0.5, 0.5), wanted, within=8)
    data = encode(wide, "jpeg", icc_profile=display_p3(), quality=95)
    assert is_near(colour_at(read_picture(data, format="jpeg"), 0.5, 0.5), wanted, within=4)


@pytest.mark.parametrize("profile", [b"nonsense", b"", display_p3()[:200]])
def test_a_profile_that_is_broken_counts_as_srgb(profile: bytes) -> None:
    data = encode(Image.new("RGB", (64, 64), (200, 60, 60)), "png", icc_profile=profile)
    assert colour_at(read_picture(data, format="png"), 0.5, 0.5) == (200, 60, 60)


def test_broken_exif_does_not_matter() -> None:
    data = add_segment(encode(draw_corners(), "jpeg"), 0xE1, b"Exif\x00\x00MM\x00*\xff\xff\xff\xff")
    assert read_picture(data, format="jpeg").size == (96, 64)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_mode_becomes_the_same_colours(mode: str) -> None:
    grey = Image.new("L", (64, 64), 255)
    if mode == "I;16":
        picture = Image.fromarray(np.full((64, 64), 65535, np.uint16))
    else:
        picture = grey.convert("RGB").convert(mode)
    format = "jpeg" if mode == "CMYK" else "png"
    found = colour_at(read_picture(encode(picture, format), format=format), 0.5, 0.5)
    assert is_near(found, (255, 255, 255), within=2)


@pytest.mark.parametrize("format", ["png", "webp", "heif", "avif"])
def test_transparency_becomes_white(format: str) -> None:
    data = encode(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), format)
    assert is_near(colour_at(read_picture(data, format=format), 0.5, 0.5), (255, 255, 255), 3)


@pytest.mark.parametrize("format", ["png", "webp", "gif"])
def test_what_is_nearly_white_is_seen_against_its_ground(format: str) -> None:
    picture = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    picture.paste((250, 250, 248, 255), (10, 10, 50, 50))
    read = read_picture(encode(picture, format), format=format)
    assert is_near(colour_at(read, 0.5, 0.5), (250, 250, 248))
    assert is_near(colour_at(read, 0.05, 0.05), (205, 205, 205))


def test_a_deep_grey_png_may_be_transparent() -> None:
    deep = np.full((60, 60), 30_000, np.uint16)
    deep[:20, :20] = 700
    data = add_chunk(encode(Image.fromarray(deep), "png"), b"tRNS", struct.pack(">H", 700))
    read = read_picture(data, format="png")
    assert colour_at(read, 0.1, 0.1) == (255, 255, 255)
    assert is_near(colour_at(read, 0.7, 0.7), (116, 116, 116))


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_heif_that_is_turned_by_exif_alone_ends_upright(orientation: int) -> None:
    inverse = {3: 3, 6: 8, 8: 6}[orientation]
    lying = draw_corners().transpose(ingestion.UPRIGHT[inverse])
    data = encode(lying, "heif", exif=exif_bytes(orientation))
    alone = data.replace(b"irot", b"skip").replace(b"imir", b"skip")
    assert alone != data
    read = read_picture(alone, format="heif")
    assert is_near(colour_at(read, 0.1, 0.1), (220, 30, 30), within=40)
    assert is_near(colour_at(read, 0.9, 0.9), (255, 255, 255), within=40)


def test_xmp_does_not_turn_a_photo() -> None:
    xmp = b'<x xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'
    data = add_segment(
        encode(draw_corners(), "jpeg"), 0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + xmp
    )
    assert read_picture(data, format="jpeg").size == (96, 64)


def test_a_profile_is_not_srgb_because_it_says_so() -> None:
    named = display_p3().replace(b"Display P3", b"sRGB v1.00")
    picture = Image.new("RGB", (40, 40), (200, 50, 50))
    read = read_picture(encode(picture, "png", icc_profile=named), format="png")
    honest = read_picture(encode(picture, "png", icc_profile=display_p3()), format="png")
    assert colour_at(read, 0.5, 0.5) == colour_at(honest, 0.5, 0.5) != (200, 50, 50)
    assert measuring.name_profile(named) == "other"


@pytest.mark.parametrize("width", [100, 40])
def test_what_an_avif_says_is_cut_off_is_not_shown(width: int) -> None:
    data = encode(draw_corners(120, 90), "avif")
    aperture = struct.pack(">I4sIIIIiIiI", 40, b"clap", width, 1, 50, 1, 6, 2, 0, 1)
    read = read_picture(data + aperture, format="avif")
    assert read.size == (width, 50)


def test_of_an_animation_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    data = encode(frames[0], "webp", save_all=True, append_images=frames[1:], lossless=True)
    assert is_near(colour_at(read_picture(data, format="webp"), 0.5, 0.5), (255, 0, 0), within=4)


@pytest.mark.parametrize(
    ("size", "image", "thumbnail"),
    [
        ((3000, 2000), (1024, 683), (320, 213)),
        ((2000, 3000), (683, 1024), (213, 320)),
        ((4096, 40), (1024, 10), (320, 3)),
        ((200, 150), (200, 150), (200, 150)),
    ],
)
def test_renditions_have_their_sizes(
    size: tuple[int, int], image: tuple[int, int], thumbnail: tuple[int, int]
) -> None:
    renditions = make_renditions(encode(draw_noise(*size), "jpeg"), format="jpeg")
    assert renditions.picture.size == image
    verify_rendition(renditions.image, image)
    verify_rendition(renditions.thumbnail, thumbnail)


def test_a_large_jpeg_is_decoded_at_a_reduced_scale() -> None:
    with Image.open(io.BytesIO(encode(draw_noise(3200, 2400), "jpeg"))) as image:
        ingestion.hint_scale(image, 1024)
        assert image.size == (1600, 1200)


def test_a_rendition_looks_like_its_photo() -> None:
    photo = draw_noise(3200, 2400)
    kept = make_renditions(encode(photo, "jpeg", quality=95), format="jpeg").picture
    wanted = photo.resize(kept.size, Image.Resampling.LANCZOS)
    error = np.asarray(kept, np.float64) - np.asarray(wanted, np.float64)
    assert (
        20 * np.log10(255 / np.sqrt(np.mean(error**2))) > 33
    )  # dB, on a picture that is all edges


@pytest.mark.parametrize("has_package", [True, False])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "CMYK"])
def test_shrinking_comes_near_the_best_filter(
    mode: str, has_package: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_package:
        monkeypatch.setattr(ingestion, "resizer", None)
    photo = draw_noise(2000, 1500).convert("RGB").convert(mode)
    kept = ingestion.shrink(photo, 1024)
    assert kept.mode == mode
    wanted = photo.resize(kept.size, Image.Resampling.LANCZOS)
    error = np.asarray(kept, np.float64) - np.asarray(wanted, np.float64)
    assert 20 * np.log10(255 / np.sqrt(np.mean(error**2))) > 40  # dB


def test_shrinking_is_the_same_without_vector_instructions() -> None:
    package = pytest.importorskip("cykooz_resizer")
    photo = draw_noise(2000, 1500)
    kept = ingestion.shrink(photo, 1024)
    plain = package.Resizer()
    plain.cpu_extensions = package.CpuExtensions.none
    other = Image.new("RGB", kept.size)
    plain.resize_pil(photo, other, ingestion.SHRINKING)
    assert kept.tobytes() == other.tobytes()


def test_a_file_whose_pixels_are_more_than_its_header_says_is_refused() -> None:
    data = claim_size(encode(draw_noise(), "jpeg"), 160, 4000)
    with pytest.raises(UnreadablePhotoError):
        read_picture(data[: len(data) // 2], format="jpeg")


@pytest.mark.parametrize("format", ["png", "webp", "heif", "avif"])
def test_damage_in_the_pixels_is_said_and_nothing_worse(format: str) -> None:
    data = bytearray(encode(draw_noise(400, 300), format))
    middle = len(data) // 2
    data[middle:-30] = b""
    with pytest.raises(UnreadablePhotoError) as caught:
        read_picture(bytes(data), format=format)
    assert caught.value.code == "damaged"


@pytest.mark.parametrize("tail", [b"\x00", b"EXIF\x04\x00\x00\x00abcd"])
def test_a_rendition_with_more_than_its_pixels_is_refused(tail: bytes) -> None:
    data = make_renditions(encode(draw_noise(), "jpeg"), format="jpeg").image
    longer = data + tail
    longer = longer[:4] + struct.pack("<I", len(longer) - 8) + longer[8:]
    with pytest.raises(UncleanRenditionError):
        verify_rendition(longer, (160, 120))
    with pytest.raises(UncleanRenditionError):
        verify_rendition(data, (120, 160))


@pytest.mark.parametrize("exif", [exif_bytes(), b"Exif\x00\x00II*\x00in no order"])
def test_exif_that_our_own_reader_overlooks_is_found(
    exif: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = encode(draw_noise(), "webp", exif=exif)
    pixels = [chunk for chunk in read_webp_chunks(CountedFile(data)) if chunk[0] == b"VP8 "]
    monkeypatch.setattr(ingestion, "read_webp_chunks", lambda data: pixels)
    with pytest.raises(UncleanRenditionError, match="EXIF"):
        verify_rendition(data, (160, 120))


@pytest.mark.parametrize(
    "box", [(), (0, 0, 1, 1), (0.1, 0.2, 0.2, 0.5), (0.9, 0.9, 0.1, 0.1), (0, 0.4, 1, 0.02)]
)
def test_a_crop_has_its_size_whatever_the_box(box: tuple[float, ...]) -> None:
    verify_rendition(make_crop(draw_noise(400, 300), box), (400, 533))


def test_a_crop_shows_what_is_in_the_box() -> None:
    picture = Image.new("RGB", (900, 600), "white")
    picture.paste((30, 30, 220), (600, 200, 700, 350))
    with Image.open(io.BytesIO(make_crop(picture, (600 / 900, 200 / 600, 1 / 9, 0.25)))) as crop:
        assert is_near(colour_at(crop.convert("RGB"), 0.5, 0.5), (30, 30, 220))


def test_pixels_have_one_identity_whatever_surrounds_them() -> None:
    jpeg = encode(draw_noise(), "jpeg")
    plain = read_picture(jpeg, format="jpeg")
    dressed = read_picture(add_segment(jpeg, 0xFE, CANARY), format="jpeg")
    other = read_picture(encode(draw_noise(seed=2), "jpeg"), format="jpeg")
    assert hashes.hash_pixels(plain) == hashes.hash_pixels(dressed)
    assert hashes.hash_pixels(plain) != hashes.hash_pixels(other)


def test_alike_pictures_have_alike_perceptual_hashes() -> None:
    def bits(picture: Image.Image) -> int:
        return int(hashes.hash_appearance(picture), 16)

    photo = draw_noise(640, 480)
    again = read_picture(encode(photo.resize((500, 375)), "jpeg", quality=60), format="jpeg")
    assert (bits(photo) ^ bits(again)).bit_count() <= 6
    assert (bits(photo) ^ bits(draw_noise(640, 480, seed=2))).bit_count() > 16
