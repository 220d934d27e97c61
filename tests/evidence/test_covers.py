"""The blur: what is covered cannot be made out, everything else stays as it is, and it can be taken back."""

import random

import pytest
from PIL import Image, ImageDraw

from crew_app.core.clock import now
from crew_app.evidence import covers, faces
from crew_app.evidence.pixels import CELLS, blurred
from crew_app.web import blurring
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import one, sql
from tests.support.image_work import done_here
from tests.support.keeping import add_photo, adopt_all, decide, faults_of, photo_of
from tests.support.pictures import jpeg
from tests.support.tickets import make_ticket

AREAS = "SELECT x, y, width, height, lifted_at IS NOT NULL FROM photo_covers ORDER BY x"


@pytest.fixture
def photo(app, world, sign_in):
    return add_photo(sign_in("technician"), make_ticket(app, world, "accepted"))


def noise(width=400, height=300, seed=7):
    dice = random.Random(seed)
    return Image.frombytes("RGB", (width, height), dice.randbytes(width * height * 3))


def test_only_the_area_changes():
    image = noise()
    done = blurred(image, [(250, 250, 500, 500)])
    assert done.crop((0, 0, 400, 75)).tobytes() == image.crop((0, 0, 400, 75)).tobytes()
    assert done.crop((0, 225, 400, 300)).tobytes() == image.crop((0, 225, 400, 300)).tobytes()
    assert done.getpixel((200, 150)) != image.getpixel((200, 150))
    assert image.tobytes() == noise().tobytes(), "the picture itself is left alone"


def test_what_was_there_cannot_be_told_from_what_is_left():
    """Two writings with the same mean colours look the same afterwards: nothing of the strokes is left."""
    first, second = (Image.new("RGB", (200, 200), "white") for _ in range(2))
    for offset, image in ((0, first), (1, second)):
        draw = ImageDraw.Draw(image)
        for line in range(0, 200, 4):
            draw.line((0, line + offset, 199, line + offset), fill="black")
    one_, other = (blurred(image, [(0, 0, 1000, 1000)]) for image in (first, second))
    differences = [abs(a - b) for a, b in zip(one_.tobytes(), other.tobytes(), strict=True)]
    assert max(differences) <= 2


def test_no_more_than_a_handful_of_means_is_left():
    done = blurred(noise(), [(0, 0, 1000, 1000)])
    small = done.resize((CELLS, CELLS), Image.Resampling.BOX).resize(done.size, Image.Resampling.BICUBIC)
    spread = [abs(a - b) for a, b in zip(done.tobytes(), small.tobytes(), strict=True)]
    assert sum(spread) / len(spread) < 3


@pytest.mark.parametrize("area", [(0, 0, 5, 5), (995, 995, 5, 5), (0, 0, 1000, 5), (999, 0, 1, 1000)])
@pytest.mark.parametrize("size", [(1, 1), (3, 2), (1600, 1200)])
def test_the_smallest_areas_and_pictures_work(area, size):
    assert blurred(Image.new("RGB", size, "red"), [area]).size == size


def test_an_area_is_covered_and_shown_again(app, sign_in, photo):
    adopt_all(app)
    boss = sign_in("supervisor")
    accepted(boss.send(f"/photos/{photo}/covers", {"area": ["100 200 300 150", "500 500 100 100"]}))
    assert sql(app, AREAS) == [(100, 200, 300, 150, 0), (500, 500, 100, 100, 0)]
    assert photo_of(app, photo).version == 1
    assert 'data-areas="100 200 300 150;500 500 100 100;"' in boss.page(f"/photos/{photo}").html
    with app.app_context():
        first = covers.active(photo)[0].id
    for _ in range(2):
        accepted(boss.send(f"/photos/{photo}/covers/{first}/lifting"))
    assert photo_of(app, photo).version == 2
    with app.app_context():
        assert covers.areas(photo) == [(500, 500, 100, 100)]
    assert faults_of(app) == [], "what is blurred is no part of what was sealed"


def test_the_same_request_again_covers_once(app, sign_in, photo):
    boss, key = sign_in("supervisor"), some_id()
    for _ in range(2):
        accepted(boss.send(f"/photos/{photo}/covers", {"area": "1 1 50 50"}, key=key))
    assert one(app, "SELECT COUNT(*) FROM photo_covers") == 1


