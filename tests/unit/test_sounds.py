"""Four short sounds that are made by our own program and differ, and which change of the screen makes which of them."""

import io
import wave
from array import array
from dataclasses import replace

import pytest

from config.vocabulary import Cents, Reason
from drivers.sound.make import NOTES, file_of
from drivers.sound.sounds import Sound, at_volume, path_of
from kiosk.deposit.states import LastItem
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.gallery import NOBODY, TAKEN, VISIT, VOUCHER
from kiosk.sounds import Moment, sound_of

CHECKING = replace(VISIT, screen=Screen.CHECKING)
CAN = LastItem(accepted=False, reason=Reason.CAN)
REFUSED = replace(VISIT, screen=Screen.REFUSED, item=CAN)
CREDITED = replace(VISIT, bottles=8, cents=Cents(160), item=TAKEN)
STILL_HERE = replace(VISIT, screen=Screen.STILL_HERE, ends_in_s=30, may_stay=True)
SHOWING = ViewState(Screen.VOUCHER, visit_number="0417", voucher=VOUCHER, ends_in_s=60, may_stay=True)
CHOOSING = replace(VISIT, screen=Screen.CHOOSE, ends_in_s=15, may_stay=True)
HAND = replace(VISIT, screen=Screen.HAND)


def samples(file: bytes) -> "array[int]":
    with wave.open(io.BytesIO(file)) as read:
        return array("h", read.readframes(read.getnframes()))


@pytest.mark.parametrize("sound", Sound)
def test_a_sounds_file_is_what_the_program_makes(sound: Sound) -> None:
    assert path_of(sound).read_bytes() == file_of(sound)


def test_the_sounds_are_short_and_no_two_have_the_same_rhythm_and_notes() -> None:
    lasting = {sound: sum(note.lasts_s for note in notes) for sound, notes in NOTES.items()}
    assert set(NOTES) == set(Sound)
    assert max(lasting.values()) < 0.6
    assert len(set(NOTES.values())) == len(Sound)
    assert NOTES[Sound.ACCEPTED][0].hz < NOTES[Sound.ACCEPTED][-1].hz, "good news rise"
    assert NOTES[Sound.REFUSED][0].hz > NOTES[Sound.REFUSED][-1].hz, "bad news fall"


@pytest.mark.parametrize("sound", Sound)
def test_a_sound_begins_and_ends_in_silence_and_is_never_cut_off(sound: Sound) -> None:
    swing = samples(file_of(sound))
    assert abs(swing[0]) < 50
    assert abs(swing[-1]) < 50
    assert 20_000 < max(map(abs, swing)) < 32_767


def test_half_as_loud_is_a_quarter_of_the_swing_and_the_whole_is_the_file() -> None:
    whole = path_of(Sound.HAND).read_bytes()
    assert at_volume(whole, 100) == whole
    assert max(samples(at_volume(whole, 50))) == pytest.approx(max(samples(whole)) / 4, abs=1)
    assert len(at_volume(whole, 1)) == len(whole)


@pytest.mark.parametrize(
    ("before", "now", "sound"),
    [
        (CHECKING, CREDITED, Sound.ACCEPTED),
        # the first of a visit
        (replace(CHECKING, bottles=0, cents=Cents(0)), replace(CREDITED, bottles=1), Sound.ACCEPTED),
        # a power cut later the number of bottles is told, and nothing was put in just now
        (NOBODY, CREDITED, None),
        (CREDITED, CREDITED, None),
        (CREDITED, CHECKING, None),
        (CHECKING, REFUSED, Sound.REFUSED),
        (REFUSED, replace(REFUSED, offered=1), Sound.REFUSED),
        (REFUSED, replace(VISIT, item=CAN), None),
        # taken out before it was judged: the screen never was one of a refusal
        (CHECKING, replace(VISIT, item=LastItem(accepted=False, reason=Reason.PULLED_BACK)), Sound.REFUSED),
        (VISIT, HAND, Sound.HAND),
        (CHECKING, replace(HAND, bottles=8, item=TAKEN), Sound.HAND),
        (HAND, VISIT, None),
        (NOBODY, VISIT, None),
        (VISIT, replace(VISIT, screen=Screen.CHOOSE), None),
        (SHOWING, NOBODY, None),
    ],
)
def test_a_change_of_the_screen_has_its_sound(before: ViewState, now: ViewState, sound: Sound | None) -> None:
    assert sound_of(Moment(before), Moment(now)) is sound


@pytest.mark.parametrize(
    ("before", "now", "heard"),
    [
        (Moment(VISIT), Moment(STILL_HERE, 30), True),
        (Moment(STILL_HERE, 30), Moment(STILL_HERE, 29), False),
        (Moment(STILL_HERE, 11), Moment(STILL_HERE, 10), True),
        (Moment(STILL_HERE, 12), Moment(STILL_HERE, 7), True),
        (Moment(STILL_HERE, 10), Moment(STILL_HERE, 9), False),
        (Moment(SHOWING, 60), Moment(SHOWING, 31), False),
        (Moment(SHOWING, 31), Moment(SHOWING, 30), True),
        # a short wait hurries nobody before half of it is over
        (Moment(VISIT), Moment(CHOOSING, 15), False),
        (Moment(CHOOSING, 11), Moment(CHOOSING, 10), False),
        # a sign of life: the wait begins anew, and so does what is heard of it
        (Moment(SHOWING, 9), Moment(SHOWING, 60), False),
        # a machine that waits for itself, and a thank you that only says goodbye
        (Moment(replace(SHOWING, may_stay=False), 31), Moment(replace(SHOWING, may_stay=False), 30), False),
        (Moment(SHOWING, 60), Moment(ViewState(Screen.THANKS, ends_in_s=5), 5), False),
    ],
)
def test_time_that_runs_out_is_heard_at_thirty_and_at_ten_seconds_of_a_long_wait(before: Moment, now: Moment, heard: bool) -> None:
    assert sound_of(before, now) is (Sound.TIME if heard else None)
