#!/usr/bin/env bash
# Cost of keeping messages for `turno trace`: the same calls under callgrind with and without it, in instructions of
# each thread. Instructions show the difference also on a busy machine, times do not.
#
#     benches/trace.sh [CALLS_A_SECOND [SECONDS]]       10 calls a second for 20 seconds, 200 agents registered
#
# Needs valgrind and python3. As root it uses its own loopback. BINARY=path uses a turno that is built already.
set -euo pipefail

cd "$(dirname "$0")/.."
. benches/harness.sh
rate=${1:-10} seconds=${2:-20}
build udp_echo load_caller
alone "$@"

"$release/examples/udp_echo" 127.0.0.1:5070 &
echo_server=$!
started+=("$echo_server")

run() { # NAME LINE-OF-THE-PLAN
    mkdir "$work/$1"
    lab_plan >"$work/$1/lab.toml"
    printf '\n[trace]\n%s\n' "$2" >>"$work/$1/lab.toml"
    valgrind --tool=callgrind --separate-threads=yes --callgrind-out-file="$work/$1.out" \
        "$BINARY" serve "$work/$1" --control "$work/$1.control" >"$work/$1.log" 2>&1 &
    local turno=$!
    started+=("$turno")
    until_answers "$turno" "$work/$1.log" 60
    "$release/examples/load_caller" --pid "$turno" --echo-pid "$echo_server" --rate "$rate" --seconds "$seconds" |
        grep 'calls completed'
    kill "$turno"
    wait "$turno" || true
    # A thread is recognised by the functions that it runs.
    for thread in "$work/$1.out"-*; do
        local name=
        grep --quiet 'EngineThread::run$' "$thread" && name=engine
        grep --quiet 'FactsHub::run$' "$thread" && name=facts
        [ -z "$name" ] || echo "$1 $name $(awk '/^summary:/ { print $2 }' "$thread")" >>"$work/figures"
    done
}

run without 'memory = "none"'
run with 'memory = 64'
awk '{ n[$1 $2] = $3 } END {
    printf "instructions of the engine thread   %d with, %d without: %+.2f %%\n",
        n["withengine"], n["withoutengine"], (n["withengine"] / n["withoutengine"] - 1) * 100
    printf "instructions of the facts thread    %d with, %d without\n", n["withfacts"], n["withoutfacts"]
    printf "of both together                    %+.2f %%\n",
        ((n["withengine"] + n["withfacts"]) / (n["withoutengine"] + n["withoutfacts"]) - 1) * 100
}' "$work/figures"
