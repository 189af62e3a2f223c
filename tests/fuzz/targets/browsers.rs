//! libFuzzer entry point of the target `browsers`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| turno_fuzz::browsers(bytes));
