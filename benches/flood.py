#!/usr/bin/env python3
"""Ten times more calls than turno can take: calls a second and the latency of accepted calls, before and meanwhile.

    benches/flood.py [BINARY [DELAY_MAX [PERCENT [CAPACITY]]]]

target/release/turno 50ms 20 unless said; DELAY_MAX `none` for no refusals; a CAPACITY that is given is not looked for.

turno and all its threads get PERCENT of core 0: a thief with real-time priority (needs root) takes the rest in slices of
a few milliseconds, since a control group's quota would stop turno for up to 40 ms at a time. So SIPp on core 1 can send
ten times what turno takes. The capacity is found first: the highest rate without a refusal and with 95 % answered in 50 ms.
Then half of it for ten seconds, ten times as much for ten seconds, and half of it again. SIPp's clock has a grain of 4 ms,
and its times run from a call's first INVITE.
"""

import csv
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

TOP = pathlib.Path(__file__).resolve().parent.parent
BINARY = sys.argv[1] if len(sys.argv) > 1 else str(TOP / "target/release/turno")
DELAY = sys.argv[2] if len(sys.argv) > 2 else "50ms"
PERCENT = int(sys.argv[3]) if len(sys.argv) > 3 else 20
GIVEN = int(sys.argv[4]) if len(sys.argv) > 4 else 0
THEFT_SPAN = 0.004
SIP, HTTP = "127.0.71.1:5060", "127.0.71.1:8080"


def steal():
    """Takes its share of core 0 in each THEFT_SPAN, in a process of its own."""
    pid = os.fork()
    if pid:
        return pid
    os.sched_setaffinity(0, {0})
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))
    parent, begin = os.getppid(), time.monotonic()
    while os.getppid() == parent:
        while time.monotonic() < begin + THEFT_SPAN * (1 - PERCENT / 100):
            pass
        begin += THEFT_SPAN
        time.sleep(max(begin - time.monotonic(), 0))
    os._exit(0)


def plan(folder):
    text = (TOP / "sip-config/lab/lab.toml").read_text()
    text = text.replace("127.0.0.1:", "127.0.71.1:").replace('"../', f'"{TOP}/sip-config/')
    path = pathlib.Path(folder) / "plan.toml"
    path.write_text(text + f'\n[fence]\ndelay_max = "{DELAY}"\n')
    return path


def metrics():
    with urllib.request.urlopen(f"http://{HTTP}/metrics", timeout=5) as page:
        text = page.read().decode()
    wanted = r"^(turno_overload_\w+|turno_sip_retransmissions_total|process_resident_memory_bytes)(\{.*\})? (\S+)$"
    return {name + labels: float(value) for name, labels, value in re.findall(wanted, text, re.M)}


def first():
    """Goes ahead of whatever else this machine does: niceness counts within a process group's own share only."""
    os.setsid()
    os.nice(-15)
    try:
        pathlib.Path("/proc/self/autogroup").write_text("-19")
    except OSError:
        pass


def worked(pid):
    """What each of turno's threads has worked, in seconds."""
    seconds = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        name = (task / "comm").read_text().strip()
        seconds[name] = seconds.get(name, 0) + int((task / "schedstat").read_text().split()[0]) / 1e9
    return seconds


def sipp(folder, rate, seconds, port):
    """One run; what SIPp counted and its response times in milliseconds."""
    calls = int(rate * seconds)
    stat = pathlib.Path(folder) / f"stat-{port}.csv"
    for old in pathlib.Path(folder).glob("*_rtt.csv"):
        old.unlink()
    command = ["taskset", "--cpu-list", "1", "sipp", SIP, "-sf", str(TOP / "sip-config/sipp/caller_flood.xml"),
               "-s", "7001", "-i", "127.0.71.2", "-p", str(port), "-mi", "127.0.71.2", "-mp", "20000", "-r", str(rate),
               "-rp", "1000", "-m", str(calls), "-l", str(calls), "-d", "300", "-nostdin", "-fd", "1", "-trace_stat",
               "-stf", str(stat), "-trace_rtt", "-rtt_freq", "10", "-buff_size", "4194304", "-timeout", str(seconds + 60), "-recv_timeout", "8000"]
    begin, used = time.monotonic(), os.times().children_user + os.times().children_system
    subprocess.run(command, cwd=folder, stdout=open(f"{folder}/sipp.txt", "w"), stderr=subprocess.STDOUT, check=False,
                   preexec_fn=first)
    span = time.monotonic() - begin
    used = (os.times().children_user + os.times().children_system - used) / span
    rows = list(csv.DictReader(stat.open(), delimiter=";"))
    last = rows[-1]
    times = {"1": [], "2": []}
    for file in pathlib.Path(folder).glob("*_rtt.csv"):
        for row in csv.reader(file.open(), delimiter=";"):
            if len(row) >= 3 and row[2] in times:
                times[row[2]].append(float(row[1]))
    return {"calls": int(last["TotalCallCreated"]), "failed": int(last["FailedCall(C)"]),
            "again": int(last.get("Retransmissions(C)", 0) or 0), "used": used, "span": span,
            "invite": sorted(times["1"]), "bye": sorted(times["2"])}


