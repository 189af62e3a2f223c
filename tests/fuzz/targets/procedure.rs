//! libFuzzer entry point of the target `procedure`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| turno_fuzz::procedure(bytes));
