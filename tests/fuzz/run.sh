#!/usr/bin/env bash
# Builds the fuzz targets and runs each for FUZZ_SECONDS (default 6).
#
#   tests/fuzz/run.sh             all targets once, as `make test` does
#   tests/fuzz/run.sh wire uri    these targets
#   FUZZ_ROUNDS=0 tests/fuzz/run.sh    without end, as `make fuzz` does
#
# All output is below target/fuzz: new corpus files in corpus/, findings in artifacts/.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${FUZZ_SECONDS:-6}
rounds=${FUZZ_ROUNDS:-1}
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(wire framing uri sdp digest rtp browsers configuration journal procedure mail whatsapp websocket sequence)

# Coverage for libFuzzer, with flags of stable Rust. With --target, build scripts are built without them.
flags=(-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
  -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing)
host=$(rustc -vV | sed -n 's/^host: //p')
bins=(); for target in "${targets[@]}"; do bins+=(--bin "$target"); done
RUSTFLAGS="${flags[*]}" cargo build --quiet --package turno-fuzz --profile fuzz --features libfuzzer \
  --target "$host" --target-dir target/fuzz "${bins[@]}"

# Maximum size of an input, and the dictionary of the target.
declare -A length=([wire]=4096 [framing]=4096 [uri]=512 [sdp]=2048 [digest]=1024 [rtp]=2048 [browsers]=2048 [configuration]=4096 [journal]=4096 [procedure]=4096 [mail]=4096 [whatsapp]=4096 [websocket]=4096 [sequence]=700)
declare -A words=([wire]=sip [framing]=sip [uri]=sip [sdp]=sdp [browsers]=sdp [digest]=sip [configuration]=toml [procedure]=toml [whatsapp]=whatsapp [websocket]=websocket)

round=0; found=0
while [ "$rounds" = 0 ] || [ "$round" -lt "$rounds" ]; do
  round=$((round + 1))
  for target in "${targets[@]}"; do
    learnt=target/fuzz/corpus/$target; artifacts=target/fuzz/artifacts/$target
    mkdir -p "$learnt" "$artifacts"
    corpora=("$learnt" "tests/fuzz/corpus/$target")
    case $target in wire | framing) [ ! -d ../shared/data/rfc4475 ] || corpora+=(../shared/data/rfc4475) ;; esac
    dictionary=(); [ -z "${words[$target]:-}" ] || dictionary=("-dict=tests/fuzz/dict/${words[$target]}.dict")
    log=target/fuzz/$target.log
    if "target/fuzz/$host/fuzz/$target" "${corpora[@]}" "${dictionary[@]}" -max_len="${length[$target]}" \
      -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -use_value_profile=1 -print_final_stats=1 \
      -artifact_prefix="$artifacts/" >"$log" 2>&1; then
      done=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
      edges=$(grep -o 'cov: [0-9]*' "$log" | tail -1)
      printf '%-14s %9s executions in %s s, %s edges\n' "$target" "$done" "$seconds" "${edges#cov: }"
    else
      found=$((found + 1))
      grep -E 'panicked|^ERROR|SUMMARY' -A2 "$log" | head -12 || true
      input=$(grep -o "$artifacts/[a-z]*-[0-9a-f]*" "$log" | tail -1)
      echo "found: $target breaks a rule; the whole output is in $log. Replay it:"
      echo "  cargo run --package turno-fuzz --bin replay -- $target $input"
      [ "$rounds" = 0 ] || exit 1
    fi
  done
done
[ "$found" = 0 ]
