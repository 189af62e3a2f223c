#!/usr/bin/env python3
"""Instructions of the hot paths, now and as kept in benches/instructions.toml.

    benches/instructions.py           a table: kept, now, difference
    benches/instructions.py --keep    the same, and what is measured now becomes what is kept

Needs valgrind; installs the runner of the benches below `target` when it is missing.
"""

import os
import pathlib
import re
import subprocess
import sys
import tomllib

TOP = pathlib.Path(__file__).resolve().parent.parent
KEPT = TOP / "benches" / "instructions.toml"
RUNNER_VERSION = "0.20.0"

# What differs by less is another build's padding, not a change.
NOTED_SHARE = 0.02


def runner():
    """The program that starts callgrind, of the version that the benches are built with."""
    if "GUNGRAUN_RUNNER" in os.environ:
        return os.environ["GUNGRAUN_RUNNER"]
    root = TOP / "target" / "bench-tools"
    program = root / "bin" / "gungraun-runner"
    if not program.exists():
        subprocess.run(
            ["cargo", "install", "--quiet", "gungraun-runner", "--version", f"={RUNNER_VERSION}", "--root", root],
            cwd=TOP, check=True)
    return str(program)


def measure():
    """Instructions by bench, in the order of the file."""
    command = ["cargo", "bench", "--quiet", "--package", "turno-benches", "--bench", "instructions"]
    environment = dict(os.environ, GUNGRAUN_RUNNER=runner(), GUNGRAUN_COLOR="never")
    printed = subprocess.run(command, cwd=TOP, env=environment, check=True, capture_output=True, text=True).stdout
    counted, name = {}, None
    for line in printed.splitlines():
        if found := re.match(r"instructions::hot_paths::(\w+) (\w+):", line):
            name = f"{found.group(1)}.{found.group(2)}"
        elif name and (found := re.match(r"\s+Instructions:\s+(\d+)", line)):
            counted[name] = int(found.group(1))
    return counted


def main():
    counted = measure()
    kept = tomllib.loads(KEPT.read_text()) if KEPT.exists() else {}
    print(f"{'instructions':<44} {'kept':>9} {'now':>9}")
    for name, now in counted.items():
        before = kept.get(name.replace(".", "_"))
        share = f"{(now - before) / before:+8.1%}" if before else "     new"
        mark = " <-" if before and abs(now - before) / before > NOTED_SHARE else ""
        print(f"{name:<44} {before or 0:>9} {now:>9} {share}{mark}")
    if "--keep" in sys.argv[1:]:
        lines = ["# Instructions of the hot paths by callgrind, release profile; `benches/instructions.py --keep` writes this."]
        lines += [f"{name.replace('.', '_')} = {now}" for name, now in counted.items()]
        KEPT.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
