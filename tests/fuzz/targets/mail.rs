//! libFuzzer entry point of the target `mail`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| turno_fuzz::mail(bytes));
