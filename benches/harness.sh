# What the benches share: a turno that is built, a loopback of their own, and an end for all that they start.
# A bench sources this file, says `build` with the examples that it needs, then `alone "$@"`, then starts what it measures.

release=${CARGO_TARGET_DIR:-target}/release

# Before: BINARY=path takes a turno that is built already.
build() { # EXAMPLE...
    [ -z "${TURNO_BENCH_ALONE:-}" ] || return 0
    [ -n "${BINARY:-}" ] || cargo build --quiet --release --bin turno --package turno
    [ $# = 0 ] || cargo build --quiet --release --package turno-benches "${@/#/--example=}"
    export BINARY=${BINARY:-$release/turno}
}

# The bench once more, in a network namespace with a loopback of its own, if the system lets us have one. `work` is a
# folder that goes with the bench, as do the processes whose numbers stand in `started`.
alone() { # ARGUMENTS...
    if [ -z "${TURNO_BENCH_ALONE:-}" ] && unshare --net true 2>/dev/null; then
        TURNO_BENCH_ALONE=1 exec unshare --net -- bash -c 'ip link set lo up && exec "$@"' alone "benches/${0##*/}" "$@"
    fi
    work=$(mktemp --directory)
    started=()
    trap 'end_all; rm --recursive --force "$work"' EXIT
}

end_all() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    started=()
}

# Waits until turno's pages answer; if it ends before, shows what it said.
until_answers() { # PID LOG [SECONDS]
    local tries=$((${3:-10} * 10))
    for _ in $(seq "$tries"); do
        python3 benches/figures.py answers 127.0.0.1:8080 && return
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
    echo "turno has not come up" >&2
    cat "$2" >&2
    exit 1
}

# Waits until turno has said that it serves; looks as often as a bench that measures the gap needs.
until_serves() { # LOG [PAUSE]
    for _ in $(seq 200); do grep --quiet 'turno serves' "$1" 2>/dev/null && break; sleep "${2:-0.05}"; done
}

# The lab's plan as it may stand anywhere.
lab_plan() { sed "s#\"\.\./#\"$PWD/sip-config/#" sip-config/lab/lab.toml; }

# What all threads of a process have used so far, in ticks of 10 ms.
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; } # PID
