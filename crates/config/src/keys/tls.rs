//! The keys of [tls], and those that say whose voices are encrypted.

use turno_model::encryption::{SrtpPlan, SrtpWish, TlsPlan, TlsVersion};

use crate::key::keys;
use crate::values::{Span, Whole, hours, minutes, secs, span, whole};
use crate::words::{Choice, Flag, OFF, Own, REQUIRED, Word, own, word};

const VERSIONS: [(&str, TlsVersion); 2] = [("1.2", TlsVersion::Tls12), ("1.3", TlsVersion::Tls13)];

const WISHES: [(&str, SrtpWish); 3] =
    [("required", SrtpWish::Required), ("offered", SrtpWish::Offered), ("never", SrtpWish::Never)];

keys! {
    /// The keys of [tls].
    TLS: TlsKeys of TlsPlan beside {} {
        /// the file with turno's certificate and those that lead to its root, in PEM
        certificate: Own = REQUIRED, start { told certificate };
        /// the file with its private key, in PEM (PKCS#8, SEC1 or PKCS#1), readable by turno alone
        key: Own = REQUIRED, start { told key };
        /// the file with the roots by which trunks' certificates are judged, in PEM: those of trunks that turno calls, and
        /// those that a trunk with `client_certificate` shows
        ca: Own = own("`/etc/ssl/certs/ca-certificates.crt`", ""), start { told ca };
        /// the oldest TLS that is spoken
        oldest: Word<TlsVersion> = word(&VERSIONS, TlsVersion::Tls12), start { told oldest };
        /// how long a handshake may take before the connection is closed
        handshake: Span = span(secs(5), secs(1)..=minutes(1)), start { told handshake };
        /// handshakes under way at one time; one more is closed at once
        handshakes_max: Whole = whole(256, 1..=8192, "handshakes"), start { told handshakes_max };
        /// how often the files are looked at: a changed certificate is taken for new connections, and those that stand go on
        look_interval: Span = span(minutes(1), secs(1)..=hours(1)), start { told look_interval };
    }
}

keys! {
    /// The keys of an agent, a seat range or a trunk that say whether its voices are encrypted. A trunk's need a start, as
    /// all of a trunk.
    SRTP: SrtpKeys of SrtpPlan beside {} {
        /// `"required"`: RTP/SAVP in our offers, and a peer without keys is refused (488 with a Warning); over UDP and TCP a
        /// seat can't even register (403 with a Warning). `"offered"`: over TLS our offers are RTP/AVP with `a=crypto`,
        /// which phones without SRTP ignore and others take; one that answers 488, 415 or 606 is rung again at once with
        /// RTP/SAVP, and the next time begins with it; RTP/SAVP and RTP/AVP with `a=crypto` are answered in kind, plain RTP
        /// plainly; over UDP and TCP it is plain. `"never"`: plain RTP; RTP/SAVP is refused, `a=crypto` beside RTP/AVP is
        /// ignored
        srtp: Choice<SrtpWish> = Choice { words: &WISHES, shown: "offered over TLS, never elsewhere" },
            reload { told wish };
        /// `true`: keys may travel over UDP and TCP too, where nobody listens on the way
        srtp_without_tls: Flag = OFF, reload { told without_tls };
    }
}
