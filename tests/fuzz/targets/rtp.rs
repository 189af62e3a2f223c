//! libFuzzer entry point of the target `rtp`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| turno_fuzz::rtp(bytes));
