"""The figures of benches/load.sh: reads SIPp's statistics and the capture, and replays the capture's sizes."""

import csv
import json
import re
import socket
import struct
import sys
import time
import urllib.request

TICK_MS = 10.0
SIP, CALLERS, AGENTS = 5060, 5090, 5080


def answers(page):
    """Whether turno serves its pages yet."""
    try:
        urllib.request.urlopen(f"http://{page}/metrics", timeout=1).read()
    except OSError:
        sys.exit(1)


def packets(path):
    """(seconds, source port, target port, payload) of each datagram of a capture on a loopback."""
    with open(path, "rb") as file:
        order = {0xA1B2C3D4: "<", 0xD4C3B2A1: ">"}[struct.unpack("<I", file.read(24)[:4])[0]]
        while len(head := file.read(16)) == 16:
            seconds, micros, length, _ = struct.unpack(order + "IIII", head)
            frame = file.read(length)
            ip = frame[14:]
            udp = ip[(ip[0] & 15) * 4:]
            source, target = struct.unpack(">HH", udp[:4])
            yield seconds + micros / 1e6, source, target, udp[8:]


def last_line(path):
    """The totals that SIPp wrote last."""
    with open(path) as file:
        return list(csv.DictReader(file, delimiter=";"))[-1]


def percentile(ordered, share):
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def offer_delays(path):
    """Milliseconds from each caller's first INVITE to the first INVITE to an agent on their behalf."""
    came, delays, number = {}, {}, re.compile(rb"\nFrom:[^\n]*sip:(099\d+)@", re.IGNORECASE)
    for at, source, target, payload in packets(path):
        if payload.startswith(b"INVITE ") and (found := number.search(payload)):
            caller = found.group(1)
            if source == CALLERS and target == SIP:
                came.setdefault(caller, at)
            elif source == SIP and target == AGENTS and caller in came:
                delays.setdefault(caller, (at - came[caller]) * 1000)
    return sorted(delays.values())


def histogram_delays(page):
    """The same from turno's own histogram: upper borders of the buckets that hold the percentiles."""
    text = urllib.request.urlopen(f"http://{page}/metrics", timeout=5).read().decode()
    buckets = {}
    for border, count in re.findall(r'turno_offer_delay_seconds_bucket\{[^}]*le="([^"]+)"[^}]*\} (\d+)', text):
        buckets[float(border)] = buckets.get(float(border), 0) + int(count)
    total = max(buckets.values(), default=0)
    for share in (0.5, 0.9, 0.99):
        border = next((b for b in sorted(buckets) if buckets[b] >= share * total), float("nan"))
        print(f"INVITE to offer, {share:.0%}: at most {border * 1000:.3f} ms (turno's own histogram)")


def offers(page):
    """The 99th percentile of turno's own times from the moment at which both were there to the offer, within its bucket by line."""
    text = urllib.request.urlopen(f"http://{page}/metrics", timeout=5).read().decode()
    found = re.findall(r'turno_offer_delay_seconds_bucket\{[^}]*le="([^"]+)"[^}]*\} (\d+)', text)
    buckets = sorted((float(border), int(count)) for border, count in found)
    total, before = buckets[-1][1], (0.0, 0)
    for border, count in buckets:
        if count >= 0.99 * total:
            part = (0.99 * total - before[1]) / max(count - before[1], 1)
            print(f"99th percentile {(before[0] + (border - before[0]) * part) * 1000:.3f} ms of {total}")
            return
        before = (border, count)


def room(work, ticks, page):
    """What the run came to."""
    callers, agents = last_line(f"{work}/callers.csv"), last_line(f"{work}/agents.csv")
    done, failed = int(callers["SuccessfulCall(C)"]), int(callers["FailedCall(C)"])
    cpu = int(ticks) * TICK_MS
    print(f"calls completed                  {done}, failed {failed}")
    print(f"retransmissions                  callers {callers['Retransmissions(C)']}, agents {agents['Retransmissions(C)']}")
    print(f"CPU of turno                     {cpu / 1000:.2f} s, {cpu / max(done, 1):.3f} ms per completed queued call")
    counted(page)
    try:
        delays = offer_delays(f"{work}/wire.pcap")
    except FileNotFoundError:
        return histogram_delays(page)
    sizes = [(at, target == SIP, len(payload)) for at, _, target, payload in packets(f"{work}/wire.pcap")]
    print(f"messages                         {len(sizes)} in and out, {len(sizes) / max(done, 1):.1f} a call, "
          f"{cpu * 1000 / max(len(sizes), 1):.1f} us of CPU each")
    if delays:
        marks = ", ".join(f"{share:.0%} {percentile(delays, share):.3f} ms" for share in (0.5, 0.9, 0.99))
        print(f"INVITE in to offer out           {marks}, longest {delays[-1]:.3f} ms (on the wire, {len(delays)} offers)")
    with open(f"{work}/run.json", "w") as file:
        json.dump({"each": cpu * 1000 / max(len(sizes), 1), "in": [(at, size) for at, inward, size in sizes if inward]}, file)


def counted(page):
    """What turno itself counted of what must not be."""
    text = urllib.request.urlopen(f"http://{page}/metrics", timeout=5).read().decode()
    for family in ("turno_sip_retransmissions_total", "turno_facts_missing_total"):
        values = re.findall(rf"^{family}(\{{[^}}]*\}})? (\S+)", text, re.MULTILINE)
        print(f"{family:<32} " + ", ".join(f"{label} {value}".strip() for label, value in values))


def replay(work, address):
    """Sends datagrams of the sizes and at the times of what turno received, and takes the echoes."""
    host, port = address.split(":")
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wire.connect((host, int(port)))
    wire.setblocking(False)
    with open(f"{work}/run.json") as file:
        datagrams = json.load(file)["in"]
    payload, begin, echoes = bytes(65536), time.monotonic() - datagrams[0][0], 0

    def take():
        count = 0
        try:
            while wire.recv(65536):
                count += 1
        except BlockingIOError:
            return count

    for at, size in datagrams:
        wait = begin + at - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        wire.send(payload[:size])
        echoes += take()
    time.sleep(0.3)
    echoes += take()
    with open(f"{work}/echo.json", "w") as file:
        json.dump({"messages": len(datagrams) + echoes}, file)


def control(work, ticks):
    """What the echo server came to."""
    with open(f"{work}/echo.json") as file:
        messages = json.load(file)["messages"]
    with open(f"{work}/run.json") as file:
        each = json.load(file)["each"]
    bare = int(ticks) * TICK_MS * 1000 / messages
    print(f"a bare echo of the same sizes    {messages} in and out, {bare:.1f} us of CPU each; "
          f"turno asks {each / max(bare, 0.001):.1f} times as much")


if __name__ == "__main__":
    {"answers": answers, "offers": offers, "room": room, "counted": counted, "replay": replay, "control": control}[sys.argv[1]](*sys.argv[2:])
