//! Requests under way whose stream closes, or whose peer is heard by another.

use turno_ground::Flow;

use crate::stack::client::{ClientOwner, Purpose};
use crate::stack::event::{ClientKey, ServerKey, SessionId};
use crate::stack::layer::Layer;
use crate::stack::occupancy::Occupant;
use crate::stack::server::ServerOwner;
use crate::transaction::Timer;

impl Layer {
    /// Whether a request outside calls, whose stream we asked for, may have met one that its peer was just closing: once it
    /// goes by another.
    pub(crate) fn may_go_again(&mut self, key: ClientKey) -> bool {
        let Some(client) = self.clients.get_mut(key) else { return false };
        let may = client.owner == ClientOwner::Application
            && client.flow.local.port() == 0
            && client.is_unanswered()
            && client.tries.count == 0;
        client.tries.count += u8::from(may);
        may
    }

    /// Whether a request of ours has failed when its stream has: one outside calls, since its owner repeats it; and
    /// the INVITE of a call that found nobody to connect to, since another way to call may be tried.
    pub(crate) fn ends_with_its_stream(&self, key: ClientKey) -> bool {
        let Some(client) = self.clients.get(key) else { return false };
        match client.owner {
            ClientOwner::Application => true,
            ClientOwner::Session(_, Purpose::Invite) => {
                client.flow.local.port() == 0 && client.left.is_none() && client.is_unheard()
            }
            ClientOwner::Session(..) | ClientOwner::Subscription(_) | ClientOwner::Nobody => false,
        }
    }

    /// A peer's request has come once more, by another stream than before: it is answered there. Over a stream nobody repeats
    /// what may have arrived, so the one before is gone for the peer, and we may hear of that late or never. Gives the
    /// session that the request belongs to, if it does, and the stream before.
    pub(crate) fn asked_again_by(&mut self, key: ServerKey, flow: Flow) -> Option<(SessionId, Flow)> {
        let way_back = self.servers.get(key)?.way_back;
        let is_beside = way_back.transport == flow.transport && way_back.remote.ip() == flow.remote.ip();
        let is_peers = is_beside && !flow.transport.is_web();
        if !is_peers || way_back == flow || !flow.transport.is_reliable() {
            return None;
        }
        let server = self.servers.get_mut(key)?;
        server.way_back = flow;
        match server.owner {
            ServerOwner::Session(id) => Some((id, way_back)),
            ServerOwner::Application | ServerOwner::Stack => None,
        }
    }

    /// The peer is on `flow` now: a request of ours lives there, and goes there again if it may never have arrived. A browser
    /// forgets a call that rings when its connection closes or its page is loaded again: it rings again.
    pub(crate) fn bring_over(&mut self, key: ClientKey, flow: Flow) {
        let is_unanswered = self.clients.get(key).is_some_and(|client| {
            client.is_unanswered() || flow.transport.is_web() && client.flow != flow && client.rings()
        });
        self.move_client(key, flow);
        if is_unanswered {
            self.send_once_more(key);
        }
    }

    /// A request of ours lives on the stream `flow`, on which its peer is heard.
    pub(crate) fn move_client(&mut self, key: ClientKey, flow: Flow) {
        let Some(client) = self.clients.get_mut(key) else { return };
        if client.flow.transport != flow.transport || !flow.transport.is_reliable() {
            return;
        }
        let (before, left) = (core::mem::replace(&mut client.flow, flow), client.left.take());
        for gone in [Some(before), left].into_iter().flatten().filter(|gone| *gone != flow) {
            self.occupancy.vacate(gone, Occupant::Client(key));
        }
        if before != flow {
            self.occupancy.occupy(flow, Occupant::Client(key));
        }
        for again in [Timer::A, Timer::E] {
            self.clients.cancel(key, again);
        }
    }
}
