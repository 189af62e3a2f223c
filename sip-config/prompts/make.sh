#!/bin/sh
# Speaks every line of es.txt and en.txt into es/NAME.wav and en/NAME.wav: mono, 16 bit, 16 kHz.
# Needs espeak-ng and sox (Debian packages of the same names). Run it after editing a text; commit what it writes.
set -eu
cd "$(dirname "$0")"

spoken=$(mktemp -d)
trap 'rm -rf "$spoken"' EXIT

speak() { # language, voice, words a minute, pitch
    mkdir -p "$1"
    grep -v '^#' "$1.txt" | while IFS='|' read -r name text; do
        name=$(echo "$name" | tr -d ' ')
        [ -n "$name" ] || continue
        espeak-ng -v "$2" -s "$3" -p "$4" -g 3 -w "$spoken/raw.wav" "$text" </dev/null
        # Silence off both ends, the telephone's band, even loudness with room for the codecs, a breath before and after.
        sox -D "$spoken/raw.wav" -b 16 -c 1 "$1/$name.wav" gain -6 \
            silence 1 0.01 0.3% reverse silence 1 0.01 0.3% reverse \
            highpass 150 rate -h 16000 compand 0.02,0.15 -50,-50,-30,-18,0,-9 -3 -30 0.02 norm -5 pad 0.08 0.20
        echo "$1/$name.wav"
    done
}

speak es es-419 155 42
speak en en-us 150 42
