"""A picture as a phone's camera takes it: twelve megapixels, with EXIF time and position."""

from pathlib import Path

from PIL import ExifTags, Image, ImageDraw

TAKEN = "2026:11:22 09:12:33"


def camera_photo(path: Path, colour: str) -> Path:
    """Write a JPEG of 4000 x 3000 pixels that a phone might have taken."""
    grain = Image.effect_noise((1000, 750), 40).resize((4000, 3000)).convert("RGB")
    image = Image.blend(grain, Image.new("RGB", grain.size, colour), 0.6)
    ImageDraw.Draw(image).ellipse((1500, 1000, 2500, 2000), outline="white", width=60)
    image.save(path, "JPEG", quality=88, exif=_exif())
    return path


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Crew"
    exif[ExifTags.Base.Orientation] = 1
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = TAKEN
    position = exif.get_ifd(ExifTags.IFD.GPSInfo)
    position[ExifTags.GPS.GPSLatitudeRef], position[ExifTags.GPS.GPSLatitude] = "N", (31.0, 12.0, 30.0)
    position[ExifTags.GPS.GPSLongitudeRef], position[ExifTags.GPS.GPSLongitude] = "E", (121.0, 28.0, 0.0)
    return exif
