//! The keys of [fence].

use turno_model::FencePlan;

use crate::key::keys;
use crate::values::{OptionalSpan, OptionalWhole, Span, hours, millis, minutes, secs, span, whole};
use crate::words::{Own, own};

keys! {
    /// The keys of [fence].
    FENCE: FenceKeys of FencePlan beside {} {
        /// how long a message may lie unread, on average, before all new calls are refused with 503 and a time to come back;
        /// from half of it on those that have lain for so long. None: they never are.
        /// [What happens then](OPERATIONS.md#more-calls-than-the-machine-can-take)
        delay_max: OptionalSpan = span(millis(50), millis(5)..=secs(2)).or("none"), reload { told delay_max };
        /// new calls a second from one source that is neither a trunk nor a registered phone. A source is an IPv4 address
        /// or an IPv6 network of 64 bits
        calls_per_source_max: OptionalWhole = whole(10, 1..=100_000, "new calls a second").or_none(),
            reload { told calls_per_source_max };
        /// how many proven offences within `ban` get a source banned; none: nobody is banned. [SECURITY.md](../SECURITY.md)
        /// says what counts, and why forged UDP does not
        offences_max: OptionalWhole = whole(10, 1..=1000, "offences").or_none(), reload { told offences_max };
        /// how long the first ban of a source lasts; each further one is twice as long
        ban: Span = span(minutes(5), secs(1)..=hours(24)), reload { told ban };
        /// the longest ban
        ban_max: Span = span(hours(24), secs(1)..=hours(720)), reload { told ban_max };
        /// addresses and networks that are never banned. Trunks and registered phones need not stand here
        never_ban: Own = own("empty", "such as `[\"192.168.0.0/16\"]`"), reload { told never_ban };
    }
}
