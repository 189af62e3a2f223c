//! What a final response to an INVITE of ours says of whom we rang: a person's no, a phone that can't, or nobody there.

/// What a refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// The phone is not there, or in no state to ring.
    Unreachable,
    /// The phone is there and can't take such a call, whoever sits at it.
    Incompatible,
    /// A person has said no, or has told the phone to.
    Person,
}

impl Refusal {
    /// What a status from 300 says. An unknown one means what the first of its hundred means (RFC 3261, 8.1.3.2).
    pub const fn of(status: u16) -> Self {
        match status {
            // Moved: a phone that somebody has forwarded.
            300..=399 => Self::Person,
            // Do not disturb, and busy.
            480 | 486 => Self::Person,
            // The call was ended at the phone, which has no other word for it.
            487 => Self::Person,
            404 | 408 | 410 | 430 | 481..=485 | 491 => Self::Unreachable,
            400..=499 => Self::Incompatible,
            // Not implemented, another version, too large, no such push, preconditions.
            501 | 505 | 513 | 555 | 580 => Self::Incompatible,
            500..=599 => Self::Unreachable,
            604 => Self::Unreachable,
            606 => Self::Incompatible,
            _ => Self::Person,
        }
    }

    /// Whether another description of the media may be taken where this one was not.
    pub(crate) const fn is_of_media(status: u16) -> bool {
        matches!(status, 415 | 488 | 606)
    }

    /// A person's word says more than a machine's: for all phones over for one, and what can't over nobody there.
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
        // RFC 3261, 21. Wound: a phone that answers 488 to whatever it is offered, and an agent booked as refusing.
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
