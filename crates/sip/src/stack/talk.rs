//! A phone is told to answer, or to take its call back from hold, by `NOTIFY` with `Event: talk`: many desk phones know it, and say
//! so in `Allow-Events`.

use turno_ground::Moment;

use crate::message::header::Name;
use crate::message::method::Method;
use crate::stack::Stack;
use crate::stack::client::{ClientOwner, Purpose};
use crate::stack::event::SessionId;
use crate::stack::layer::Layer;
use crate::stack::session::{Phase, Session};
use crate::stack::way;
use crate::stack::write;

impl Stack {
    /// Tells the peer of a call of ours that rings to answer, or of a call on hold to take it back. False if it takes no such
    /// order, as far as is known; then nothing is sent. Whether it obeys shows by what it does.
    pub fn tell_to_talk(&mut self, session: SessionId, now: Moment) -> bool {
        let mut is_told = false;
        self.sessions.with(session, &mut self.layer, |session, layer| {
            is_told = session.tell_to_talk(layer, now);
        });
        is_told
    }
}

impl Session {
    fn tell_to_talk(&mut self, layer: &mut Layer, now: Moment) -> bool {
        if !self.peer.allows_talk {
            return false;
        }
        let dialog = match &self.phase {
            // The last one that rings is the phone itself, if a proxy stands before several.
            Phase::Calling(outgoing) => match outgoing.forks.last() {
                Some(fork) if !fork.tag.is_empty() && !fork.target.is_empty() => self.dialog.with_fork(fork),
                Some(_) | None => return false,
            },
            Phase::Confirmed => self.dialog.clone(),
            Phase::Ringing(_)
            | Phase::Cancelling(..)
            | Phase::Answering(_)
            | Phase::Unconfirmed(_)
            | Phase::Leaving
            | Phase::Over => return false,
        };
        let cseq = self.dialog.sequence.next_local();
        let flow = way::of_request(layer, &dialog, self.flow);
        let (request, branch) = write::within(layer, &dialog, &flow, Method::Notify, cseq);
        let bytes = request
            .header(Name::Contact, &self.contact)
            .header(Name::Event, "talk")
            .header(Name::SubscriptionState, "active")
            .finish();
        let owner = ClientOwner::Session(self.id, Purpose::Talk);
        layer.begin_client(Method::Notify, &branch, bytes, flow, owner, now);
        true
    }

    /// A phone that refuses the order is not told again.
    pub(crate) fn on_talk_response(&mut self, status: u16) {
        if status >= 300 {
            self.peer.allows_talk = false;
        }
    }
}
