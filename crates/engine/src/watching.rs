//! Phones subscribe to agents and queues, and are told what changes (RFC 6665; RFC 4235).

use bytes::Bytes;
use turno_ground::{Flow, Moment};
use turno_model::plan::Entry;
use turno_model::{AgentState as S, Fact};
use turno_sip::{Message, Name, Reply, ServerKey, SubscriptionEnd, SubscriptionEvent, SubscriptionId, Uri};

use crate::directory::Extension;
use crate::engine::Engine;
use crate::lamps::{Lamp, Light, Watched};
use crate::peer::Peer;

/// The event packages that phones may subscribe to.
pub(crate) const PACKAGES: &str = "dialog, refer";

impl Engine {
    /// A phone asks to be told of something.
    pub(crate) fn on_subscribe(&mut self, key: ServerKey, message: &Message, flow: Flow, now: Moment) {
        let seat = match self.identify(message, flow, now) {
            Peer::Agent(_, seat) | Peer::FreeSeat(seat) => seat,
            Peer::Trunk(_) => return self.stack.respond(key, Reply::new(403), now),
            Peer::Stranger(verdict) => {
                let challenge = self.gate.challenge(verdict, flow, now);
                return self.stack.respond_and_forget(key, challenge, now);
            }
        };
        let lamps_max = usize::try_from(self.plan.sip.subscriptions_max).unwrap_or(usize::MAX);
        if lamps_max == 0 || !asks_for_dialogs(message) {
            let mut reply = Reply::new(489);
            reply.headers.push((Name::AllowEvents, PACKAGES.to_owned()));
            return self.stack.respond(key, reply, now);
        }
        let user = Uri::parse(message.request_uri()).ok().and_then(|uri| uri.user).unwrap_or("").to_owned();
        let Some(watched) = self.watched(&user) else {
            return self.stack.respond(key, Reply::new(404), now);
        };
        let phone = (seat, flow.remote);
        if let Some(before) = self.lamps.same(watched, phone) {
            self.lamps.remove(before);
            self.stack.end_subscription(before, SubscriptionEnd::Timeout, now);
        }
        if self.lamps.len() >= lamps_max {
            return self.stack.respond(key, turno_calls::retry_later(), now);
        }
        if let Some(id) = self.stack.accept_subscription(key, now) {
            self.lamps.insert(id, Lamp { watched, user, phone, version: 0, shown: None });
            self.tell_lamp(id, now);
        }
    }

    /// What can be watched under this name: an agent's extension, or a number that leads to a queue.
    fn watched(&self, user: &str) -> Option<Watched> {
        match self.directory.extension(user) {
            Some(Extension::Agent(agent)) => Some(Watched::Agent(agent)),
            Some(Extension::Seat(_)) => None,
            None => match self.plan.numbers.get(self.directory.number(user)?)?.entry {
                Entry::Queue(queue) => Some(Watched::Queue(queue)),
                Entry::Menu(_) => None,
            },
        }
    }

    /// Something happened in the subscription of a phone.
    pub(crate) fn on_subscription(&mut self, id: SubscriptionId, event: SubscriptionEvent, now: Moment) {
        match event {
            SubscriptionEvent::Refreshed => self.tell_lamp(id, now),
            SubscriptionEvent::Ended => self.lamps.remove(id),
        }
    }

    /// Takes note of what a fact changes for those who watch. Costs nothing where nobody does.
    pub(crate) fn lamps_notice(&mut self, fact: &Fact) {
        if self.lamps.is_empty() {
            return;
        }
        if let Fact::AgentChanged { agent, .. } = fact {
            self.lamps.is_stale(Watched::Agent(*agent));
        } else if let Some(queue) = fact.queue() {
            self.lamps.is_stale(Watched::Queue(queue));
        }
    }

    /// Tells the phones what has changed.
    pub(crate) fn light_lamps(&mut self, now: Moment) {
        while let Some((watched, ids)) = self.lamps.pop_stale() {
            let light = self.light(watched);
            for id in ids {
                if self.lamps.get(id).is_some_and(|lamp| lamp.shown != Some(light)) {
                    self.tell_lamp(id, now);
                }
            }
        }
    }

    /// After a new plan: those who watch what is gone are told so, the others what has changed.
    pub(crate) fn check_lamps(&mut self, now: Moment) {
        for id in self.lamps.keys() {
            let Some(lamp) = self.lamps.get(id) else { continue };
            let stands =
                self.plan.sip.subscriptions_max > 0 && self.watched(&lamp.user) == Some(lamp.watched);
            if !stands {
                self.lamps.remove(id);
                self.stack.end_subscription(id, SubscriptionEnd::NoResource, now);
            }
        }
        self.lamps.all_are_stale();
        self.light_lamps(now);
    }

    fn tell_lamp(&mut self, id: SubscriptionId, now: Moment) {
        let Some(lamp) = self.lamps.get(id) else { return };
        let light = self.light(lamp.watched);
        let address = format!("sip:{}@{}", lamp.user, self.plan.sip.domain);
        let body = dialog_info(&address, lamp, light);
        self.lamps.is_told(id, light);
        self.stack.notify(id, "application/dialog-info+xml", Bytes::from(body), now);
    }

    fn light(&self, watched: Watched) -> Light {
        match watched {
            Watched::Agent(agent) => match self.room.state(agent) {
                S::Ringing => Light::Flashes,
                S::Talking | S::Holding | S::OtherCall => Light::On,
                S::LoggedOut | S::Available | S::Acw | S::Aux(_) => Light::Off,
            },
            Watched::Queue(queue) if self.room.waiting(queue) > 0 => Light::Flashes,
            Watched::Queue(_) => Light::Off,
        }
    }
}

/// Whether a SUBSCRIBE is for the event package of RFC 4235.
fn asks_for_dialogs(request: &Message) -> bool {
    let event = request.header(Name::Event).unwrap_or_default();
    event.split(';').next().unwrap_or_default().trim() == "dialog"
}

/// The state of one dialog, whole each time (RFC 4235, 4.1). Address and extension are of the plan: no markup is in them.
fn dialog_info(address: &str, lamp: &Lamp, light: Light) -> String {
    let state = match light {
        Light::Flashes => "early",
        Light::On => "confirmed",
        Light::Off => "terminated",
    };
    format!(
        "<?xml version=\"1.0\"?>\r\n\
         <dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"{}\" state=\"full\" entity=\"{address}\">\r\n\
         <dialog id=\"{}\" direction=\"recipient\"><state>{state}</state></dialog>\r\n\
         </dialog-info>\r\n",
        lamp.version, lamp.user
    )
}
