//! The keys of [sip].

use turno_model::plan::{DigestAlgorithm, SipPlan};

use crate::key::keys;
use crate::values::{OptionalSpan, OptionalWhole, Span, Whole, hours, minutes, secs, span, whole};
use crate::words::{Flag, OFF, Own, Text, WordList, own};

const DIGESTS: [(&str, DigestAlgorithm); 2] =
    [("md5", DigestAlgorithm::Md5), ("sha256", DigestAlgorithm::Sha256)];

keys! {
    /// The keys of [sip].
    SIP: SipKeys of SipPlan beside { expires, tls } {
        /// where turno listens: `"udp:ADDRESS:PORT"`, `"tcp:ADDRESS:PORT"`, `"tls:ADDRESS:PORT"` (usually 5061, with a
        /// table `[tls]`). Listen on TCP wherever you listen on UDP: phones send large requests by TCP
        listen: Own = own("`[\"udp:127.0.0.1:5060\", \"tcp:127.0.0.1:5060\"]`", "each once"), start { told listen };
        /// the IP address that Via, Contact and SDP say instead, where turno stands behind NAT
        advertised: Own = own("the listening address", ""), reload { told advertised };
        /// domain of the seats' addresses of record, and the digest realm. A seat is found by the user part, so its address
        /// of record may have any domain
        domain: Text = Text { default: "turno", range: "letters, digits, `-`, `.`" }, reload { told domain };
        /// digest algorithms in the order of the challenges: `md5`, `sha256`. SIPp takes only MD5 as the first; baresip
        /// 1.0.0 refuses to register where SHA-256 is offered at all, so both plans that come with turno say `["md5"]`
        digest: WordList<DigestAlgorithm> = WordList {
            words: &DIGESTS,
            default: &[DigestAlgorithm::Md5, DigestAlgorithm::Sha256],
            range: "at least one",
        }, reload { told digest };
        /// shortest registration; a shorter one is answered 423
        expires_min: Span = span(minutes(1), secs(10)..=hours(1)), reload { by |_, sip| sip.expires.0 };
        /// longest registration; a longer one is shortened
        expires_max: Span = span(hours(1), minutes(1)..=hours(24)), reload { by |_, sip| sip.expires.1 };
        /// a registration that asks for no time
        expires_default: Span = span(minutes(10), secs(10)..=hours(24)).and("between the two others"),
            reload { by |_, sip| sip.expires.2 };
        /// phones that may be registered for one seat
        contacts_per_seat_max: Whole = whole(4, 1..=16, "contacts"), reload { told contacts_per_seat_max };
        /// send to the Contact as it is written, even where the packet came from elsewhere. For tests; `false` is right
        /// behind NAT
        contact_as_given: Flag = OFF, reload { told contact_as_given };
        /// answer requests by UDP at the port that they came from, even where their Via does not ask for it with `rport`
        /// (RFC 3581). By default the answer goes to the port that the Via names (RFC 3261, 18.2.2). For old phones behind a
        /// NAT that know no `rport`
        force_rport: Flag = OFF, reload { told force_rport };
        /// how often each registered phone is asked by OPTIONS; with none registration alone makes a seat reachable
        options_interval: OptionalSpan = span(secs(30), secs(1)..=hours(1)).or("none"), reload { told options_interval };
        /// unanswered OPTIONS in a row that make a phone unreachable
        options_misses_max: Whole = whole(2, 1..=10, "misses"), reload { told options_misses_max };
        /// lamps that phones may watch at once: of agents and of queues (RFC 4235); 0 refuses all
        subscriptions_max: Whole = whole(1_000, 0..=10_000, "subscriptions"), reload { told subscriptions_max };
        /// session timer that turno asks for (RFC 4028)
        session_expires: Span = span(minutes(30), secs(90)..=hours(24)), reload { told session_expires };
        /// shortest session timer that turno accepts (RFC 4028)
        min_se: Span = span(secs(90), secs(90)..=hours(1)), reload { told min_se };
        /// requests a second from one address that is neither a trunk's nor a registered seat's
        requests_per_source_max: OptionalWhole = whole(50, 1..=100_000, "requests a second").or_none(),
            // Only a start makes the counters, or leaves them out.
            start_where(was, is) { was.requests_per_source_max.is_some() != is.requests_per_source_max.is_some() }
            { told requests_per_source_max };
    }
}
