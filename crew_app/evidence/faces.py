"""Finding faces in a picture. The only module that knows OpenCV, which is optional: `pip install crew-app[faces]`.

The cascades (Viola and Jones) come inside the package of OpenCV 4; version 5 has none. They find faces that look at the
camera or sideways and miss many others: a help for whoever blurs, no promise.
"""

import importlib
import importlib.util
import io
from typing import Any

from PIL import Image

CASCADES = ("haarcascade_frontalface_alt2.xml", "haarcascade_profileface.xml")
SMALLEST = 24
"""Pixels; below that nobody is recognised anyway."""
LONGEST = 800
"""Larger pictures are looked at in this size: a third of the time, and a face of 5 % is still 40 pixels."""
SURE = 5
"""So many neighbouring finds make a face."""
MARGIN = 0.2
WHOLE = 1000
Area = tuple[int, int, int, int]


def available() -> bool:
    """Whether a version of OpenCV with its cascades is installed."""
    if importlib.util.find_spec("cv2") is None:
        return False
    return hasattr(importlib.import_module("cv2"), "CascadeClassifier")


def find(data: bytes) -> list[Area]:
    """The faces in a picture (x, y, width, height in thousandths), with a margin; nothing without the package."""
    if not available():
        return []
    image = Image.open(io.BytesIO(data)).convert("L")
    image.thumbnail((LONGEST, LONGEST))
    found = [box for name in CASCADES for box in _look(image, name)]
    mirrored = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    found += [(image.width - x - w, y, w, h) for x, y, w, h in _look(mirrored, CASCADES[1])]
    return [_area(box, image.size) for box in _apart(found)]


def _look(image: Image.Image, name: str) -> list[Area]:
    cv2: Any = importlib.import_module("cv2")
    numpy: Any = importlib.import_module("numpy")
    cascade = cv2.CascadeClassifier(cv2.data.haarcascades + name)
    boxes = cascade.detectMultiScale(numpy.asarray(image), 1.1, SURE, minSize=(SMALLEST, SMALLEST))
    return [tuple(int(value) for value in box) for box in boxes]  # type: ignore[misc]


def _apart(boxes: list[Area]) -> list[Area]:
    """Each face once: a box whose middle lies in a larger one is the same."""
    kept: list[Area] = []
    for box in sorted(boxes, key=lambda one: -one[2] * one[3]):
        x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
        if not any(k[0] <= x <= k[0] + k[2] and k[1] <= y <= k[1] + k[3] for k in kept):
            kept.append(box)
    return kept


def _area(box: Area, size: tuple[int, int]) -> Area:
    x, y, width, height = box
    left, top = max(0.0, x - width * MARGIN), max(0.0, y - height * MARGIN)
    right, bottom = min(size[0], x + width * (1 + MARGIN)), min(size[1], y + height * (1 + MARGIN))
    at = round(left * WHOLE / size[0]), round(top * WHOLE / size[1])
    return (*at, round((right - left) * WHOLE / size[0]), round((bottom - top) * WHOLE / size[1]))
