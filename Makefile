.PHONY: run test
run:
	cargo run --release --bin turno -- demo

test:
	cargo test --workspace
