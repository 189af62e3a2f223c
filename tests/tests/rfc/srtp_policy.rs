//! The SRTP policy: who is refused and with which reason, the answers to an encrypted trunk, and no key is printed.

use turno_media_plan::{MediaCommand, Suite};
use turno_model::encryption::{SrtpPlan, SrtpWish};
use turno_model::{ContactOutcome, Plan};
use turno_tests::stage::Stage;

use crate::raw::{Raw, ask, last_status, offer, to_tag};

/// The example key of RFC 4568.
const KEY: &str = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";

fn wish(wish: SrtpWish, without_tls: bool) -> impl FnOnce(&mut Plan) {
    move |plan| {
        for trunk in &mut plan.trunks {
            trunk.srtp = SrtpPlan { wish, without_tls };
        }
    }
}

fn encrypted(proto: &str) -> String {
    offer("127.20.99.1", 1)
        .replace("RTP/AVP", proto)
        .replace("a=rtpmap", &format!("a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^20\r\na=rtpmap"))
}

#[test]
fn a_caller_without_encryption_is_told_that_it_is_required() {
    // RFC 3261, 21.4.26 and 20.43: 488 with a Warning that says what to do.
    let mut stage = Stage::with(wish(SrtpWish::Required, true));
    let body = offer("127.20.99.1", 1);
    let letters = ask(&mut stage, &Raw { method: "INVITE", body: &body, ..Raw::default() });
    let refusal = letters.last().expect("an answer");
    assert_eq!(last_status(&letters), Some(488), "{refusal}");
    assert!(
        refusal.contains("Warning: 399 turno \"SRTP is required here: RTP/SAVP with a=crypto\"\r\n"),
        "{refusal}"
    );
    stage.finish();
}

#[test]
fn keys_that_anybody_on_the_way_could_read_are_not_answered() {
    // RFC 4568, 8.3: over UDP no SRTP is agreed, unless the plan allows keys that others could read.
    let mut stage = Stage::with(wish(SrtpWish::Required, false));
    let body = encrypted("RTP/SAVP");
    let letters = ask(&mut stage, &Raw { method: "INVITE", body: &body, ..Raw::default() });
    assert_eq!(last_status(&letters), Some(488));
    assert!(
        letters.last().is_some_and(|refusal| refusal.contains("may only travel over TLS")),
        "{letters:?}"
    );
    stage.finish();
}

#[test]
fn an_encrypted_trunk_is_answered_in_kind_and_no_log_shows_a_key() {
    // RFC 4568, 5.1.2 and 9.1: the answer repeats tag and suite, with turno's own key.
    let mut stage = Stage::with(wish(SrtpWish::Offered, true));
    let body = encrypted("RTP/SAVP");
    let letters = ask(&mut stage, &Raw { method: "INVITE", body: &body, ..Raw::default() });
    let answer = letters.last().expect("an answer");
    assert_eq!(last_status(&letters), Some(200), "{answer}");
    assert!(answer.contains(" RTP/SAVP 8") || answer.contains(" RTP/SAVP 0"), "{answer}");
    let (_, ours) = answer.split_once("a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:").expect("our key");
    let (ours, _) = ours.split_once("\r\n").expect("a whole line");
    assert!(ours.len() == 40 && ours != KEY);
    let agreed = stage.media_history().iter().find_map(|(_, command)| {
        let MediaCommand::Agree { srtp, .. } = command else { return None };
        srtp.as_deref().copied()
    });
    let agreed = agreed.expect("the media plane knows the keys");
    assert_eq!(agreed.theirs.suite(), Suite::AesCm128HmacSha1_80);
    assert_eq!(agreed.theirs.key()[..4], [0x3d, 0x2d, 0x6e, 0x40]);
    let shown = format!("{:?}", stage.media_history());
    assert!(!shown.contains("61, 45, 110, 64"), "nor does what we print of a command");
    let tag = to_tag(answer);
    ask(&mut stage, &Raw { method: "ACK", branch: "ack", to_tag: &tag, ..Raw::default() });
    let bye = Raw { method: "BYE", branch: "bye", to_tag: &tag, cseq: 2, ..Raw::default() };
    assert_eq!(last_status(&ask(&mut stage, &bye)), Some(200));
    stage.finish();
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 1);
}
