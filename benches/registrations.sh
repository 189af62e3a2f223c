#!/usr/bin/env bash
# Registrations a second at a whole turno on one core, from many seats on the other.
#
#     benches/registrations.sh [RATE,RATE... [SECONDS]]        1000 and 5000 a second for 4 seconds each
#
# BINARY=path uses a turno that is built already.
set -euo pipefail

cd "$(dirname "$0")/.."
. benches/harness.sh
rates=${1:-1000,5000} seconds=${2:-4}
build registrations
alone "$@"

taskset --cpu-list 0 "$BINARY" serve sip-config/lab >"$work/turno.out" 2>"$work/turno.err" &
turno=$!
started+=("$turno")
until_answers "$turno" "$work/turno.err"
taskset --cpu-list 1 "$release/examples/registrations" --pid "$turno" --rates "$rates" --seconds "$seconds"
echo "memory of turno afterwards: $(awk '/VmRSS/ { print $2 }' "/proc/$turno/status") kB"
