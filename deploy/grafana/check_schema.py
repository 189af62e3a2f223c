#!/usr/bin/env python3
"""Reads each dashboard with Grafana's published models and writes it again: nothing may be lost or changed.

Needs the package grafana-foundation-sdk (PyPI). A key that Grafana does not know, or a value of the wrong kind,
shows as a difference, and the exit code is 1.
"""

import json
import pathlib
import sys

from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard


def differences(ours, theirs, place):
    """Every place where the models know less than the file says."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key, value in ours.items():
            if key in theirs:
                yield from differences(value, theirs[key], f"{place}.{key}")
            elif value is not None:
                yield f"{place}.{key}: Grafana's models do not know this"
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, (mine, other) in enumerate(zip(ours, theirs)):
            yield from differences(mine, other, f"{place}[{number}]")
    elif ours != theirs:
        yield f"{place}: {ours!r} became {theirs!r}"


def overlaps(panels):
    """Panels that cover each other, or leave the grid of 24 columns."""
    taken = {}
    for panel in panels:
        grid = panel["gridPos"]
        if grid["x"] + grid["w"] > 24:
            yield f"{panel['title']}: leaves the grid"
        for x in range(grid["x"], grid["x"] + grid["w"]):
            for y in range(grid["y"], grid["y"] + grid["h"]):
                other = taken.setdefault((x, y), panel["title"])
                if other != panel["title"]:
                    yield f"{panel['title']}: covers {other}"
                    return


def main():
    """Checks the files of the arguments, or of the folder beside this script."""
    plugins.register_default_plugins()
    folder = pathlib.Path(__file__).parent / "dashboards"
    files = [pathlib.Path(name) for name in sys.argv[1:]] or sorted(folder.glob("*.json"))
    faults = 0
    for file in files:
        ours = json.loads(file.read_text(encoding="utf-8"))
        theirs = json.loads(JSONEncoder().encode(Dashboard.from_json(ours)))
        for fault in [*differences(ours, theirs, file.name), *overlaps(ours["panels"])]:
            print(fault, file=sys.stderr)
            faults += 1
        print(f"{file.name}: {len(ours['panels'])} panels and rows read")
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main())
