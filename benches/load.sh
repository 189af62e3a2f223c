#!/usr/bin/env bash
# Load test from outside: turno on the lab plan, with 200 agents and a stream of callers from SIPp.
#
#     benches/load.sh [CALLS_A_SECOND [SECONDS]]        300 calls a second for 20 seconds
#
# Prints turno's CPU time for each completed call, failed calls, retransmissions, and the time from a caller's INVITE to
# the offer at an agent, measured on the wire. Then an echo server gets datagrams of the same sizes at the same times,
# which shows the system's own cost for a message. Needs SIPp and python3; without tcpdump and the right to capture it
# reads turno's own histogram instead of the wire. As root it uses its own loopback. BINARY=path uses a turno that is
# built already; TALK=ms is the length of a talk.
set -euo pipefail

cd "$(dirname "$0")/.."
. benches/harness.sh
rate=${1:-300} seconds=${2:-20} talk=${TALK:-400}
if [ -n "${BINARY:-}" ]; then build; else build udp_echo; fi
export ECHO_SERVER=${ECHO_SERVER:-$release/examples/udp_echo}
alone "$@"
if ss --no-header --listening --udp --tcp --numeric 2>/dev/null | grep --quiet '127\.0\.0\.1:5060 '; then
    echo "something else listens on 127.0.0.1:5060" >&2
    exit 1
fi

ring() { # NAME SIPP-ARGUMENTS...: SIPp without a screen, its figures in NAME.csv
    local name=$1
    shift
    sipp -nostdin -i 127.0.0.1 -trace_stat -stf "$work/$name.csv" -fd 1 "$@" 127.0.0.1:5060 \
        >"$work/$name.out" 2>"$work/$name.err" </dev/null
}

"$BINARY" serve sip-config/lab >"$work/turno.out" 2>"$work/turno.err" &
turno=$!
started+=("$turno")
until_answers "$turno" "$work/turno.err"

scenarios=sip-config/sipp
ring register -sf $scenarios/agent_register.xml -inf $scenarios/agents.csv -m 200 -r 200 -p 5080
ring agents -sf $scenarios/agent_uas.xml -aa -p 5080 -mp 12000 &
started+=("$!")

capture=
if command -v tcpdump >/dev/null; then
    tcpdump -i lo -w "$work/wire.pcap" -B 32768 -Z "$(id -un)" 'udp port 5060' 2>"$work/tcpdump.err" &
    capture=$!
    started+=("$capture")
fi
sleep 1
if [ -n "$capture" ] && ! kill -0 "$capture" 2>/dev/null; then
    capture=
    rm --force "$work/wire.pcap"
fi

before=$(ticks "$turno")
ring callers -sf $scenarios/caller_7000.xml -s 7000 -r "$rate" -d "$talk" -m $((rate * seconds)) -p 5090 -mp 16000 ||
    echo "SIPp ended with $?: some calls did not go as its scenario says"
after=$(ticks "$turno")

sleep 1
if [ -n "$capture" ]; then
    kill "$capture"
    wait "$capture" 2>/dev/null || true
fi
python3 benches/figures.py room "$work" $((after - before)) 127.0.0.1:8080

if [ -n "$capture" ] && [ -x "$ECHO_SERVER" ]; then
    "$ECHO_SERVER" 127.0.0.1:5070 &
    echo_server=$!
    started+=("$echo_server")
    sleep 0.2
    before=$(ticks "$echo_server")
    python3 benches/figures.py replay "$work" 127.0.0.1:5070
    after=$(ticks "$echo_server")
    python3 benches/figures.py control "$work" $((after - before))
fi
