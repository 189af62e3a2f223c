//! libFuzzer entry point of the target `framing`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| turno_fuzz::framing(bytes));
