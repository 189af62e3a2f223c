//! Refusals that leave no memory behind (RFC 3261, 8.2.7).

use bytes::Bytes;
use turno_ground::{Flow, Moment};

use crate::message::check::Refusal;
use crate::message::header::Name;
use crate::message::malformed::Malformed;
use crate::message::method::Method;
use crate::message::outline::Outline;
use crate::message::received::Message;
use crate::message::via::Via;
use crate::message::write::Response;
use crate::stack::Stack;
use crate::stack::counters::Counters;
use crate::stack::shedding::{retry_after, turned_away_tag};
use crate::stack::way;
use crate::transaction::key::Key;

impl Stack {
    /// A message that can't be read: refused if it says to whom, else passed over (RFC 3261, 18.3).
    pub(crate) fn on_malformed(&mut self, bytes: &Bytes, flow: Flow, fault: Malformed) {
        if fault == Malformed::KeepAlive {
            self.layer.counters.keep_alives += 1;
            return;
        }
        self.layer.counters.malformed += 1;
        if fault.status().is_some()
            && let Some(request) = Message::salvage(bytes)
        {
            let refusal = Refusal::from(fault);
            self.layer.reply_statelessly(&request, flow, refusal.status, refusal.reason, &refusal.headers);
        }
    }

    /// 503 to a new call of which no more is read than what the response repeats: in a storm most of the work is this.
    /// False if it must be read: a copy of an INVITE that is under way, or an unusual one.
    pub fn turn_away(&mut self, bytes: &[u8], flow: Flow, now: Moment) -> bool {
        let Some(outline) = Outline::of_invite(bytes) else { return false };
        let Ok(via) = Via::parse(outline.vias[0]) else { return false };
        let Some(key) = self.layer.keys.by_branch(&via, Method::Invite.name()) else { return false };
        if self.layer.servers.of_key(key).is_some() {
            return false;
        }
        self.turned_away.note(key, now);
        let counters = &mut self.layer.counters;
        counters.requests_in[Method::Invite as usize] += 1;
        counters.shed_calls += 1;
        Counters::count_response(&mut counters.responses_out, 503);
        let refusal = Response::to_outline(&outline, via, 503, &turned_away_tag(key), flow.remote)
            .header(Name::RetryAfter, retry_after(key, self.layer.settings.retry_after))
            .finish();
        let flow = way::of_response(&via, flow, self.layer.settings.force_rport);
        self.layer.transmit(flow, refusal);
        true
    }

    /// 503 without a memory of it.
    pub(crate) fn refuse_for_load(&mut self, request: &Message, key: Key, flow: Flow) {
        let seconds = retry_after(key, self.layer.settings.retry_after);
        let wait = [(Name::RetryAfter, seconds.to_string())];
        self.layer.reply_statelessly(request, flow, 503, "", &wait);
    }
}
