#!/usr/bin/env bash
# What the history and the HTTP API cost the calls: turno on the lab plan under a stream of callers, in turns without a history, with one, and
# with one while programs ask the API.
#
#     benches/api.sh [CALLS_A_SECOND [SECONDS [ROUNDS]]]        100 calls a second for 20 seconds, 2 rounds
#
# Prints for each turn turno's CPU time for each call, and the 99th percentile of the time from the moment at which a
# contact and an agent were there to the offer (turno_offer_delay_seconds); with the API also its requests a second. CONNECTIONS=4
# programs ask. The server has core 0, SIPp and the programs core 1. Needs SIPp and python3; BINARY=path uses a turno that is built already. As root it
# uses its own loopback.
set -euo pipefail

cd "$(dirname "$0")/.."
. benches/harness.sh
rate=${1:-100} seconds=${2:-20} rounds=${3:-2} connections=${CONNECTIONS:-4}
build
alone "$@"
sipp=sip-config/sipp

ring() { # NAME SIPP-ARGUMENTS...
    local name=$1
    shift
    exec taskset --cpu-list 1 sipp -nostdin -i 127.0.0.1 "$@" 127.0.0.1:5060 >"$work/$name.out" 2>&1 </dev/null
}

one() { # NAME HISTORY ASKS
    local name=$1 history=$2 asks=$3 folder="$work/$1-$RANDOM"
    mkdir "$folder"
    { lab_plan; printf '\n[history]\nstore = "%s"\n\n[api]\nlisten = "127.0.0.1:8081"\n' "$history"; } >"$folder/plan.toml"
    echo "four quiet mountain llamas" | "$BINARY" user add bench --role operator --plan "$folder/plan.toml" --state "$folder/state" >"$folder/user.out" 2>&1
    taskset --cpu-list 0 "$BINARY" serve "$folder/plan.toml" --state "$folder/state" --control "$folder/control" >"$folder/turno.log" 2>&1 &
    local server=$!
    started=("$server")
    until_answers "$server" "$folder/turno.log"
    (ring register -sf $sipp/agent_register.xml -inf $sipp/agents.csv -m 200 -r 200 -p 5080)
    ring agents -sf $sipp/agent_uas.xml -aa -p 5080 -mp 12000 &
    started+=("$!")
    sleep 1
    local before after
    before=$(ticks "$server")
    ring callers -sf $sipp/caller_7000.xml -s 7000 -r "$rate" -d 400 -m $((rate * seconds)) -p 5090 -mp 16000 &
    local callers=$!
    if [ "$asks" = yes ]; then
        taskset --cpu-list 1 python3 benches/api_load.py 127.0.0.1:8081 $((seconds - 2)) "$connections" bench "four quiet mountain llamas" >"$folder/api.out" 2>&1
    fi
    wait "$callers" || true
    after=$(ticks "$server")
    printf '%-18s %6.0f us a call   offers: %s   %s\n' "$name" \
        "$(python3 -c "print(($after - $before) * 10000 / ($rate * $seconds))")" \
        "$(python3 benches/figures.py offers 127.0.0.1:8080)" "$(cat "$folder/api.out" 2>/dev/null || true)"
    end_all
}

for round in $(seq "$rounds"); do
    echo "round $round: $rate calls a second for $seconds s"
    one "without history" off no
    one "with history" sqlite no
    one "history and API" sqlite yes
done