def test_whoever_took_it_may_blur_and_lift_own_areas_only(app, sign_in, photo):
    taker, boss = sign_in("technician"), sign_in("supervisor")
    accepted(taker.send(f"/photos/{photo}/covers", {"area": "0 0 50 50"}))
    accepted(boss.send(f"/photos/{photo}/covers", {"area": "500 500 50 50"}))
    with app.app_context():
        own, other = (cover.id for cover in covers.active(photo))
    accepted(taker.send(f"/photos/{photo}/covers/{own}/lifting"))
    refused(taker.send(f"/photos/{photo}/covers/{other}/lifting"), 403, "may-not")
    accepted(boss.send(f"/photos/{photo}/covers/{other}/lifting"))


def test_others_may_not_and_outsiders_see_nothing(app, sign_in, photo):
    refused(sign_in("second").send(f"/photos/{photo}/covers", {"area": "0 0 50 50"}), 403, "may-not")
    unseen(sign_in("outsider").send(f"/photos/{photo}/covers", {"area": "0 0 50 50"}))
    unseen(sign_in("outsider").get(f"/photos/{photo}"))
    unseen(sign_in("supervisor").send(f"/photos/{photo}/covers/{some_id()}/lifting"))
    assert one(app, "SELECT COUNT(*) FROM photo_covers") == 0


@pytest.mark.parametrize(
    "area", ["", "0 0 0 50", "0 0 4 50", "900 0 200 50", "-1 0 50 50", "a b c d", "1 2 3", "0 0 5e1 9"]
)
def test_nonsense_is_refused(sign_in, photo, area):
    refused(sign_in("supervisor").send(f"/photos/{photo}/covers", {"area": area}), 422, "areas")


def test_a_photo_has_no_end_of_areas(sign_in, photo):
    many = {"area": ["0 0 50 50"] * (covers.MOST + 1)}
    refused(sign_in("supervisor").send(f"/photos/{photo}/covers", many), 422, "too-many-areas")


class TestFaces:
    """The job, with a finder that finds what the test says: OpenCV is optional."""

    @pytest.fixture(autouse=True)
    def finder(self, monkeypatch):
        done_here(monkeypatch)
        monkeypatch.setattr(faces, "available", lambda: True)
        monkeypatch.setattr(faces, "find", lambda _data: [(100, 100, 200, 200)])
        monkeypatch.setattr(blurring, "LAG", -blurring.LAG)

    def look(self, app):
        with app.app_context():
            return blurring.blur_faces(app.config["SETTINGS"], now())

    def test_nothing_where_nobody_wants_it(self, app, photo):
        assert self.look(app) == 0

    def test_what_arrives_from_then_on_is_looked_at_once(self, app, world, sign_in, photo):
        decide(app, world, blur_faces=True)
        later = add_photo(sign_in("technician"), make_ticket(app, world, "accepted"), jpeg(80, 60))
        assert self.look(app) == 1
        assert self.look(app) == 0
        with app.app_context():
            assert covers.areas(later) == [(100, 100, 200, 200)]
            assert covers.areas(photo) == []
            assert covers.active(later)[0].made_by_id is None
        assert photo_of(app, later).version == 1

    def test_a_picture_that_breaks_the_finder_holds_up_no_other(self, app, world, sign_in, monkeypatch):
        decide(app, world, blur_faces=True)
        ticket = make_ticket(app, world, "accepted")
        photos = [add_photo(sign_in("technician"), ticket, jpeg(80, 60 + number)) for number in range(2)]
        tried = []

        def find(data):
            tried.append(data)
            if len(tried) == 1:
                raise ValueError(data)
            return [(1, 1, 99, 99)]

        monkeypatch.setattr(faces, "find", find)
        assert self.look(app) == 2
        with app.app_context():
            assert [len(covers.areas(one_)) for one_ in photos] == [0, 1]


def test_the_rules_say_when_the_part_that_finds_faces_is_not_installed(sign_in, monkeypatch):
    monkeypatch.setattr(faces, "available", lambda: False)
    assert "crew-app[faces]" in sign_in("manager").page("/evidence-rules").html
    assert faces.find(jpeg()) == []


def test_without_the_means_the_strokes_would_still_tell(monkeypatch):
    """What the test of the two writings protects: a mere Gaussian blur of one pixel."""
    monkeypatch.setattr("crew_app.evidence.pixels._smeared", lambda part: part)
    with pytest.raises(AssertionError):
        test_what_was_there_cannot_be_told_from_what_is_left()


def test_a_removed_photo_has_no_brush(app, sign_in, photo):
    accepted(sign_in("manager").send(f"/photos/{photo}/removal", {"reason": "病人要求"}))
    assert "data-blur-canvas" not in sign_in("supervisor").page(f"/photos/{photo}").html
