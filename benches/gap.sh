#!/usr/bin/env bash
# How long a talk is silent when turno is killed, replaced or reloaded: SIPp sends voice, and the packets that reach the
# agent are captured.
#
#     benches/gap.sh [TIMES]                 10 calls of each kind
#
# Prints the longest time between two voice packets at the agent for four kinds of calls: without an event, with a kill
# and a new start of turno, with a take-over (--take-over), and with a reload of a changed plan. Needs root (SIPp plays
# voice from a raw socket), SIPp, tcpdump and python3; BINARY=path uses a turno that is built already.
set -euo pipefail

cd "$(dirname "$0")/.."
. benches/harness.sh
times=${1:-10}
build
alone "$@"
[ -n "${TURNO_BENCH_ALONE:-}" ] || { echo "it needs root" >&2; exit 1; }
sipp=sip-config/sipp
lab_plan >"$work/plan.toml"

serve() {
    : >"$work/log"
    "$BINARY" serve "$work/plan.toml" --state "$work/state" --control "$work/control" "$@" >>"$work/log" 2>&1 &
    turno=$!
}
ready() { until_serves "$work/log" 0.02; }

serve; ready
sipp -sf $sipp/agent_register.xml -inf $sipp/agents.csv -m 20 -i 127.0.0.1 -p 5080 127.0.0.1:5060 -nostdin >/dev/null 2>&1
sipp -sf $sipp/agent_uas.xml -aa -i 127.0.0.1 -p 5080 -mp 30000 127.0.0.1:5060 -nostdin >/dev/null 2>&1 &
started+=($!)
kinds=(calm killed renewed reloaded)
for call in $(seq $((times * ${#kinds[@]}))); do
    tcpdump -i lo -n -tt -q 'udp and dst portrange 30000-30999 and greater 180' >"$work/packets" 2>/dev/null &
    watch=$!
    sleep 0.3
    sipp -sf $sipp/caller_tone.xml -s 7000 -d 5000 -m 1 -i 127.0.0.1 -p 5090 -mp 20000 127.0.0.1:5060 -nostdin >/dev/null 2>&1 &
    caller=$!
    sleep 2.5
    kind=${kinds[$((call % ${#kinds[@]}))]}
    case $kind in
    killed) kill -9 "$turno"; wait "$turno" 2>/dev/null || true; serve; ready ;;
    renewed) old=$turno; serve --take-over; wait "$old"; ready ;;
    reloaded) sed -i "/^wait_target/d; s/^acw = .*/&\nwait_target = \"${call}s\"/" "$work/plan.toml"
        "$BINARY" reload --control "$work/control" >"$work/said"
        grep -q 'calls and connections go on' "$work/said" ;;
    esac
    wait "$caller" && ended=0 || ended=$?
    kill "$watch"; wait "$watch" 2>/dev/null || true
    awk -v kind="$kind" -v ended="$ended" '{ if (NR > 1 && $1 - last > gap) gap = $1 - last; last = $1 }
        END { printf "%s %.0f %d %s\n", kind, gap * 1000, NR, ended }' "$work/packets" | tee -a "$work/gaps" >/dev/null
done
started+=("$turno")
python3 - "$work/gaps" <<'END'
import sys, statistics
rows = [line.split() for line in open(sys.argv[1])]
for kind in ["calm", "killed", "renewed", "reloaded"]:
    gaps = sorted(int(gap) for k, gap, _, _ in rows if k == kind)
    lost = sum(ended != "0" for k, _, _, ended in rows if k == kind)
    print(f"{kind:<8} {len(gaps)} calls, longest silence: median {statistics.median(gaps):.0f} ms, worst {gaps[-1]} ms; {lost} calls failed")
END
