//! libFuzzer entry point of the target `journal`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| turno_fuzz::journal(bytes));
