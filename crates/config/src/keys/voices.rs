//! The keys of [media].

use std::net::IpAddr;

use turno_model::plan::MediaPlan;

use crate::key::keys;
use crate::told::Said;
use crate::values::{OptionalSpan, Pair, hours, minutes, secs, span, whole_range};
use crate::words::{Own, WordList, own};

const CODECS: [(&str, &str); 4] = [("PCMA", "PCMA"), ("PCMU", "PCMU"), ("G722", "G722"), ("OPUS", "OPUS")];

keys! {
    /// The keys of [media].
    MEDIA: MediaKeys of MediaPlan beside { bind, bind_other, advertised, advertised_other } {
        /// the IP address where RTP is received, or `["IPv4", "IPv6"]`
        bind: Own = own("the first address of each family of `[sip] listen`", ""),
            start { by |_, media| addresses(Some(media.bind), media.bind_other) };
        /// the IP address that SDP says instead, or one of each family
        advertised: Own = own("`[sip] advertised`", ""),
            reload { by |_, media| addresses(media.advertised, media.advertised_other) };
        /// RTP ports, `[first, last]`. A call takes two pairs, and who waits takes one; as many pairs as there are agents,
        /// but no more than a fifth and at least one, are kept for the phones that turno rings
        ports: Pair = Pair {
            default: (20_000, 29_999),
            range: whole_range(1024..=65_535, "(a port)"),
            // Two legs with RTP and RTCP each.
            least: 4,
        }, start { told ports };
        /// how long a peer that should send may be silent before its call is ended
        inactivity: OptionalSpan = span(minutes(1), secs(5)..=hours(1)).or("none"), reload { told inactivity };
        /// in the order of preference: `PCMA`, `PCMU`, `G722`. With `OPUS` telephones are offered it too, beside one of these, as
        /// browsers always are ([BROWSER.md](BROWSER.md#opus)); trunks are not
        codecs: WordList<&'static str> = WordList {
            words: &CODECS,
            default: &["PCMA", "PCMU", "G722"],
            range: "at least one",
        }, reload { told codecs };
        /// the WAV file of the hold music
        music: Own = own("`music/hold.wav`, else `../music/hold.wav`, else the shipped one", ""), reload { told music };
        /// the folder of your prompts: the prompt `es/welcome` is its file `es/welcome.wav`; one that is not there is looked for
        /// among those that come with turno
        prompts: Own = own("`prompts`, else `../prompts`", ""), reload { elsewhere };
    }
}

/// An address, and that of the other family.
pub(crate) fn addresses(one: Option<IpAddr>, other: Option<IpAddr>) -> Option<Said> {
    let words = one.into_iter().chain(other).map(|address| address.to_string());
    Some(words.collect::<Vec<_>>().join(", ")).filter(|words| !words.is_empty()).map(Said)
}
