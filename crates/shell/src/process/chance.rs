//! Random bytes of the operating system, for keys.

use std::io;

use rustix::rand::{GetRandomFlags, getrandom};

/// Random bytes that nobody else knows.
///
/// # Errors
/// The operating system gives none.
pub(crate) fn chance<const BYTES: usize>() -> io::Result<[u8; BYTES]> {
    let mut bytes = [0; BYTES];
    match getrandom(&mut bytes, GetRandomFlags::empty())? {
        all if all == BYTES => Ok(bytes),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