def part(times, share):
    return times[min(int(len(times) * share), len(times) - 1)] if times else float("nan")


def show(name, run, seconds, refused):
    answered = len(run["invite"])
    print(f"{name}: {run['calls']} calls sent by {run['used']:.0%} of a core, {answered} accepted ({answered / seconds:.0f} a second), "
          f"{refused:.0f} answered 503, {run['failed']} failed, {run['again']} sent again")
    for what, times in (("INVITE to 200", run["invite"]), ("BYE to 200", run["bye"])):
        print(f"    {what}: median {part(times, .5):.1f} ms, 95 % {part(times, .95):.1f} ms, 99 % {part(times, .99):.1f} ms")


def refused(before, after):
    name = 'turno_overload_refused_total{kind="call"}'
    return after.get(name, 0) - before.get(name, 0)


def main():
    with tempfile.TemporaryDirectory() as folder:
        turno = subprocess.Popen(["taskset", "--cpu-list", "0", BINARY, "serve", str(plan(folder))], preexec_fn=first,
                                 stdout=subprocess.DEVNULL, stderr=open(f"{folder}/log", "w"))
        thief = steal()
        try:
            for _ in range(100):
                try:
                    metrics()
                    break
                except OSError:
                    time.sleep(0.1)
            time.sleep(3)
            port, rate, capacity = 6000, 200, GIVEN
            while rate <= 6400 and not GIVEN:
                before = metrics()
                run = sipp(folder, rate, 4, port)
                time.sleep(1.5)
                clean = run["failed"] == 0 and run["again"] == 0 and refused(before, metrics()) == 0
                clean = clean and part(run["invite"], .95) < 50
                print(f"    {rate} a second: {'clean' if clean else 'not clean'}, 95 % {part(run['invite'], .95):.1f} ms")
                if not clean:
                    break
                capacity, rate, port = rate, int(rate * 1.2), port + 1
                time.sleep(1)
            print(f"capacity: {capacity} calls a second with {PERCENT} % of a core; delay_max = {DELAY}")
            time.sleep(2)
            for name, rate in (("at half of it", capacity // 2), ("at ten times", capacity * 10), ("after it", capacity // 2)):
                before, worked_before = metrics(), worked(turno.pid)
                run = sipp(folder, rate, 10, port + 1)
                spent = {name: span - worked_before.get(name, 0) for name, span in worked(turno.pid).items()}
                port += 1
                time.sleep(1.5)
                after = metrics()
                show(name, run, 10, refused(before, after))
                print(f"    memory {after['process_resident_memory_bytes'] / 2**20:.0f} MiB, episodes "
                      f"{after.get('turno_overload_episodes_total', 0):.0f}, dropped "
                      f"{after.get('turno_overload_dropped_total', 0) - before.get('turno_overload_dropped_total', 0):.0f}")
                print("    worked: " + ", ".join(f"{name} {span:.2f} s" for name, span in sorted(spent.items()) if span > 0.01)
                      + f" in {run['span']:.1f} s")
                time.sleep(3)
            print(f"log: {os.path.getsize(folder + '/log')} bytes")
            print("".join("    " + line for line in open(f"{folder}/log") if "WARN" in line))
        finally:
            os.kill(thief, signal.SIGKILL)
            os.waitpid(thief, 0)
            turno.terminate()
            turno.wait(10)


main()
