//! Phones subscribe to agents, queues and messages, and are told what changes (RFC 6665; RFC 4235; RFC 3842).

use bytes::Bytes;
use turno_ground::{Flow, Moment};
use turno_model::plan::Entry;
use turno_model::{AgentId, AgentState as S, Fact, QueueId};
use turno_sip::{Message, Name, Reply, ServerKey, SubscriptionEnd, SubscriptionEvent, SubscriptionId, Uri};

use crate::directory::Extension;
use crate::engine::Engine;
use crate::lamps::{Lamp, Light, Watched};
use crate::messages::MessageStage;
use crate::peer::Peer;

/// The event packages that phones may subscribe to.
pub(crate) const PACKAGES: &str = "dialog, message-summary, refer";

/// An event package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Package {
    /// The lamps of RFC 4235.
    Dialog,
    /// Message waiting of RFC 3842.
    MessageSummary,
}

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
        let package = package_of(message).filter(|it| lamps_max > 0 && self.serves(*it));
        let Some(package) = package else {
            let mut reply = Reply::new(489);
            reply.headers.push((Name::AllowEvents, PACKAGES.to_owned()));
            return self.stack.respond(key, reply, now);
        };
        let user = Uri::parse(message.request_uri()).ok().and_then(|uri| uri.user).unwrap_or("").to_owned();
        let Some(watched) = self.watched(&user, package) else {
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

    /// Whether phones may subscribe to this: without voicemail nobody has messages.
    fn serves(&self, package: Package) -> bool {
        package == Package::Dialog || self.plan.queues.iter().any(|queue| queue.voicemail.is_some())
    }

    /// What can be watched under this name: an agent's extension, or a number that leads to a queue.
    fn watched(&self, user: &str, package: Package) -> Option<Watched> {
        let watched = match self.directory.extension(user) {
            Some(Extension::Agent(agent)) => Watched::Agent(agent),
            Some(Extension::Seat(_)) => return None,
            None => match self.plan.numbers.get(self.directory.number(user)?)?.entry {
                Entry::Queue(queue) => Watched::Queue(queue),
                Entry::Agent(agent, _) => Watched::Agent(agent),
                Entry::Menu(_) => return None,
            },
        };
        Some(match (package, watched) {
            (Package::MessageSummary, Watched::Agent(agent)) => Watched::MessagesOf(agent),
            (Package::MessageSummary, Watched::Queue(queue)) => Watched::Messages(queue),
            (Package::Dialog | Package::MessageSummary, watched) => watched,
        })
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
            // What the messages of a queue are does not change with its callers.
            if fact.contact().is_some_and(|contact| self.messages.get(contact).is_some()) {
                self.lamps.messages_are_stale();
            }
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
            let package = match lamp.watched {
                Watched::Agent(_) | Watched::Queue(_) => Package::Dialog,
                Watched::Messages(_) | Watched::MessagesOf(_) => Package::MessageSummary,
            };
            let stands = self.plan.sip.subscriptions_max > 0
                && self.serves(package)
                && self.watched(&lamp.user, package) == Some(lamp.watched);
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
        let (kind, body) = match light {
            Light::Messages { waiting, heard } => {
                ("application/simple-message-summary", message_summary(&address, waiting, heard))
            }
            Light::Off | Light::Flashes | Light::On => {
                ("application/dialog-info+xml", dialog_info(&address, lamp, light))
            }
        };
        self.lamps.is_told(id, light);
        self.stack.notify(id, kind, Bytes::from(body), now);
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
            Watched::Messages(queue) => self.messages_in(|it| it == queue),
            Watched::MessagesOf(agent) => self.messages_in(|queue| self.serves_queue(agent, queue)),
        }
    }

    /// The messages of these queues.
    fn messages_in(&self, is_meant: impl Fn(QueueId) -> bool) -> Light {
        let (mut waiting, mut heard) = (0, 0);
        for contact in self.messages.keys() {
            let Some(message) = self.messages.get(contact).filter(|message| is_meant(message.queue)) else {
                continue;
            };
            match message.stage {
                MessageStage::Waits | MessageStage::Rings(_) => waiting += 1,
                MessageStage::Introduced(_) | MessageStage::Loads(_) => heard += 1,
                MessageStage::Plays(_) | MessageStage::Heard(_) => heard += 1,
            }
        }
        Light::Messages { waiting, heard }
    }

    /// Whether an agent has the skill of a queue.
    fn serves_queue(&self, agent: AgentId, queue: QueueId) -> bool {
        let plans = self.plan.agents.get(agent.index()).zip(self.plan.queues.get(queue.index()));
        plans.is_some_and(|(agent, queue)| agent.skills.iter().any(|(skill, _)| *skill == queue.skill))
    }
}

/// The event package of a SUBSCRIBE, if we have it.
fn package_of(request: &Message) -> Option<Package> {
    let event = request.header(Name::Event).unwrap_or_default();
    match event.split(';').next().unwrap_or_default().trim() {
        "dialog" => Some(Package::Dialog),
        "message-summary" => Some(Package::MessageSummary),
        _ => None,
    }
}

/// How many messages wait, and how many are heard now (RFC 3842, 5.2).
fn message_summary(address: &str, waiting: u32, heard: u32) -> String {
    let waits = if waiting > 0 { "yes" } else { "no" };
    format!(
        "Messages-Waiting: {waits}\r\nMessage-Account: {address}\r\nVoice-Message: {waiting}/{heard} (0/0)\r\n"
    )
}

/// The state of one dialog, whole each time (RFC 4235, 4.1). Address and extension are of the plan: no markup is in them.
fn dialog_info(address: &str, lamp: &Lamp, light: Light) -> String {
    let state = match light {
        Light::Flashes => "early",
        Light::On => "confirmed",
        Light::Off | Light::Messages { .. } => "terminated",
    };
    format!(
        "<?xml version=\"1.0\"?>\r\n\
         <dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"{}\" state=\"full\" entity=\"{address}\">\r\n\
         <dialog id=\"{}\" direction=\"recipient\"><state>{state}</state></dialog>\r\n\
         </dialog-info>\r\n",
        lamp.version, lamp.user
    )
}
