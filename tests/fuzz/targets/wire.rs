//! libFuzzer entry point of the target `wire`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| turno_fuzz::wire(bytes));
