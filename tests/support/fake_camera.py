"""A camera for browser tests: a film of a tag, which Chromium plays as if it came from a lens.

    film = write_mjpeg(tmp_path / "camera.mjpeg", f"{base_url}/t/{code}")
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path="/usr/bin/chromium", args=chromium_arguments(film), permissions=["camera"],
    )

Chromium opens the file each time a page opens the camera and repeats it for ever, so the next tag is shown by writing
the same file again and going to the scan page again. Sides must be even; other subsampling than 4:2:0 is not read.
"""

import io
from pathlib import Path

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_Q

SIZE = (1280, 720)
WALL = (150, 152, 148)


def chromium_arguments(film: Path) -> list[str]:
    """What makes Chromium play the film and skip the question for permission."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]


def write_mjpeg(path: Path, text: str, frames: int = 30, *, blank: int = 10, side: int = 320) -> Path:
    """Blank frames first, because nothing is read yet when the camera opens, then frames with the code."""
    wall = Image.new("RGB", SIZE, WALL)
    seen = wall.copy()
    code = picture_of(text, side)
    seen.paste(code, ((SIZE[0] - code.width) // 2, (SIZE[1] - code.height) // 2))
    path.write_bytes(_jpeg(wall) * blank + _jpeg(seen) * frames)
    return path


def picture_of(text: str, side: int = 320) -> Image.Image:
    """The QR code of a text with its white margin, as it is printed."""
    symbol = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=4)
    symbol.add_data(text)
    return symbol.make_image().get_image().convert("RGB").resize((side, side), Image.Resampling.LANCZOS)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, subsampling="4:2:0")
    return out.getvalue()
