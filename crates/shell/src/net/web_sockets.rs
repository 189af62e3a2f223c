//! SIP over WebSocket (RFC 7118): connections that the HTTP API has upgraded, as streams beside those of TCP and TLS.

use std::sync::Arc;

use tokio::sync::mpsc::{Receiver, channel};
use turno_api::{PhoneEnd, PhoneLine, Said};
use turno_ground::Flow;
use turno_model::AgentId;

use crate::engine_thread::inbox::EngineMessage;
use crate::metrics::streams::Direction;
use crate::net::connection::End;
use crate::net::streams::{Shared, Streams, writer};

/// Messages of one phone that may wait for the engine: beyond that its own window slows it.
const SAID_MAX: usize = 4;

impl Streams {
    /// Takes a WebSocket on whose person has signed in as this agent; `None` if there is no room.
    ///
    /// Agents are not counted by their address: behind a reverse proxy all of them have one.
    pub(crate) fn take_web_socket(&self, flow: Flow, agent: Option<AgentId>) -> Option<PhoneLine> {
        let shared = Arc::clone(&self.shared);
        let counted = Some(flow.remote.ip()).filter(|_| agent.is_none());
        if !shared.admit(counted) {
            return None;
        }
        let (writer, told) = writer();
        let (says, said) = channel(SAID_MAX);
        let cut = Arc::clone(&writer.cut);
        shared.writers.insert(flow, writer);
        self.runtime.spawn(async move {
            shared.meters.live(Direction::In, 1);
            let end = hear(&shared, flow, agent, said).await;
            shared.meters.live(Direction::In, -1);
            shared.meters.closed(end);
            shared.closed(flow).await;
            shared.places.leave(counted);
        });
        Some(PhoneLine { says, told, cut })
    }
}

/// Passes on to the engine what a phone says, until its connection is over.
async fn hear(shared: &Shared, flow: Flow, agent: Option<AgentId>, mut said: Receiver<Said>) -> End {
    if let Some(agent) = agent
        && !shared.inbox.send(EngineMessage::SignedIn(flow, agent)).await
    {
        return End::Ours;
    }
    while let Some(said) = said.recv().await {
        let message = match said {
            Said::Message(bytes) => EngineMessage::Message(flow, bytes),
            Said::SignedOut => EngineMessage::SignedOut(flow),
            Said::Over(end) => {
                return match end {
                    PhoneEnd::Phone => End::Peer,
                    PhoneEnd::Ours => End::Ours,
                    PhoneEnd::Idle => End::Idle,
                    PhoneEnd::Malformed => End::Malformed,
                    PhoneEnd::Slow => End::Slow,
                };
            }
        };
        if !shared.inbox.send(message).await {
            return End::Ours;
        }
    }
    End::Peer
}
