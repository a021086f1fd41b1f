#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| lockhouse_fuzz::restore::run(octets));
