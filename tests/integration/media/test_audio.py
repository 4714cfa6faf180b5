"""Real files of every format, and everything that only looks like one."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from shared.media import audio, checking
from shared.media.errors import MediaRefused
from shared.policy.outcomes import TryAgain
from tests.integration.media import recordings

READY_MADE = ("tone.awb", "tone-gsm.wav")
ENDS_WITHIN_SECONDS = 0.15  # encoders fill their last frame, or begin with one of their own


def refused(path: Path, content_type: str = "") -> str:
    with pytest.raises(MediaRefused) as caught:
        audio.inspect(path, content_type=content_type)
    return caught.value.reason


def pitch(samples: NDArray[np.float32]) -> float:
    """The strongest frequency, in Hz."""
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * audio.SAMPLE_RATE / len(samples))


@pytest.mark.parametrize("name", recordings.KINDS)
def test_a_recording_of_three_seconds_is_heard(tmp_path: Path, name: str) -> None:
    path = recordings.write(tmp_path, name)
    found = audio.inspect(path)
    samples = audio.decode(path)
    assert found.seconds == pytest.approx(3.0, abs=ENDS_WITHIN_SECONDS)
    assert found.pieces == ((0.0, found.seconds),)
    assert not found.damaged
    assert len(samples) == round(found.seconds * audio.SAMPLE_RATE)
    assert samples.dtype == np.float32
    assert pitch(samples) == pytest.approx(recordings.HERTZ, abs=2)
    assert 0.15 < np.abs(samples).max() <= 1.0


@pytest.mark.parametrize("name", READY_MADE)
def test_so_are_the_formats_that_telephones_alone_write(name: str) -> None:
    path = recordings.HERE / name
    assert audio.inspect(path).seconds == pytest.approx(1.5, abs=ENDS_WITHIN_SECONDS)
    assert pitch(audio.decode(path)) == pytest.approx(recordings.HERTZ, abs=2)


@pytest.mark.parametrize("name", ["note.ogg", "call.wav", "note.amr"])
def test_what_was_decoded_to_check_it_need_not_be_decoded_again(tmp_path: Path, name: str) -> None:
    path = recordings.write(tmp_path, name)
    samples = audio.inspect(path).samples
    assert samples is not None
    assert np.array_equal(audio.as_heard(samples), audio.decode(path))


def test_format_and_codec_are_told(tmp_path: Path) -> None:
    found = {name: audio.inspect(recordings.write(tmp_path, name)) for name in ("note.3gp", "note.ogg", "ulaw.wav")}
    told = {name: (each.format, each.codec) for name, each in found.items()}
    assert told == {"note.3gp": ("mp4", "amrnb"), "note.ogg": ("ogg", "opus"), "ulaw.wav": ("wav", "pcm_mulaw")}


def test_an_mp3_behind_its_tag_is_heard(tmp_path: Path) -> None:
    path = recordings.write(tmp_path, "note.mp3")
    assert path.read_bytes().startswith(b"ID3")
    tagged = tmp_path / "tagged.aac"
    tagged.write_bytes(b"ID3\x04\0\0\0\0\x01\x00" + bytes(128) + recordings.write(tmp_path, "note.aac").read_bytes())
    assert audio.inspect(path).format == "mp3"
    assert audio.inspect(tagged).format == "aac"


# What is not audio.


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.ogg", b""),
        ("page.ogg", b"<!DOCTYPE html><html><body>Not found</body></html>"),
        ("picture.amr", b"\x89PNG\r\n\x1a\n" + bytes(2000)),
        ("photo.mp3", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(2000)),
        ("playlist.mp3", b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n"),
        ("list.mp4", b"ffconcat version 1.0\nfile /etc/passwd\n"),
        ("noise.ogg", bytes(range(256)) * 20),
        ("half a header.ogg", b"OggS\0\x02" + bytes(20)),
        ("header.wav", b"RIFF\xff\xff\xff\xffWAVE"),
        ("header.mp4", b"\0\0\0\x18ftypM4A " + bytes(100)),
        ("header.flac", b"fLaC" + bytes(100)),
        ("header.webm", b"\x1a\x45\xdf\xa3" + bytes(100)),
        ("header.mp3", b"\xff\xfb\x90\x00" + bytes(5)),
        ("tag.mp3", b"ID3\x04\0\0\x7f\x7f\x7f\x7f"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_recording_is_unreadable(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path) == "unreadable"


def test_a_zip_called_ogg_is_unreadable(tmp_path: Path) -> None:
    with zipfile.ZipFile(path := tmp_path / "note.ogg", "w") as archive:
        archive.writestr("note.txt", "buy milk")
    assert refused(path, "audio/ogg") == "unreadable"


def test_a_film_without_sound_is_unreadable(tmp_path: Path) -> None:
    assert refused(recordings.film_without_sound(tmp_path / "film.mp4"), "video/mp4") == "unreadable"


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "image/png", "application/zip"])
def test_what_is_called_something_else_is_not_opened(tmp_path: Path, content_type: str) -> None:
    assert refused(recordings.write(tmp_path, "note.ogg"), content_type) == "unreadable"


def test_more_than_16_megabytes_are_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.wav"
    with path.open("wb") as file:
        file.truncate(checking.MAX_BYTES + 1)
    assert refused(path) == "too_large"


@pytest.mark.parametrize("rate", [1, 100, 1_000_000])
def test_a_rate_that_no_telephone_has_is_unreadable(tmp_path: Path, rate: int) -> None:
    content = bytearray(recordings.write(tmp_path, "call.wav").read_bytes())
    content[24:28] = rate.to_bytes(4, "little")
    path = tmp_path / "odd.wav"
    path.write_bytes(content)
    assert refused(path) == "unreadable"


@pytest.mark.parametrize("tag", [0x1234, 0x0045, 0x0270, 0x0161])  # nobody's, G.726, ATRAC3, WMA
def test_a_codec_that_no_telephone_has_is_unreadable(tmp_path: Path, tag: int) -> None:
    content = bytearray(recordings.write(tmp_path, "call.wav").read_bytes())
    content[20:22] = tag.to_bytes(2, "little")
    path = tmp_path / "odd.wav"
    path.write_bytes(content)
    assert refused(path) == "unreadable"


def test_a_file_that_costs_too_much_to_decode_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = recordings.write(tmp_path, "note.ogg")
    monkeypatch.setattr(audio, "PROCESSOR_SECONDS", 0.0)
    assert refused(path) == "unreadable"


# A further check.


def test_a_further_check_sees_what_the_others_let_pass(tmp_path: Path) -> None:
    path = recordings.write(tmp_path, "note.ogg")
    seen: list[checking.Attachment] = []
    audio.inspect(path, content_type="audio/ogg", checks=(*checking.CHECKS, seen.append))
    assert seen == [checking.Attachment(path, path.stat().st_size, "audio/ogg")]


@pytest.mark.parametrize("outcome", [MediaRefused("unreadable", "found something"), TryAgain("the scanner is away")])
def test_what_a_check_says_is_what_happens(tmp_path: Path, outcome: Exception) -> None:
    def scan(attachment: checking.Attachment) -> None:
        raise outcome

    with pytest.raises(type(outcome)) as caught:
        audio.inspect(recordings.write(tmp_path, "note.ogg"), checks=(*checking.CHECKS, scan))
    assert caught.value is outcome


# Nothing in it, or part of it.


def nothing_amr(folder: Path) -> bytes:
    return b"#!AMR\n"


def nothing_wav(folder: Path) -> bytes:
    content = recordings.write(folder, "call.wav").read_bytes()
    return content[: content.index(b"data")] + b"data\0\0\0\0"


def nothing_flac(folder: Path) -> bytes:
    content = recordings.write(folder, "note.flac").read_bytes()
    return content[: content.index(b"\xff\xf8")]  # the first frame's sync code


@pytest.mark.parametrize(("name", "make"), [("a.amr", nothing_amr), ("a.wav", nothing_wav), ("a.flac", nothing_flac)])
def test_a_recording_of_no_seconds_is_silence(tmp_path: Path, name: str, make: Callable[[Path], bytes]) -> None:
    path = tmp_path / name
    path.write_bytes(make(tmp_path))
    found = audio.inspect(path)
    assert (found.seconds, found.pieces) == (0.0, ())
    assert audio.cuts(path) == ()
    assert audio.decode(path).shape == (0,)


@pytest.mark.parametrize("name", ["note.amr", "note.flac", "note.webm", "note.aac"])
def test_of_a_recording_that_was_cut_off_the_beginning_is_heard_and_that_is_noted(tmp_path: Path, name: str) -> None:
    whole = recordings.write(tmp_path, name, 8.0).read_bytes()
    path = tmp_path / f"part.{name}"
    path.write_bytes(whole[: len(whole) * 6 // 10])
    found = audio.inspect(path)
    assert found.damaged
    assert 0.5 < found.seconds < 7.0
    assert len(audio.decode(path)) == round(found.seconds * audio.SAMPLE_RATE)


def test_a_broken_place_is_passed_over(tmp_path: Path) -> None:
    content = bytearray(recordings.write(tmp_path, "note.m4a", 5.0).read_bytes())
    middle = len(content) // 2
    content[middle : middle + 400] = bytes((each * 7 + 13) & 255 for each in content[middle : middle + 400])
    path = tmp_path / "broken.m4a"
    path.write_bytes(content)
    found = audio.inspect(path)
    assert found.damaged
    assert 4.0 < found.seconds < 5.1


# Long ones.


def test_ten_minutes_are_taken_and_cut_where_nobody_speaks(tmp_path: Path) -> None:
    path = recordings.repeated_amr(tmp_path / "long.amr", 600)
    found = audio.inspect(path)
    assert found.seconds == pytest.approx(600.0, abs=0.05)
    assert found.pieces == audio.cuts(path)
    assert found.samples is None
    assert [start for start, _ in found.pieces[1:]] == [end for _, end in found.pieces[:-1]]
    assert (found.pieces[0][0], found.pieces[-1][1]) == (0.0, found.seconds)
    for start, end in found.pieces[:-1]:
        assert 100.0 <= end - start <= 120.0
        assert end % recordings.PAUSE_EVERY_SECONDS > recordings.PAUSE_EVERY_SECONDS - 1


def test_thirty_minutes_are_too_long(tmp_path: Path) -> None:
    assert refused(recordings.repeated_amr(tmp_path / "long.amr", 1800)) == "too_long"


def test_hours_in_a_small_file_are_left_after_ten_minutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    silence = np.zeros(1300 * 16_000, np.int16)
    path = recordings.encode(tmp_path / "bomb.flac", silence, "flac", 16_000, "flac")
    assert path.stat().st_size < 300_000
    heard = 0

    def counted(frame: object) -> object:
        nonlocal heard
        heard += frame.samples  # type: ignore[attr-defined]
        return frame

    monkeypatch.setattr(audio, "_bounded", counted)
    assert refused(path) == "too_long"
    assert 600 * 16_000 < heard < 603 * 16_000


def test_a_header_that_says_less_than_there_is_convinces_nobody(tmp_path: Path) -> None:
    path = recordings.encode(tmp_path / "long.flac", np.zeros(700 * 16_000, np.int16), "flac", 16_000, "flac")
    content = bytearray(path.read_bytes())
    content[21] &= 0xF0
    content[22:26] = (16_000).to_bytes(4, "big")  # STREAMINFO: total samples, the low 36 bits
    path.write_bytes(content)
    assert refused(path) == "too_long"


def test_nor_does_one_that_says_more(tmp_path: Path) -> None:
    path = recordings.write(tmp_path, "note.flac")
    content = bytearray(path.read_bytes())
    content[22:26] = (1800 * 16_000).to_bytes(4, "big")
    path.write_bytes(content)
    found = audio.inspect(path)
    assert found.seconds == pytest.approx(3.0, abs=ENDS_WITHIN_SECONDS)
    assert found.damaged


@pytest.mark.parametrize("name", ["note.ogg", "note.mp3", "note.m4a", "note.amr", "call.wav"])
def test_the_parts_are_the_whole(tmp_path: Path, name: str) -> None:
    path = recordings.write(tmp_path, name, 25.0)
    whole = audio.decode(path)
    parts = [audio.decode(path, start, end) for start, end in audio.cuts(path, at_most=11.0)]
    assert len(parts) == 3
    together = np.concatenate(parts)
    assert abs(len(together) - len(whole)) <= len(parts)  # a cut falls between two samples
    assert np.abs(together[: len(whole)] - whole[: len(together)]).max() < 0.05


def test_a_part_outside_is_empty(tmp_path: Path) -> None:
    path = recordings.write(tmp_path, "note.ogg")
    assert len(audio.decode(path, 10.0, 20.0)) == 0
    assert len(audio.decode(path, 2.0, 2.0)) == 0
    assert len(audio.decode(path, 2.0, 60.0)) == audio.SAMPLE_RATE


def test_parts_of_less_than_a_second_are_not_made(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a second"):
        audio.cuts(recordings.write(tmp_path, "note.ogg"), at_most=0.0)


def test_ten_minutes_are_never_in_memory_at_once(tmp_path: Path) -> None:
    path = recordings.write(tmp_path, "note.flac", 600.0)
    audio.inspect(recordings.write(tmp_path, "note.ogg"))  # whatever is loaded once
    tracemalloc.start()
    try:
        audio.inspect(path)
        inspecting = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        audio.decode(path, 480.0, 490.0)
        decoding = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    as_samples = 600 * audio.SAMPLE_RATE * 4
    assert inspecting < as_samples / 8  # two minutes of it as int16 are a tenth
    assert decoding < as_samples / 10


def test_a_picture_in_a_tag_starts_no_decoder(tmp_path: Path) -> None:
    """The cover of a song is a stream of its own: it is neither sound nor ever opened."""
    picture = b"\0image/png\0\x03\0" + b"\x89PNG\r\n\x1a\n" + bytes(64)
    frame = b"APIC" + len(picture).to_bytes(4, "big") + b"\0\0" + picture
    plain = recordings.write(tmp_path, "note.mp3").read_bytes()
    length = sum((byte & 0x7F) << 7 * (3 - place) for place, byte in enumerate(plain[6:10]))
    path = tmp_path / "song.mp3"
    with io.BytesIO() as content:
        content.write(b"ID3\x03\0\0" + len(frame).to_bytes(4, "big") + frame + plain[10 + length :])
        path.write_bytes(content.getvalue())
    assert audio.inspect(path).codec == "mp3float"
