//! What the stack's owner says of peers that it knows to be elsewhere.

use turno_ground::Flow;

use crate::stack::Stack;
use crate::stack::event::SessionId;
use crate::stack::occupancy::Occupant;
use crate::stack::session::Session;

impl Stack {
    /// The sessions whose peer was last heard on this stream.
    pub fn sessions_on(&self, flow: Flow) -> Vec<SessionId> {
        let is_there = |id: &SessionId| self.sessions.get(*id).is_some_and(|session| session.flow == flow);
        let sessions = self.layer.occupancy.occupants_of(flow).into_iter().filter_map(|who| match who {
            Occupant::Session(id) => Some(id).filter(is_there),
            Occupant::Client(_) => None,
        });
        sessions.collect()
    }

    /// Whether this is a stream that is gone, and behind which somebody waits.
    pub fn is_lost(&self, flow: Flow) -> bool {
        self.layer.occupancy.is_lost(&flow)
    }

    /// The peer of one session has left a stream for another, as the stack's owner has made sure.
    pub fn goes_on_by(&mut self, session: SessionId, before: Flow, flow: Flow) {
        self.sessions.with(session, &mut self.layer, |session, layer| session.moves(layer, before, flow));
    }

    /// Peers who sent their datagrams from `before`, and of whose name-addr `is_theirs` is true, are at `flow`, as the
    /// stack's owner has made sure: their calls go on there. Looks at every call, so this is for what happens seldom.
    pub fn peer_has_moved(&mut self, before: Flow, flow: Flow, is_theirs: impl Fn(&str) -> bool) {
        if before == flow || before.transport != flow.transport || flow.transport.is_reliable() {
            return;
        }
        for id in self.sessions.ids() {
            let is_moved = |session: &Session| session.flow == before && is_theirs(&session.dialog.remote);
            if self.sessions.get(id).is_some_and(is_moved) {
                self.sessions.with(id, &mut self.layer, |session, layer| session.heard_on(layer, flow));
            }
        }
    }
}
