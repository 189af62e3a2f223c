//! Meaning of a final response to our INVITE: a person refused, the phone can't take the call, or nobody is there.

/// Meaning of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// The phone is not there, or in no state to ring.
    Unreachable,
    /// The phone is there and can't take such a call.
    Incompatible,
    /// A person refused, or set the phone to refuse.
    Person,
}

impl Refusal {
    /// The meaning of a status from 300 up. An unknown status counts as the first of its class (RFC 3261, 8.1.3.2).
    pub const fn of(status: u16) -> Self {
        match status {
            // Moved: somebody has forwarded the phone.
            300..=399 => Self::Person,
            // Do not disturb, and busy.
            480 | 486 => Self::Person,
            // The phone ended the call and has no other status for that.
            487 => Self::Person,
            404 | 408 | 410 | 430 | 481..=485 | 491 => Self::Unreachable,
            400..=499 => Self::Incompatible,
            // Not implemented, version not supported, message too large, push not supported, precondition failure.
            501 | 505 | 513 | 555 | 580 => Self::Incompatible,
            500..=599 => Self::Unreachable,
            604 => Self::Unreachable,
            606 => Self::Incompatible,
            _ => Self::Person,
        }
    }

    /// Whether a refusal may be due to the media description, so that another one may be accepted.
    pub(crate) const fn is_of_media(status: u16) -> bool {
        matches!(status, 415 | 488 | 606)
    }

    /// Rank of a status. A person's refusal ranks above a phone's, 6xx above other refusals, and 'incompatible' above
    /// 'unreachable'.
    pub(crate) const fn weight(status: u16) -> u8 {
        match (Self::of(status), status) {
            (Self::Person, 600..) => 4,
            (Self::Person, 486) => 3,
            (Self::Person, _) => 2,
            (Self::Incompatible, _) => 1,
            (Self::Unreachable, _) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every status that an RFC gives to an INVITE, and the unknown ones of each hundred.
    const TABLE: &str = "
Person       300 301 302 305 380 399 480 486 487 600 603 607 608 699
Incompatible 400 401 402 403 405 406 407 409 411 412 413 414 415 416 417 420 421 422 423 424 425 428 429 433 436 437 438 439 440 469 470 488 489 493 494 499 501 505 513 555 580 606
Unreachable  404 408 410 430 481 482 483 484 485 491 500 502 503 504 599 604
";

    #[test]
    fn a_phones_no_is_not_taken_for_a_persons() {
        // RFC 3261, 21. Wound: a phone that answers 488 to every offer, and its agent counts as refusing.
        let known = [
            300, 301, 302, 305, 380, 399, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412,
            413, 414, 415, 416, 417, 420, 421, 422, 423, 424, 425, 428, 429, 430, 433, 436, 437, 438, 439,
            440, 469, 470, 480, 481, 482, 483, 484, 485, 486, 487, 488, 489, 491, 493, 494, 499, 500, 501,
            502, 503, 504, 505, 513, 555, 580, 599, 600, 603, 604, 606, 607, 608, 699,
        ];
        let mut table = String::from("\n");
        for refusal in [Refusal::Person, Refusal::Incompatible, Refusal::Unreachable] {
            let of: Vec<String> =
                known.iter().filter(|status| Refusal::of(**status) == refusal).map(u16::to_string).collect();
            table += &format!("{:<13}{}\n", format!("{refusal:?}"), of.join(" "));
        }
        assert_eq!(table, TABLE);
    }
}
