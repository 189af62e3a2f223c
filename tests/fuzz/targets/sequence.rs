//! libFuzzer entry point of the target `sequence`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| turno_fuzz::sequence(bytes));
