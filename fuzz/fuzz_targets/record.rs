#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockhouse_fuzz::record::run(bytes));
