//! libFuzzer entry point of the target `sdp`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| turno_fuzz::sdp(bytes));
