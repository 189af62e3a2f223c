//! The CSeq header: sequence number and method.

use crate::message::header::Name;
use crate::message::malformed::Malformed;
use crate::message::method::Method;
use crate::message::params::{is_blank, is_token, trim};

/// A CSeq value (RFC 3261, 20.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CSeq<'a> {
    /// The sequence number, below 2^31.
    pub number: u32,
    /// The method.
    pub method: Method,
    /// The method's name.
    pub method_name: &'a str,
}

/// Sequence numbers lie below this (RFC 3261, 8.1.1.5).
const NUMBER_END: u32 = 1 << 31;

impl<'a> CSeq<'a> {
    /// Reads `text`.
    ///
    /// # Errors
    /// [`Malformed::Value`] unless it is a number below 2^31, white space, and a token.
    pub fn parse(text: &'a str) -> Result<Self, Malformed> {
        let wrong = Malformed::Value(Name::CSeq);
        let (digits, rest) = text.split_once(is_blank).ok_or(wrong)?;
        let method_name = trim(rest);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !is_token(method_name.as_bytes()) {
            return Err(wrong);
        }
        let number = digits.parse().ok().filter(|number| *number < NUMBER_END).ok_or(wrong)?;
        Ok(Self { number, method: Method::of(method_name), method_name })
    }
}
