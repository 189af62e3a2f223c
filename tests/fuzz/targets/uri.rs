//! libFuzzer entry point of the target `uri`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| turno_fuzz::uri(bytes));
