"""The figures of benches/low_load.sh: what a process and its children spent, thread by thread, while calls went on."""

import json
import os
import sys
import time


def family(root):
    """A process and all below it."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                parents[int(name)] = int(file.read().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    found, new = set(), {root}
    while new:
        found |= new
        new = {child for child, parent in parents.items() if parent in found} - found
    return found


def spent(root):
    """{(process, thread): (name, nanoseconds on a core, times put on one)} of a process and all below it."""
    all_threads = {}
    for process in family(root):
        try:
            for thread in os.listdir(f"/proc/{process}/task"):
                with open(f"/proc/{process}/task/{thread}/schedstat") as file:
                    nanos, _, turns = map(int, file.read().split())
                with open(f"/proc/{process}/task/{thread}/comm") as file:
                    all_threads[process, thread] = (file.read().strip(), nanos, turns)
        except OSError:
            continue
    return all_threads


def watch(name, root, rate, seconds, kept):
    """Watches for so long, prints what each thread spent for a call, and keeps the sum."""
    calls = float(rate) * float(seconds)
    begin = time.monotonic()
    before = spent(int(root))
    time.sleep(float(seconds))
    after = spent(int(root))
    calls *= (time.monotonic() - begin) / float(seconds)
    threads = {}
    for key, (thread, nanos, turns) in after.items():
        _, old_nanos, old_turns = before.get(key, ("", 0, 0))
        sums = threads.setdefault(thread, [0, 0])
        sums[0] += nanos - old_nanos
        sums[1] += turns - old_turns
    total = sum(nanos for nanos, _ in threads.values()) / calls / 1e6
    turns = sum(turns for _, turns in threads.values()) / calls
    parts = sorted(threads.items(), key=lambda it: -it[1][0])
    told = ", ".join(f"{thread} {nanos / calls / 1e3:.0f} us in {turns / calls:.1f}" for thread, (nanos, turns) in parts if nanos)
    print(f"{name:<9} {total:.3f} ms CPU a call in {turns:.1f} turns: {told}", flush=True)
    with open(kept, "a") as file:
        file.write(json.dumps([name, total]) + "\n")


def ratios(kept):
    """The middle of each, and how many times Kamailio's it is."""
    sums = {}
    with open(kept) as file:
        for name, total in map(json.loads, file):
            sums.setdefault(name, []).append(total)
    middle = {name: sorted(totals)[len(totals) // 2] for name, totals in sums.items()}
    for name, total in middle.items():
        against = f", {total / middle['kamailio']:.2f} of kamailio" if "kamailio" in middle and name != "kamailio" else ""
        print(f"{name:<9} {total:.3f} ms CPU a call, the middle of {len(sums[name])}{against}")


if __name__ == "__main__":
    {"watch": watch, "ratios": ratios}[sys.argv[1]](*sys.argv[2:])
