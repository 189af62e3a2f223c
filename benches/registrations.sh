#!/usr/bin/env bash
# Registrations a second at a whole turno on one core, from a crowd of seats on the other.
#
#     benches/registrations.sh [RATE,RATE... [SECONDS]]        1000 and 5000 a second for 4 seconds each
#
# BINARY=path takes a turno that is built already.
set -euo pipefail

cd "$(dirname "$0")/.."
rates=${1:-1000,5000} seconds=${2:-4}
release=${CARGO_TARGET_DIR:-target}/release
[ -n "${BINARY:-}" ] || cargo build --quiet --release --bin turno --package turno
cargo build --quiet --release --example registrations --package turno-benches

# A loopback of its own, if the system lets us have one.
if [ -z "${TURNO_BENCH_ALONE:-}" ] && unshare --net true 2>/dev/null; then
    export BINARY=${BINARY:-$release/turno}
    TURNO_BENCH_ALONE=1 exec unshare --net -- bash -c 'ip link set lo up && exec "$@"' alone "$0" "$@"
fi

work=$(mktemp --directory)
taskset --cpu-list 0 "${BINARY:-$release/turno}" serve sip-config/lab >"$work/turno.out" 2>"$work/turno.err" &
turno=$!
trap 'kill "$turno" 2>/dev/null || true; wait 2>/dev/null || true; rm --recursive --force "$work"' EXIT
for _ in $(seq 100); do
    python3 benches/figures.py answers 127.0.0.1:8080 && break
    kill -0 "$turno" 2>/dev/null || { cat "$work/turno.err" >&2; exit 1; }
    sleep 0.1
done
taskset --cpu-list 1 "$release/examples/registrations" --pid "$turno" --rates "$rates" --seconds "$seconds"
echo "memory of turno afterwards: $(awk '/VmRSS/ { print $2 }' "/proc/$turno/status") kB"
