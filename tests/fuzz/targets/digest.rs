//! libFuzzer entry point of the target `digest`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| turno_fuzz::digest(bytes));
