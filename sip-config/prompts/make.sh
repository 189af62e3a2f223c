#!/bin/sh
# Speaks the lines of es.txt and en.txt into es/NAME.wav and en/NAME.wav: mono, 16 bit, 16 kHz.
# All lines, or those that are named, such as: ./make.sh welcome 'say/*'
# Needs espeak-ng and sox (Debian packages of the same names). Run it after editing a text; commit what it writes.
set -euf
cd "$(dirname "$0")"

spoken=$(mktemp -d)
trap 'rm -rf "$spoken"' EXIT
wanted="${*:-*}"

is_wanted() { # name
    for pattern in $wanted; do
        # shellcheck disable=SC2254 # A pattern is meant.
        case "$1" in $pattern) return 0 ;; esac
    done
    return 1
}

speak() { # language, voice, pitch, words a minute, those of a part of a sentence, and the voice of the other language
    grep -v '^#' "$1.txt" | while IFS='|' read -r name text; do
        name=$(echo "$name" | tr -d ' ')
        [ -n "$name" ] && is_wanted "$name" || continue
        mkdir -p "$(dirname "$1/$name")"
        # A part of a sentence has no pauses; a comma keeps the voice up where the sentence goes on.
        case "$name,$text" in
            say/*.) speed=$5 gap=0 silent=0.1% before=0.02 after=0.04 ;;
            say/*) speed=$5 gap=0 silent=0.1% before=0.02 after=0.04 text="$text," ;;
            # Repeated as long as the telephone is not hung up.
            agents/press_one,*) speed=$4 gap=3 silent=0.3% before=0.20 after=1.50 ;;
            *) speed=$4 gap=3 silent=0.3% before=0.08 after=0.20 ;;
        esac
        # The offer of the other language is spoken in that.
        case "$name" in other_language) voice=$6 ;; *) voice=$2 ;; esac
        espeak-ng -v "$voice" -p "$3" -s "$speed" -g "$gap" -w "$spoken/raw.wav" "$text" </dev/null
        # Silence off both ends, the telephone's band, even loudness with room for the codecs, then a breath before and after.
        sox -D "$spoken/raw.wav" -b 16 -c 1 "$1/$name.wav" gain -6 \
            silence 1 0.01 "$silent" reverse silence 1 0.01 "$silent" reverse \
            highpass 150 rate -h 16000 compand 0.02,0.15 -50,-50,-30,-18,0,-9 -3 -30 0.02 norm -5 pad "$before" "$after"
        echo "$1/$name.wav"
    done
}

speak es es-419 42 155 175 en-us
speak en en-us 42 150 165 es-419
