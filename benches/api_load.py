#!/usr/bin/env python3
"""Asks the HTTP API for so many seconds, over so many connections: requests a second, and how long they take.

    benches/api_load.py HOST:PORT SECONDS CONNECTIONS USER PASSWORD

Each connection is a process that asks one after another, in turns: the room, the open contacts, one queue, half hours of the
history. Prints a line: requests a second, the median and the 99th percentile in milliseconds, and how many were not answered by 200 or 304.
"""

import http.client
import json
import multiprocessing
import sys
import time

PATHS = ["/api/v1/room", "/api/v1/contacts?most=50", "/api/v1/room", "/api/v1/queues/lab", "/api/v1/history/v_interval_queue?most=20&latest=true"]


def token(place, user, password):
    connection = http.client.HTTPConnection(place, timeout=10)
    head = {"content-type": "application/json"}
    connection.request("POST", "/api/v1/session", json.dumps({"name": user, "password": password}), head)
    answer = connection.getresponse()
    csrf = json.loads(answer.read())["csrf"]
    head |= {"cookie": answer.getheader("set-cookie").split(";")[0], "x-csrf-token": csrf}
    wanted = {"name": f"bench-{time.time_ns()}", "scope": {"role": "supervisor"}, "days": 1}
    connection.request("POST", "/api/v1/tokens", json.dumps(wanted), head)
    answer = connection.getresponse()
    body = json.loads(answer.read())
    if "token" not in body:
        sys.exit(f"no token: {body}")
    return body["token"]


def ask(place, until, secret, queue):
    connection = http.client.HTTPConnection(place, timeout=10)
    head = {"authorization": f"Bearer {secret}"}
    spans, failed, at = [], 0, 0
    while time.monotonic() < until:
        begun = time.monotonic()
        connection.request("GET", PATHS[at % len(PATHS)], headers=head)
        answer = connection.getresponse()
        answer.read()
        spans.append(time.monotonic() - begun)
        failed += answer.status not in (200, 304)
        at += 1
    queue.put((spans, failed))


def main():
    place, seconds, connections, user, password = sys.argv[1:]
    secret, queue = token(place, user, password), multiprocessing.Queue()
    until = time.monotonic() + float(seconds)
    asking = [multiprocessing.Process(target=ask, args=(place, until, secret, queue)) for _ in range(int(connections))]
    for process in asking:
        process.start()
    answers = [queue.get() for _ in asking]
    spans = sorted(span for spans, _ in answers for span in spans)
    at = lambda part: spans[min(int(len(spans) * part), len(spans) - 1)] * 1000
    failed = sum(failed for _, failed in answers)
    print(f"{len(spans) / float(seconds):.0f} requests a second, median {at(0.5):.2f} ms, 99th percentile {at(0.99):.2f} ms, {failed} failed")


main()
