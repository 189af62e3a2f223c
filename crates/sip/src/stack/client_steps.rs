//! Our requests under way: their machines carried out (RFC 3261, 17.1).

use bytes::Bytes;
use smallvec::SmallVec;
use turno_ground::{Flow, Moment};

use crate::message::method::Method;
use crate::message::received::Message;
use crate::stack::client::{Client, ClientEvent, ClientMachine, ClientOwner, Purpose, Told, Tries};
use crate::stack::event::ClientKey;
use crate::stack::layer::Layer;
use crate::stack::occupancy::Occupant;
use crate::stack::way;
use crate::stack::write;
use crate::transaction::invite_client::InviteClient;
use crate::transaction::plain_client::PlainClient;
use crate::transaction::{Action, Actions, Timer};

impl Layer {
    /// Sends a request and waits for its responses.
    pub(crate) fn begin_client(
        &mut self,
        method: Method,
        branch: &str,
        request: Bytes,
        flow: Flow,
        owner: ClientOwner,
        now: Moment,
    ) -> ClientKey {
        let number = ClientKey(self.next_number());
        let key = self.keys.client(branch, method.name());
        let reliable = flow.transport.is_reliable();
        let (machine, actions) = if method == Method::Invite {
            let (state, actions) = InviteClient::begin(reliable);
            (ClientMachine::Invite(state), actions)
        } else {
            let (state, actions) = PlainClient::begin(reliable);
            (ClientMachine::Plain(state), actions)
        };
        self.counters.requests_out[method as usize] += 1;
        let client = Client {
            machine,
            key,
            flow,
            left: None,
            request,
            span: self.clock.t1(),
            owner,
            acks: SmallVec::new(),
            tries: Tries::default(),
        };
        self.clients.insert(number, client);
        self.occupancy.occupy(flow, Occupant::Client(number));
        self.carry_out(number, actions, None, now);
        if self.occupancy.is_lost(&flow) {
            self.cut_off(number, flow, None, now);
        }
        number
    }

    /// Lets something happen to one of our requests.
    pub(crate) fn step_client(
        &mut self,
        key: ClientKey,
        event: ClientEvent,
        response: Option<&Message>,
        now: Moment,
    ) -> Told {
        let Some(client) = self.clients.get_mut(key) else { return Told::Nothing };
        let (next, actions) = client.machine.after(event, client.flow.transport.is_reliable());
        // RFC 3261, 17.1.2.2: once somebody works on it, Timer E waits T2.
        if next == ClientMachine::Plain(PlainClient::Proceeding) {
            client.span = self.clock.t2();
        }
        client.machine = next;
        self.carry_out(key, actions, response, now)
    }

    fn carry_out(
        &mut self,
        key: ClientKey,
        actions: Actions,
        response: Option<&Message>,
        now: Moment,
    ) -> Told {
        let mut told = Told::Nothing;
        for action in actions {
            match *action {
                Action::Send => self.send_client(key, false),
                Action::SendAgain => self.send_client(key, true),
                Action::Ack => self.acknowledge_refusal(key, response),
                Action::Deliver => told = Told::Response,
                Action::Start(timer) => {
                    self.clients.set(key, timer, self.clock.due(timer, now));
                }
                Action::Longer(timer) => {
                    if let Some(client) = self.clients.get_mut(key) {
                        client.span = self.clock.longer(timer, client.span);
                        let at = now + client.span;
                        self.clients.set(key, timer, at);
                    }
                }
                Action::Stop(timer) => self.clients.cancel(key, timer),
                Action::TellTimeout => {
                    self.counters.timeouts += 1;
                    told = Told::Timeout;
                }
                Action::TellFailure => told = Told::Failure,
                Action::End => self.end_client(key),
            }
        }
        told
    }

    fn send_client(&mut self, key: ClientKey, again: bool) {
        let Some(client) = self.clients.get(key) else { return };
        let (flow, bytes) = (client.flow, client.request.clone());
        if again {
            self.transmit_again(flow, bytes);
        } else {
            self.transmit(flow, bytes);
        }
    }

    /// Sends a request once more, beside what its timers do.
    pub(crate) fn send_once_more(&mut self, key: ClientKey) {
        self.send_client(key, true);
    }

    fn acknowledge_refusal(&mut self, key: ClientKey, response: Option<&Message>) {
        let (Some(client), Some(response)) = (self.clients.get(key), response) else { return };
        let request = Message::scan(&client.request).expect("what we wrote can be read");
        let flow = client.flow;
        let ack = write::ack_of_refusal(&request, response);
        self.counters.requests_out[Method::Ack as usize] += 1;
        self.transmit(flow, ack);
    }

