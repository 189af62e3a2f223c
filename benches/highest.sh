#!/usr/bin/env bash
# The highest rate without failed calls and retransmissions, with turno on one core: tries one rate after another until
# two in a row fail.
#
#     benches/highest.sh [FIRST [STEP]]      600 calls a second, then 200 more each time
set -uo pipefail

cd "$(dirname "$0")/.."
rate=${1:-600} step=${2:-200} dirty=0 best=none
while [ "$dirty" -lt 2 ]; do
    printed=$(benches/calls.sh --rate "$rate" --seconds 6 --talk-ms 60 2>&1)
    if grep --quiet '^ended with' <<<"$printed" || grep --quiet 'direction="out"} [1-9]' <<<"$printed"; then
        dirty=$((dirty + 1)) verdict='not clean'
    else
        dirty=0 verdict=clean best=$rate
    fi
    echo "$rate a second: $verdict"
    grep -E '^(calls c|sent|INVITE|CPU|turno_sip)' <<<"$printed" | sed 's/^/    /'
    rate=$((rate + step))
    [ "$rate" -le 10000 ] || break
done
echo "highest clean rate: $best calls a second"
