"""The four sounds through ALSA itself, without a sound card: what its ``file`` device was given is what the WAV holds."""

import io
import shutil
import wave
from pathlib import Path

import pytest

from drivers.sound.player import Aplay, SoundFault, SoundTrouble
from drivers.sound.sounds import Sound, at_volume, path_of
from timing import wait_until
from worlds.installation import Installation, RunningKiosk

needs_aplay = pytest.mark.skipif(shutil.which("aplay") is None, reason="aplay of Debian's alsa-utils is not here (script/bootstrap all)")


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound card that writes what it is given into a file."""
    heard = tmp_path / "heard.raw"
    asound = tmp_path / "asound.conf"
    asound.write_text(f'pcm.null {{ type null }}\npcm.card {{ type file slave.pcm null file "{heard}" format raw }}\n')
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(asound))
    return heard


def stands_for_aplay(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Another program under its name: what a card does cannot be had without one."""
    program = folder / "aplay"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def frames(file: bytes) -> bytes:
    with wave.open(io.BytesIO(file)) as read:
        return bytes(read.readframes(read.getnframes()))


@needs_aplay
@pytest.mark.parametrize("sound", Sound)
def test_what_the_card_is_given_is_what_the_file_holds(card: Path, sound: Sound) -> None:
    assert Aplay("card", 100).play(sound) is None
    given, wanted = card.read_bytes(), frames(path_of(sound).read_bytes())
    assert given[: len(wanted)] == wanted
    # the card's last period is filled up with silence
    assert not any(given[len(wanted) :])


@needs_aplay
def test_a_quieter_kiosk_plays_quieter_sounds(card: Path) -> None:
    assert Aplay("card", 30).play(Sound.ACCEPTED) is None
    wanted = frames(at_volume(path_of(Sound.ACCEPTED).read_bytes(), 30))
    assert card.read_bytes()[: len(wanted)] == wanted


@needs_aplay
def test_a_card_that_is_not_there_is_told_with_alsas_words(card: Path) -> None:
    trouble = Aplay("hw:7,0", 100).play(Sound.HAND)
    assert trouble is not None
    assert trouble.fault is SoundFault.FAILED
    assert "audio open error" in trouble.said
    assert not card.exists()


def test_a_machine_without_aplay_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Aplay("default", 100).play(Sound.HAND) == SoundTrouble(SoundFault.MISSING)


def test_a_busy_card_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "aplay: main:831: audio open error: Device or resource busy"
    stands_for_aplay(tmp_path, monkeypatch, f"cat >/dev/null; echo '{said}' >&2; exit 1")
    assert Aplay("default", 100).play(Sound.HAND) == SoundTrouble(SoundFault.FAILED, said)


def test_a_card_that_is_unplugged_in_the_middle_of_a_sound_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "aplay: pcm_write:2127: write error: No such device"
    stands_for_aplay(tmp_path, monkeypatch, f"head -c 4000 >/dev/null; echo '{said}' >&2; exit 1")
    assert Aplay("default", 100).play(Sound.REFUSED) == SoundTrouble(SoundFault.FAILED, said)


def test_a_card_that_takes_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stands_for_aplay(tmp_path, monkeypatch, "exec sleep 600")
    assert Aplay("default", 100, ends_s=0.2).play(Sound.REFUSED) == SoundTrouble(SoundFault.HANGS)


def test_a_name_of_a_card_is_a_name_and_no_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stands_for_aplay(tmp_path, monkeypatch, f'cat >/dev/null; printf "%s\\n" "$@" >{tmp_path}/asked')
    assert Aplay("--help; reboot", 100).play(Sound.TIME) is None
    assert (tmp_path / "asked").read_text().splitlines() == ["--quiet", "--device=--help; reboot", "-"]


@pytest.mark.parametrize(("volume", "heard"), [(0, False), (1, True)])
def test_a_kiosk_whose_sounds_are_set_to_none_starts_no_player(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, volume: int, heard: bool
) -> None:
    started = tmp_path / "started"
    stands_for_aplay(tmp_path, monkeypatch, f"cat >/dev/null; touch {started}")
    with Installation(tmp_path / "hall", sound={"volume_percent": volume}) as hall, RunningKiosk(hall) as kiosk:
        kiosk.play(Sound.ACCEPTED)
        if heard:
            wait_until(started.exists)
    # the loudspeaker's thread, if there is one, has ended
    assert started.exists() is heard
