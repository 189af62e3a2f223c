#!/usr/bin/env bash
# Load of callers and agents on one core, turno on the other; then a bare echo of the same datagrams for comparison.
#
#     benches/calls.sh [LOAD_CALLER-OPTIONS...]     for instance --rate 500 --seconds 20, or --waiting 400
#
# `load_caller --help` lists the options. As root it uses its own loopback. BINARY=path uses a turno that is built
# already, PLAN=path another plan, PROFILE=file records a profile of turno with perf.
set -euo pipefail

cd "$(dirname "$0")/.."
. benches/harness.sh
build udp_echo load_caller
alone "$@"

taskset --cpu-list 0 "$BINARY" serve "${PLAN:-sip-config/lab}" >/dev/null 2>&1 &
turno=$!
started+=("$turno")
until_answers "$turno" /dev/null
taskset --cpu-list 0 "$release/examples/udp_echo" 127.0.0.1:5070 &
echo_server=$!
started+=("$echo_server")
if [ -n "${PROFILE:-}" ]; then
    (sleep 3 && exec perf record --quiet -F 2000 -g --pid "$turno" --output "$PROFILE" -- sleep "${PROFILE_SECONDS:-8}") &
fi

taskset --cpu-list 1 "$release/examples/load_caller" --pid "$turno" --echo-pid "$echo_server" "$@" || echo "ended with $?"
python3 benches/figures.py counted 127.0.0.1:8080
