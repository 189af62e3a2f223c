#!/usr/bin/env bash
# Cost of the journal: the same calls without one, with durability = "process" and with "power".
#
#     benches/journal.sh [CALLS_A_SECOND [SECONDS]]      100 calls a second for 10 seconds
#
# SIPp plays twenty agents and the callers. Prints turno's CPU time for each call, the ratio to no journal, and bytes,
# steps, writes and waits for the disk from turno's own counters. The journal is below TMPDIR, which must be on the disk
# to be measured. Needs SIPp and python3; BINARY=path uses a built turno. As root it uses its own loopback.
set -euo pipefail

cd "$(dirname "$0")/.."
rate=${1:-100} seconds=${2:-10}
. benches/harness.sh
build
alone "$@"
calls=$((rate * seconds)) sipp=sip-config/sipp

for durability in none process power; do
    lab_plan >"$work/plan.toml"
    printf '\n[journal]\ndurability = "%s"\n' "${durability/none/process}" >>"$work/plan.toml"
    state=(); [ $durability = none ] || state=(--state "$work/$durability")
    "$BINARY" serve "$work/plan.toml" "${state[@]}" --control "$work/control" >"$work/log" 2>&1 &
    turno=$!; started=("$turno")
    until_serves "$work/log"
    sipp -sf $sipp/agent_register.xml -inf $sipp/agents.csv -m 20 -i 127.0.0.1 -p 5080 127.0.0.1:5060 -nostdin >/dev/null 2>&1
    sipp -sf $sipp/agent_uas.xml -aa -i 127.0.0.1 -p 5080 -mp 30000 127.0.0.1:5060 -nostdin >/dev/null 2>&1 &
    started+=("$!")
    sleep 0.3
    before=$(ticks "$turno")
    sipp -sf $sipp/caller_7000.xml -s 7000 -r "$rate" -d 50 -m "$calls" -l 4000 -i 127.0.0.1 -p 5090 -mp 20000 \
        127.0.0.1:5060 -nostdin >/dev/null 2>&1 && ended=0 || ended=$?
    after=$(ticks "$turno")
    python3 - "$durability" "$calls" "$before" "$after" "$ended" "$work/none.ms" <<'END'
import sys, urllib.request
name, calls, before, after, ended, base = sys.argv[1:]
each = (int(after) - int(before)) * 10 / int(calls)
if name == "none":
    open(base, "w").write(str(each))
text = urllib.request.urlopen("http://127.0.0.1:8080/metrics").read().decode()
value = {line.split()[0]: float(line.split()[1]) for line in text.splitlines() if line and line[0] != "#"}
line = f"{name:<8} {each * 1000:6.0f} us CPU a call, {each / float(open(base).read()):.2f} of none (SIPp ended with {ended})"
if name != "none":
    of = lambda key: value.get("turno_journal_" + key, 0) / int(calls)
    line += f"; {of('bytes_total'):.0f} bytes, {of('steps_total'):.1f} steps, {of('write_seconds_count'):.1f} writes a call"
    for kind in ["write", "sync"]:
        count = value.get(f"turno_journal_{kind}_seconds_count", 0)
        if count:
            line += f"; {kind} {value[f'turno_journal_{kind}_seconds_sum'] / count * 1e6:.0f} us"
print(line, flush=True)
END
    end_all
done
