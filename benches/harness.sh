# Shared functions of the benches: build turno, run in an own network namespace, end all processes. A bench sources this
# file, calls `build` with the examples that it needs, then `alone "$@"`, then starts its processes.

release=${CARGO_TARGET_DIR:-target}/release

# Builds turno and the examples. BINARY=path uses a turno that is built already.
build() { # EXAMPLE...
    [ -z "${TURNO_BENCH_ALONE:-}" ] || return 0
    [ -n "${BINARY:-}" ] || cargo build --quiet --release --bin turno --package turno
    [ $# = 0 ] || cargo build --quiet --release --package turno-benches "${@/#/--example=}"
    export BINARY=${BINARY:-$release/turno}
}

# Runs the bench again in a network namespace with its own loopback, if the system allows one. `work` is a folder that
# is removed at the end; the processes in `started` are ended.
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

# Waits until turno's pages answer; if turno ends before, shows its output.
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

# Waits until turno has logged that it serves; PAUSE is the time between two looks.
until_serves() { # LOG [PAUSE]
    for _ in $(seq 200); do grep --quiet 'turno serves' "$1" 2>/dev/null && break; sleep "${2:-0.05}"; done
}

# The lab's plan with absolute paths, so that it can be in any folder.
lab_plan() { sed "s#\"\.\./#\"$PWD/sip-config/#" sip-config/lab/lab.toml; }

# CPU time of a process until now, in ticks of 10 ms.
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; } # PID
