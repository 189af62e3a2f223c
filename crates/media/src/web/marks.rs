//! How far a browser's stream may go, and where it goes on: what the journal has of it.

use turno_ground::Moment;
use turno_media_plan::{MediaEvent, WebState};

use crate::exchange::Wire;
use crate::srtp::Srtp;
use crate::stream::Stream;

/// Takes what the journal has: the same source goes on, behind what may have been sent.
pub(crate) fn continue_from(stream: &mut Stream, kept: &WebState, now: Moment) {
    let sent = (kept.packets, kept.reports);
    let mut srtp = Srtp::new(&kept.keys);
    srtp.continue_from(kept.ssrc, sent, kept.heard);
    srtp.limit(sent);
    stream.srtp = Some(Box::new(srtp));
    stream.sender.continue_from(kept.ssrc, kept.packets as u16, (kept.timestamp, kept.stamped_at));
    if let Some(web) = &mut stream.web {
        web.keys = Some((kept.fingerprint.clone(), kept.keys));
        web.continue_from(kept.remote, sent, now);
    }
}

/// Tells the engine what the journal must have, if it lacks something: always, or only if the numbers run out.
pub(crate) fn tell(stream: &mut Stream, always: bool, now: Moment, wire: &mut impl Wire) {
    let Stream { web: Some(web), srtp: Some(srtp), sender, id, .. } = stream else { return };
    let (mut packets, reports) = srtp.next();
    if packets == 0 {
        // Nothing was sent under these keys: the first index is the first sequence number.
        packets = sender.next_sequence().into();
    }
    let wanted = web.wants((packets, reports));
    let (Some((fingerprint, keys)), Some(remote)) = (&web.keys, web.remote()) else { return };
    if wanted.is_none() && !always {
        return;
    }
    let (packets, reports) = wanted.unwrap_or(web.asked());
    let (timestamp, stamped_at) = sender.stamp_at(now);
    let state = WebState {
        fingerprint: fingerprint.clone(),
        keys: *keys,
        remote,
        ssrc: sender.ssrc(),
        packets,
        reports,
        heard: srtp.heard(),
        timestamp,
        stamped_at,
    };
    wire.event(MediaEvent::Secured { stream: *id, state: Box::new(state) });
}
