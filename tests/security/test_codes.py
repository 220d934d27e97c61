"""What cannot be guessed: codes of tags, of pictures and surveys, links, tokens, calendars; and who tries."""

import math
import re
import secrets
from pathlib import Path

import pytest

import crew_app
from crew_app.connections import tokens
from crew_app.core import codes
from crew_app.core.ids import new_secret
from crew_app.surveys import actions as surveys
from tests.security.tally import count

CODE = Path(crew_app.__file__).parent
SECRETS = {"token of the API": tokens.new_token, "link of a report": new_secret}
RANDOM = re.compile(r"\brandom\.(?!Random\b)\w+|from random import|import random")
NOT_FOR_SECRETS = {"demo"}
"""Made-up hospitals may be made up by anything."""


def bits(length, alphabet):
    return length * math.log2(alphabet)


def test_a_code_of_a_tag_has_at_least_sixty_four_bits_from_the_system(monkeypatch):
    assert bits(codes.RANDOM, len(codes.ALPHABET)) >= 64
    asked: list[str] = []

    def choice(letters):
        asked.append(letters)
        return letters[0]

    monkeypatch.setattr(secrets, "choice", choice)
    codes.make_code()
    assert asked == [codes.ALPHABET] * codes.RANDOM


def test_the_last_character_tells_typing_errors_and_nothing_else():
    """It follows from the others: it adds no bit, and whoever guesses codes gains a fifth of a character by it."""
    made = {codes.make_code() for _ in range(2000)}
    assert len(made) == 2000
    assert all(codes.check_character(code[:-1]) == code[-1] for code in made)
    spread = [len({code[place] for code in made}) for place in range(codes.RANDOM)]
    assert min(spread) == len(codes.ALPHABET)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_has_at_least_a_hundred_and_twenty_eight_bits(name):
    made = {SECRETS[name]() for _ in range(500)}
    assert len(made) == 500
    shortest = min(len(secret.removeprefix(tokens.PREFIX)) for secret in made)
    assert bits(shortest, 64) >= 128
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", secret) for secret in made)


def test_addresses_of_surveys_and_calendars_are_as_long(app, world, sign_in):
    assert bits(surveys.CODE_BYTES, 256) >= 128
    client = sign_in("technician")
    feed = client.form("/calendar/feed", {"scope": "mine"})
    found = re.search(r"/calendar/([\w-]{20,})\.ics", client.page(feed.headers["Location"]).html)
    assert found
    assert bits(len(found[1]), 64) >= 128


def test_nothing_that_is_kept_secret_comes_from_a_generator_that_can_be_foretold():
    found = [
        path.relative_to(CODE).as_posix()
        for path in CODE.rglob("*.py")
        if RANDOM.search(path.read_text(encoding="utf-8")) and path.relative_to(CODE).parts[0] not in NOT_FOR_SECRETS
    ]
    assert found == []
    assert RANDOM.search("random.choice(x)")


KEY = re.compile(r'name="_key" value="[^"]+"')
WRONG = ["/t/{}", "/v/{}", "/s/{}", "/r/{}", "/calendar/{}.ics", "/tags/{}/label"]


def test_whoever_guesses_learns_nothing_from_the_answers(app, stranger):
    """A wrong code says the same as the next one, whether or not it is well formed, apart from a typing error."""
    stranger.lints = False
    for path in WRONG:
        made = [codes.make_code() for _ in range(5)]
        answers = {code: stranger.get(path.format(code)) for code in made}
        said = {
            (one.status_code, KEY.sub("", one.get_data(as_text=True).replace(code, "")))
            for code, one in answers.items()
        }
        count("guesses", requests=len(made))
        assert len(said) == 1, path
        assert next(iter(said))[0] in (302, 404), path


def test_many_wrong_codes_hold_nobody_up_who_has_a_right_one(app, world, stranger, sign_in):
    stranger.lints = False
    statuses = [stranger.get(f"/t/{codes.make_code()}").status_code for _ in range(200)]
    count("guesses", requests=200)
    assert set(statuses) == {404, 429}
    put_off = stranger.get(f"/v/{codes.make_code()}")
    assert put_off.status_code == 429
    assert int(put_off.headers["Retry-After"]) > 0
    assert put_off.headers["Content-Security-Policy"]
    stranger.lints = True
    assert stranger.get(f"/t/{world.tags['room']}").status_code == 200
    assert sign_in("technician").get(f"/t/{world.tags['room']}").status_code == 200
    assert sign_in("technician").get(f"/t/{codes.make_code()}").status_code == 404