    /// Forgets one of our requests.
    pub(crate) fn end_client(&mut self, key: ClientKey) {
        let Some(client) = self.clients.remove(key) else { return };
        for flow in client.left.into_iter().chain([client.flow]) {
            self.occupancy.vacate(flow, Occupant::Client(key));
        }
    }

    /// Nobody wants to know any more what becomes of a request of ours. An INVITE stays until it is answered, or for
    /// 64 * T1, since its answer must have its ACK (RFC 3261, 17.1.1.3); the BYE tells the peer enough of all else.
    pub(crate) fn let_go(&mut self, key: ClientKey, now: Moment) {
        match self.clients.get(key).map(|client| client.machine) {
            Some(ClientMachine::Invite(_)) | None => self.waits_no_longer(key, now),
            Some(ClientMachine::Plain(_)) => self.end_client(key),
        }
    }

    /// An INVITE that nobody wants has a provisional response: the final one is not waited for without end.
    pub(crate) fn waits_no_longer(&mut self, key: ClientKey, now: Moment) {
        let machine = self.clients.get(key).map(|client| client.machine);
        if machine == Some(ClientMachine::Invite(InviteClient::Proceeding)) {
            self.clients.set(key, Timer::B, now + self.clock.given_up());
        }
    }

    /// Whether a copy of our request would leave in the moment in which it is given up: a phone that received it for
    /// the first time, and rang, would never be told to stop. A BYE is never too late: it only ends what is over.
    pub(crate) fn is_too_late(&self, key: ClientKey, timer: Timer, now: Moment) -> bool {
        let giving_up = match timer {
            Timer::A => Timer::B,
            Timer::E => Timer::F,
            Timer::B | Timer::D | Timer::F | Timer::G | Timer::H | Timer::I | Timer::J => return false,
            Timer::K | Timer::L | Timer::M | Timer::Unanswered => return false,
        };
        !self.is_bye(key) && self.clients.due_at(key, giving_up).is_some_and(|at| at <= now)
    }

    /// Whether a request is given up by now, which its timer will say, and need not leave: while we were away its time has
    /// passed. A BYE that was never sent leaves once all the same.
    pub(crate) fn is_overdue(&self, key: ClientKey, now: Moment) -> bool {
        let is_over = |timer| self.clients.due_at(key, timer).is_some_and(|at| at <= now);
        !self.is_bye(key) && [Timer::B, Timer::F].into_iter().any(is_over)
    }

    fn is_bye(&self, key: ClientKey) -> bool {
        let owner = self.clients.get(key).map(|client| client.owner);
        matches!(owner, Some(ClientOwner::Session(_, Purpose::Bye)))
    }

    /// Timer B means nothing to an INVITE that has a provisional response, unless nobody wants it any more.
    pub(crate) fn give_up_what_was_let_go(&mut self, key: ClientKey, timer: Timer) {
        let machine = self.clients.get(key).map(|client| client.machine);
        if timer == Timer::B && machine == Some(ClientMachine::Invite(InviteClient::Proceeding)) {
            self.end_client(key);
        }
    }

    /// A request of ours has lost its stream: it goes by `other`, or by a stream to be opened where that may be done, or
    /// waits for its peer. Its own timer still bounds all of this.
    pub(crate) fn cut_off(&mut self, key: ClientKey, flow: Flow, other: Option<Flow>, now: Moment) {
        let Some(client) = self.clients.get(key) else { return };
        let (machine, span) = (client.machine, client.span);
        if !client.is_unanswered() || client.flow != flow || self.is_overdue(key, now) {
            return;
        }
        let again = match machine {
            ClientMachine::Invite(_) => Timer::A,
            ClientMachine::Plain(_) => Timer::E,
        };
        let request = Message::scan(&client.request).expect("what we wrote can be read");
        let other = other.filter(|other| *other != flow && other.transport == flow.transport);
        let Some(anew) = other.or_else(|| way::of_request_anew(self, &request, flow)) else { return };
        self.rebind(key, anew);
        if flow.local.port() == 0 && anew == flow {
            // Nobody was there, or not for long: not at once again.
            if self.clients.due_at(key, again).is_none() {
                self.clients.set(key, again, now + span);
            }
        } else {
            self.send_once_more(key);
        }
    }

    /// Has a request of ours live on `flow` from now on. The stream that it has lost still leads to it.
    fn rebind(&mut self, key: ClientKey, flow: Flow) {
        let Some(client) = self.clients.get_mut(key) else { return };
        let before = core::mem::replace(&mut client.flow, flow);
        if before == flow {
            return;
        }
        let is_asked_for = before.local.port() == 0;
        let left = if is_asked_for { None } else { client.left.replace(before) };
        for gone in left.into_iter().chain(is_asked_for.then_some(before)) {
            self.occupancy.vacate(gone, Occupant::Client(key));
        }
        self.occupancy.occupy(flow, Occupant::Client(key));
    }
}
