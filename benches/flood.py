#!/usr/bin/env python3
"""Ten times more calls than turno can take: calls a second and the latency of accepted calls, before and meanwhile.

    benches/flood.py [BINARY [DELAY_MAX [PERCENT]]]     target/release/turno 50ms 10 unless said; `none` for no refusals

turno gets PERCENT of core 0 (a control group's quota, one slice each 10 ms; needs root), so that SIPp on core 1 can send ten
times what it takes. The capacity is found first: the highest rate without a refusal and with 95 % answered in 50 ms. Then
half of it for ten seconds, ten times as much for ten seconds, and half of it again.
"""

import csv
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

TOP = pathlib.Path(__file__).resolve().parent.parent
BINARY = sys.argv[1] if len(sys.argv) > 1 else str(TOP / "target/release/turno")
DELAY = sys.argv[2] if len(sys.argv) > 2 else "50ms"
PERCENT = int(sys.argv[3]) if len(sys.argv) > 3 else 10
GROUP = pathlib.Path(f"/sys/fs/cgroup/cpu/turno-flood-{os.getpid()}")
SIP, HTTP = "127.0.71.1:5060", "127.0.71.1:8080"


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


def sipp(folder, rate, seconds, port):
    """One run; what SIPp counted and its response times in milliseconds."""
    calls = int(rate * seconds)
    stat = pathlib.Path(folder) / f"stat-{port}.csv"
    for old in pathlib.Path(folder).glob("*_rtt.csv"):
        old.unlink()
    command = ["nice", "-n", "-15", "taskset", "--cpu-list", "1", "sipp", SIP, "-sf", str(TOP / "sip-config/sipp/caller_flood.xml"),
               "-s", "7001", "-i", "127.0.71.2", "-p", str(port), "-mi", "127.0.71.2", "-mp", "20000", "-r", str(rate),
               "-rp", "1000", "-m", str(calls), "-l", str(calls), "-d", "300", "-nostdin", "-fd", "1", "-trace_stat",
               "-stf", str(stat), "-trace_rtt", "-rtt_freq", "10", "-buff_size", "4194304", "-timer_resol", "1", "-timeout", str(seconds + 60), "-recv_timeout", "8000"]
    subprocess.run(command, cwd=folder, stdout=open(f"{folder}/sipp.txt", "w"), stderr=subprocess.STDOUT, check=False)
    rows = list(csv.DictReader(stat.open(), delimiter=";"))
    last = rows[-1]
    times = {"1": [], "2": []}
    for file in pathlib.Path(folder).glob("*_rtt.csv"):
        for row in csv.reader(file.open(), delimiter=";"):
            if len(row) >= 3 and row[2] in times:
                times[row[2]].append(float(row[1]))
    return {"calls": int(last["TotalCallCreated"]), "failed": int(last["FailedCall(C)"]),
            "again": int(last.get("Retransmissions(C)", 0) or 0), "invite": sorted(times["1"]), "bye": sorted(times["2"])}


def part(times, share):
    return times[min(int(len(times) * share), len(times) - 1)] if times else float("nan")


def show(name, run, seconds, refused):
    answered = len(run["invite"])
    print(f"{name}: {run['calls']} calls sent, {answered} accepted ({answered / seconds:.0f} a second), "
          f"{refused:.0f} answered 503, {run['failed']} failed, {run['again']} sent again")
    for what, times in (("INVITE to 200", run["invite"]), ("BYE to 200", run["bye"])):
        print(f"    {what}: median {part(times, .5):.1f} ms, 95 % {part(times, .95):.1f} ms, 99 % {part(times, .99):.1f} ms")


def refused(before, after):
    name = 'turno_overload_refused_total{kind="call"}'
    return after.get(name, 0) - before.get(name, 0)


def main():
    with tempfile.TemporaryDirectory() as folder:
        turno = subprocess.Popen(["nice", "-n", "-15", "taskset", "--cpu-list", "0", BINARY, "serve", str(plan(folder))],
                                 stdout=subprocess.DEVNULL, stderr=open(f"{folder}/log", "w"))
        GROUP.mkdir()
        (GROUP / "cpu.cfs_period_us").write_text("10000")
        (GROUP / "cpu.cfs_quota_us").write_text(str(PERCENT * 100))
        (GROUP / "cgroup.procs").write_text(str(turno.pid))
        try:
            for _ in range(100):
                try:
                    metrics()
                    break
                except OSError:
                    time.sleep(0.1)
            port, rate, capacity = 6000, 100, 0
            while rate <= 6400:
                before = metrics()
                run = sipp(folder, rate, 4, port)
                clean = run["failed"] == 0 and run["again"] == 0 and refused(before, metrics()) == 0
                clean = clean and part(run["invite"], .95) < 50
                print(f"    {rate} a second: {'clean' if clean else 'not clean'}, 95 % {part(run['invite'], .95):.1f} ms")
                if not clean:
                    break
                capacity, rate, port = rate, int(rate * 1.4), port + 1
                time.sleep(1)
            print(f"capacity: {capacity} calls a second with {PERCENT} % of a core; delay_max = {DELAY}")
            time.sleep(2)
            for name, rate in (("at half of it", capacity // 2), ("at ten times", capacity * 10), ("after it", capacity // 2)):
                before = metrics()
                run = sipp(folder, rate, 10, port + 1)
                port += 1
                after = metrics()
                show(name, run, 10, refused(before, after))
                print(f"    memory {after['process_resident_memory_bytes'] / 2**20:.0f} MiB, episodes "
                      f"{after.get('turno_overload_episodes_total', 0):.0f}, dropped "
                      f"{after.get('turno_overload_dropped_total', 0) - before.get('turno_overload_dropped_total', 0):.0f}")
                time.sleep(3)
            print(f"log: {os.path.getsize(folder + '/log')} bytes")
            print("".join("    " + line for line in open(f"{folder}/log") if "WARN" in line))
        finally:
            (GROUP / "cpu.cfs_quota_us").write_text("-1")
            turno.terminate()
            turno.wait(10)
            GROUP.rmdir()


main()
