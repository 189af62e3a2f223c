//! libFuzzer entry point of the target `whatsapp`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| turno_fuzz::whatsapp(bytes));
