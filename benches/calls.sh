#!/usr/bin/env bash
# Turno on one core, a load of callers and agents on the other, and a bare echo of the same datagrams beside it.
#
#     benches/calls.sh [LOAD_CALLER-OPTIONS...]     for instance --rate 500 --seconds 20, or --waiting 400
#
# `load_caller --help` tells the options. As root it works on a loopback of its own. BINARY=path takes a turno that is
# built already, PLAN=path another plan, PROFILE=file records where turno's time goes with perf.
set -euo pipefail

cd "$(dirname "$0")/.."
release=${CARGO_TARGET_DIR:-target}/release
if [ -z "${BUILT:-}" ]; then
    [ -n "${BINARY:-}" ] || cargo build --quiet --release --bin turno --package turno
    cargo build --quiet --release --example udp_echo --example load_caller --package turno-benches
    export BUILT=1
fi
if [ -z "${TURNO_BENCH_ALONE:-}" ] && unshare --net true 2>/dev/null; then
    TURNO_BENCH_ALONE=1 exec unshare --net -- bash -c 'ip link set lo up && exec "$@"' alone "$0" "$@"
fi

started=()
finish() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
}
trap finish EXIT

taskset --cpu-list 0 "${BINARY:-$release/turno}" serve "${PLAN:-sip-config/lab}" >/dev/null 2>&1 &
turno=$!
started+=("$turno")
for _ in $(seq 100); do
    python3 benches/figures.py answers 127.0.0.1:8080 && break
    kill -0 "$turno" 2>/dev/null || { echo "turno has not come up" >&2; exit 1; }
    sleep 0.1
done
taskset --cpu-list 0 "$release/examples/udp_echo" 127.0.0.1:5070 &
echo_server=$!
started+=("$echo_server")
if [ -n "${PROFILE:-}" ]; then
    (sleep 3 && exec perf record --quiet -F 2000 -g --pid "$turno" --output "$PROFILE" -- sleep "${PROFILE_SECONDS:-8}") &
fi

taskset --cpu-list 1 "$release/examples/load_caller" --pid "$turno" --echo-pid "$echo_server" "$@" || echo "ended with $?"
python3 benches/figures.py counted 127.0.0.1:8080
