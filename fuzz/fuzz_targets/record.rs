#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| lockhouse_fuzz::record::run(octets));
