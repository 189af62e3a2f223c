//! libFuzzer entry point of the target `websocket`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| turno_fuzz::websocket(bytes));
