//! libFuzzer entry point of the target `configuration`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| turno_fuzz::configuration(bytes));
