#!/usr/bin/env bash
# Cost of a call at low load: turno with few calls a second, compared with Kamailio as a bare stateful relay.
#
#     benches/low_load.sh [CALLS_A_SECOND [SECONDS [ROUNDS]]]      10 calls a second, watched for 30 seconds, 2 rounds
#
# Twenty agents of SIPp ring for 20 ms and talk for a second. All get the same callers and the same agents, in turns:
# turno without a state folder, turno with one (durability = "process"), and Kamailio with benches/data/relay.cfg, which
# relays by tm to one address, with one UDP process, no TCP, no log, and Record-Route. So all three handle 13 messages a
# call, but only turno answers registrations, keeps a line, plays music and opens ports. The measurement begins after
# WARM seconds of calls (36), because the transactions of a call wait 32 s for retransmissions, and their end costs time
# too. CPU is the kernel's schedstat of all threads; turns are how often one of them was put on a core. The server has
# core 0, SIPp core 1. Needs SIPp, Kamailio and python3; BINARY=path uses a turno that is built already, WHICH="turno
# kamailio" selects servers, PROFILE=file records a perf profile of the first server in PROFILED (turno). As root it
# uses its own loopback.
set -euo pipefail

cd "$(dirname "$0")/.."
. benches/harness.sh
rate=${1:-10} seconds=${2:-30} rounds=${3:-2} warm=${WARM:-36}
build
alone "$@"
sipp=sip-config/sipp

ring() { # NAME SIPP-ARGUMENTS...
    local name=$1
    shift
    exec taskset --cpu-list 1 sipp -nostdin -i 127.0.0.1 "$@" 127.0.0.1:5060 >"$work/$name.out" 2>&1 </dev/null
}

one() { # NAME: the server's CPU a call, by thread
    local name=$1 server
    case $name in
    kamailio)
        taskset --cpu-list 0 kamailio -f benches/data/relay.cfg -DD -E -Y "$work" -m 64 -M 8 >"$work/$name.log" 2>&1 &
        server=$!
        ;;
    turno | journal)
        local state=()
        [ "$name" = turno ] || state=(--state "$work/state")
        taskset --cpu-list 0 "$BINARY" serve sip-config/lab "${state[@]}" --control "$work/control" \
            >"$work/$name.log" 2>&1 &
        server=$!
        until_serves "$work/$name.log"
        ;;
    *)
        echo "$name: turno, journal or kamailio" >&2
        exit 1
        ;;
    esac
    started=("$server")
    sleep 1
    if ! kill -0 "$server" 2>/dev/null; then
        cat "$work/$name.log" >&2
        exit 1
    fi
    if [ "$name" != kamailio ]; then
        (ring register -sf $sipp/agent_register.xml -inf $sipp/agents.csv -m 20 -r 20 -p 5080)
    fi
    ring agents -sf $sipp/agent_uas.xml -aa -p 5080 -mp 12000 &
    started+=("$!")
    sleep 0.3
    ring callers -sf $sipp/caller_7000.xml -s 7000 -r "$rate" -d 1000 -m $((rate * (warm + seconds + 3))) \
        -l 4000 -p 5090 -mp 16000 -trace_stat -stf "$work/callers.csv" -fd 1 &
    local callers=$!
    started+=("$callers")
    sleep "$warm"
    if [ -n "${PROFILE:-}" ] && [ "$name" = "${PROFILED:-turno}" ]; then
        perf record --quiet -e cpu-clock -F 5000 -g --pid "$server" --output "$PROFILE" -- sleep $((seconds - 1)) &
    fi
    python3 benches/low_load.py watch "$name" "$server" "$rate" "$seconds" "$work/sums"
    wait "$callers" || echo "SIPp ended with $?: some calls did not go as its scenario says"
    end_all
    rm --recursive --force "$work/state"
}

for _ in $(seq "$rounds"); do
    for name in ${WHICH:-kamailio turno journal}; do one "$name"; done
done
python3 benches/low_load.py ratios "$work/sums"
