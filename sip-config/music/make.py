#!/usr/bin/env python3
"""Writes hold.wav: turno's own hold music, a slow arpeggio that loops without a seam (mono, 16 bit, 16 kHz, 32 s).

Every note is laid on a ring: what rings past the end comes back at the beginning. Needs only Python 3.
"""
import math
import struct
import wave
from array import array
from pathlib import Path

RATE = 16_000
BAR_SECONDS = 4.0
STEP_SECONDS = 0.5

# One chord a bar, by MIDI note: bass, then the four notes that the arpeggio walks over.
BARS = [
    (38, (62, 66, 69, 76)),  # D add 9
    (35, (62, 66, 71, 73)),  # B minor 9
    (43, (62, 67, 71, 78)),  # G major 7
    (45, (64, 69, 71, 74)),  # A sus 4
    (42, (61, 66, 69, 76)),  # F sharp minor 7
    (35, (62, 66, 71, 78)),  # B minor
    (40, (62, 67, 71, 74)),  # E minor 7
    (45, (61, 64, 69, 73)),  # A
]
# The walk of a bar: which of the four notes at each half second; the last bar of four breathes.
WALK = (0, 1, 2, 3, 2, 1, 2, 1)
BREATH = (0, 2, 3, None, 2, None, 1, None)


def hertz(note):
    return 440.0 * 2.0 ** ((note - 69) / 12.0)


def add(ring, start, seconds, level, frequency, attack, fall, partials):
    """Lays a note on the ring: rises over `attack` seconds, falls by e every `fall` seconds."""
    first = int(start * RATE)
    for place in range(int(seconds * RATE)):
        t = place / RATE
        rise = 0.5 - 0.5 * math.cos(math.pi * min(1.0, t / attack))
        end = min(1.0, (seconds - t) / 0.05)
        envelope = level * rise * end * math.exp(-t / fall)
        value = sum(gain * math.sin(2 * math.pi * frequency * n * t) for n, gain in partials)
        ring[(first + place) % len(ring)] += envelope * value


def main():
    ring = array("d", bytes(8 * int(len(BARS) * BAR_SECONDS * RATE)))
    bell = ((1, 1.0), (2, 0.22), (3, 0.06))
    pad = ((1, 1.0), (2, 0.12))
    for bar, (bass, chord) in enumerate(BARS):
        at = bar * BAR_SECONDS
        walk = BREATH if bar % 4 == 3 else WALK
        for step, which in enumerate(walk):
            if which is None:
                continue
            accent = 1.0 if step == 0 else 0.72
            start = at + step * STEP_SECONDS
            add(ring, start, 3.0, 0.30 * accent, hertz(chord[which]), 0.012, 0.8, bell)
            # Two soft echoes make a room.
            add(ring, start + 0.375, 2.0, 0.07 * accent, hertz(chord[which]), 0.02, 0.7, bell)
            add(ring, start + 0.75, 2.0, 0.03 * accent, hertz(chord[which]), 0.02, 0.7, bell)
        for note in (bass + 12, chord[0], chord[2]):
            add(ring, at, BAR_SECONDS + 1.2, 0.10, hertz(note), 1.2, 4.5, pad)
    peak = max(abs(value) for value in ring)
    # Music should lie below the voices.
    scale = 32767 * 10 ** (-14 / 20) / peak
    samples = [round(value * scale) for value in ring]
    target = Path(__file__).resolve().parent / "hold.wav"
    with wave.open(str(target), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    print(target.name)


if __name__ == "__main__":
    main()
