//! How the phones of a scenario describe their media: SRTP only, their own payload type for keys, no answer to our
//! offer in a 200. The Rng is separate, so that the rest of a seed stays the same.

use core::fmt;

use bytes::Bytes;
use turno_ground::Rng;
use turno_media_plan::{KeyMint, SrtpPolicy, Suite};
use turno_model::Plan;
use turno_model::encryption::{SrtpPlan, SrtpWish};
use turno_phone::{Behaviour, Phone};

/// The habits of all phones: one bit for each desk or caller, by index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habits {
    /// Desks whose phone accepts RTP/SAVP only.
    pub savp_alone: u64,
    /// Desks and callers whose phone has another payload type for keys than turno.
    pub own_numbers: u64,
    /// Callers who never answer the offer in our 200.
    pub answers_no_late_offer: u64,
}

/// The habits of one phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Habit {
    pub(crate) savp_alone: bool,
    pub(crate) own_numbers: bool,
    pub(crate) answers_no_late_offer: bool,
}

/// The usual payload type of keys, and that of a phone with its own. Both have the same length, so the length of the
/// body stays the same.
const USUAL: &str = "101";
const OWN: &str = "100";
/// The same as a number.
pub(crate) const OWN_NUMBER: u8 = 100;

impl Habits {
    /// Each habit is present in one scenario of four; half of the phones have it then.
    pub(crate) fn draw(seed: u64) -> Self {
        let mut rng = Rng::new(seed ^ 0x6861_6269);
        let mut some = || if rng.below(4) == 0 { rng.number() } else { 0 };
        Self { savp_alone: some(), own_numbers: some(), answers_no_late_offer: some() }
    }

    /// The habits of the phone at a desk.
    pub(crate) fn of_desk(self, desk: usize) -> Habit {
        Habit {
            savp_alone: has(self.savp_alone, desk),
            own_numbers: has(self.own_numbers, desk),
            answers_no_late_offer: false,
        }
    }

    /// The habits of a caller's phone.
    pub(crate) fn of_caller(self, caller: u32) -> Habit {
        let place = usize::try_from(caller).unwrap_or(0);
        Habit {
            savp_alone: false,
            own_numbers: has(self.own_numbers, place),
            answers_no_late_offer: has(self.answers_no_late_offer, place),
        }
    }

    /// One line for each habit, with the phones that have it, of so many desks and callers.
    pub(crate) fn describe(self, f: &mut fmt::Formatter<'_>, desks: usize, callers: usize) -> fmt::Result {
        list(f, "agents whose phone accepts RTP/SAVP only", self.savp_alone, desks)?;
        list(f, "agents whose phone has its own payload type for keys", self.own_numbers, desks)?;
        list(f, "callers whose phone has its own payload type for keys", self.own_numbers, callers)?;
        list(f, "callers who never answer the offer of a 200", self.answers_no_late_offer, callers)
    }

    /// Changes the plan to allow such phones: seats may use SRTP without TLS.
    pub(crate) fn mutations(self, plan: &mut Plan) {
        if self.savp_alone != 0 {
            let srtp = SrtpPlan { wish: SrtpWish::Offered, without_tls: true };
            plan.seats.iter_mut().for_each(|seat| seat.srtp = srtp);
        }
    }
}

impl Habit {
    /// Gives a phone this habit.
    pub(crate) fn is_taken_by(self, phone: &mut Phone, behaviour: Behaviour) {
        let Self { savp_alone, answers_no_late_offer, own_numbers: _ } = self;
        phone.behave(Behaviour { savp_alone, answers_no_late_offer, ..behaviour });
        if savp_alone {
            phone.take_keys(SrtpPolicy::Required, &Suite::ALL, KeyMint::new([7; 32]));
        }
    }

    /// A message of the phone, with its own payload type.
    pub(crate) fn numbers(self, bytes: Bytes) -> Bytes {
        let text = core::str::from_utf8(&bytes).ok().filter(|_| self.own_numbers);
        let Some(text) = text.filter(|text| text.contains("a=rtpmap:101 ")) else { return bytes };
        let renumbered = |line: &str| {
            let is_of_numbers =
                ["m=audio ", "a=rtpmap:101 ", "a=fmtp:101 "].iter().any(|it| line.starts_with(it));
            if is_of_numbers { line.replace(USUAL, OWN) } else { line.to_owned() }
        };
        Bytes::from(text.split_inclusive('\n').map(renumbered).collect::<String>())
    }
}

/// The bit at an index.
const fn has(bits: u64, place: usize) -> bool {
    (bits >> (place % 64)) & 1 == 1
}

/// Whether this status says that the phone can't take the call, no matter who uses it.
pub(crate) const fn is_unfit(status: u16) -> bool {
    matches!(status, 415 | 420 | 488 | 606)
}

/// Whether a message is a person's refusal: moved, busy, do not disturb, declined.
pub(crate) fn says_no(bytes: &Bytes) -> bool {
    let status = bytes.strip_prefix(b"SIP/2.0 ").and_then(|rest| rest.get(..3));
    status.is_some_and(|it| it[0] == b'3' || [b"480", b"486", b"600", b"603"].iter().any(|no| it == &no[..]))
}

/// A line with the indexes below `many` whose bit is set, if there are any.
pub(crate) fn list(f: &mut fmt::Formatter<'_>, what: &str, bits: u64, many: usize) -> fmt::Result {
    let places: Vec<String> =
        (0..many).filter(|place| has(bits, *place)).map(|place| place.to_string()).collect();
    if places.is_empty() { Ok(()) } else { writeln!(f, "  {what}: {}", places.join(", ")) }
}
