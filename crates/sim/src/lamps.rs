//! Lamps of phones: they subscribe to agents, queues and messages, and note what they are told (RFC 6665).

use core::time::Duration;

use bytes::Bytes;
use turno_ground::Rng;
use turno_model::plan::{Entry, bare_number};

use crate::action::Action;
use crate::draws::SPAN_MICROS;
use crate::lamp::{Lamp, Shown, Watched};
use crate::network::Packet;
use crate::person::Presence;
use crate::reply;
use crate::scheduled_action::ScheduledAction;
use crate::ways::Way;
use crate::world::World;

/// How often a phone begins to watch something at most, after the first time.
const WATCHED_MAX: u64 = 10;

/// How long a subscription lasts, by the phone's wish.
const EXPIRES: Duration = Duration::from_secs(600);

/// When a phone that hears nothing sends SUBSCRIBE again, and how often.
const ASKS_AGAIN: Duration = Duration::from_secs(2);
const ASKED_MAX: u8 = 4;

/// In one scenario of three phones have lamps. They have an Rng of their own, so that the rest of a seed stays the same.
pub(crate) fn watches(seed: u64, agents: usize) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x6c61_6d70);
    if agents == 0 || rng.below(3) > 0 {
        return Vec::new();
    }
    (0..=rng.below(WATCHED_MAX))
        .map(|_| {
            let at = Duration::from_micros(rng.below(SPAN_MICROS));
            let agent = usize::try_from(rng.below(agents as u64)).unwrap_or(0);
            (at, Action::Watches(agent, rng.number()))
        })
        .collect()
}

impl World {
    /// The phone of an agent subscribes to what this number draws.
    pub(crate) fn watches(&mut self, agent: usize, luck: u64) {
        let place = self.staff.place_of(agent);
        let person = &self.persons[place];
        let is_there = person.presence == Presence::There && person.is_registered && person.hears();
        if !is_there || person.way != Way::Datagrams || self.is_closing {
            return;
        }
        let Some((user, watched)) = self.drawn_watched(luck) else { return };
        let package = match watched {
            Watched::Agent(_) | Watched::Queue(_) => "dialog",
            Watched::Messages(_) | Watched::MessagesOf(_) => "message-summary",
        };
        let from = person.local();
        // A phone that asks for the same again takes the place of its lamp.
        self.lamps.all.retain(|_, lamp| (lamp.watched, lamp.from) != (watched, from));
        self.lamps.made += 1;
        let number = self.lamps.made;
        let lamp = Lamp {
            place,
            from,
            watched,
            user,
            package,
            stands: false,
            asked: 0,
            last: (0, None),
            shown: None,
            until: self.now + EXPIRES,
            wrong_since: None,
        };
        self.lamps.all.insert(number, lamp);
        self.subscribes(number);
    }

    fn drawn_watched(&self, luck: u64) -> Option<(String, Watched)> {
        let of_messages = luck.is_multiple_of(3);
        let place = usize::try_from((luck >> 8) % 64).unwrap_or(0);
        if (luck >> 4).is_multiple_of(3) {
            let number = self.plan.numbers.get(place % self.plan.numbers.len().max(1))?;
            let Entry::Queue(queue) = number.entry else { return None };
            let watched = if of_messages { Watched::Messages(queue) } else { Watched::Queue(queue) };
            return Some((bare_number(&number.number), watched));
        }
        let agent = self.owner_of(self.staff.place_of(place))?;
        let plan = self.plan.agents.get(agent.index()).filter(|agent| !agent.is_retired)?;
        let watched = if of_messages { Watched::MessagesOf(agent) } else { Watched::Agent(agent) };
        Some((plan.extension.clone(), watched))
    }

    /// Sends SUBSCRIBE, and again if nothing comes back.
    pub(crate) fn subscribes(&mut self, number: u32) {
        let Some(lamp) = self.lamps.all.get_mut(&number).filter(|lamp| !lamp.stands) else { return };
        if lamp.asked >= ASKED_MAX || self.persons[lamp.place].local() != lamp.from {
            self.lamps.all.remove(&number);
            return;
        }
        lamp.asked += 1;
        let (me, domain) = (&self.persons[lamp.place].phone.settings().user, &self.plan.sip.domain);
        let Lamp { from, user, package, .. } = lamp;
        let text = format!(
            "SUBSCRIBE sip:{user}@{domain} SIP/2.0\r\n\
             Via: SIP/2.0/UDP {from};branch=z9hG4bKlamp{number};rport\r\n\
             Max-Forwards: 70\r\n\
             From: <sip:{me}@{domain}>;tag=lamp{number}\r\n\
             To: <sip:{user}@{domain}>\r\n\
             Call-ID: lamp-{number}\r\n\
             CSeq: 1 SUBSCRIBE\r\n\
             Contact: <sip:{me}@{from}>\r\n\
             Event: {package}\r\n\
             Expires: {}\r\n\
             Content-Length: 0\r\n\r\n",
            EXPIRES.as_secs()
        );
        let packet = Packet { from: *from, to: self.server, bytes: Bytes::from(text) };
        if self.persons[lamp.place].hears() {
            self.network.send(packet, self.now);
        }
        self.means_to(self.now + ASKS_AGAIN, ScheduledAction::SubscribesAgain(number));
    }

    /// What reaches a phone about its lamps. True if it was that.
    pub(crate) fn lamp_hears(&mut self, packet: &Packet) -> bool {
        let Ok(text) = core::str::from_utf8(&packet.bytes) else { return false };
        let number =
            reply::line(text, "Call-ID").and_then(|it| it.strip_prefix("lamp-")?.parse::<u32>().ok());
        let Some(number) = number else { return false };
        if !text.starts_with("NOTIFY ") {
            self.is_subscribed(number, text);
            return true;
        }
        let is_known = self.lamps.all.get(&number).is_some_and(|lamp| lamp.from == packet.to);
        let status = if is_known { "200 OK" } else { "481 No Such Subscription" };
        let bytes = reply::to(text, status);
        self.network.send(Packet { from: packet.to, to: packet.from, bytes }, self.now);
        if is_known {
            self.is_notified(number, text);
        }
        true
    }

    /// A response to SUBSCRIBE.
    fn is_subscribed(&mut self, number: u32, text: &str) {
        let status = text.split(' ').nth(1).unwrap_or_default().to_owned();
        if status.starts_with('2') {
            let Some(lamp) = self.lamps.all.get_mut(&number) else { return };
            lamp.stands = true;
            let words = format!("lamp: {} accepted", lamp.package);
            self.met.notes(words);
        } else if !status.starts_with('1') {
            self.met.notes(format!("lamp: {status}"));
            self.lamps.all.remove(&number);
        }
    }

    fn is_notified(&mut self, number: u32, text: &str) {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let is_over = reply::line(head, "Subscription-State").is_some_and(|it| it.starts_with("terminated"));
        let cseq = reply::line(head, "CSeq").and_then(|it| it.split(' ').next()?.parse().ok()).unwrap_or(0);
        let Some(lamp) = self.lamps.all.get_mut(&number) else { return };
        if cseq <= lamp.last.0 {
            return;
        }
        let version = between(body, "version=\"", "\"").and_then(|it| it.parse().ok());
        // RFC 4235, 4.1.1: documents are numbered by one.
        let is_next = lamp.last.1.zip(version).is_none_or(|(before, version)| version == before + 1);
        assert!(is_next, "lamp {number} was told {:?}, and then {version:?}", lamp.last.1);
        lamp.last = (cseq, version.or(lamp.last.1));
        if let Some(shown) = shown(body) {
            lamp.shown = Some(shown);
        }
        let of_messages = matches!(lamp.shown, Some(Shown::Messages(new, old)) if new + old > 0);
        self.met.notes(match (is_over, of_messages) {
            (true, _) => "lamp: ended",
            (false, true) => "lamp: told of messages",
            (false, false) => "lamp: told",
        });
        if is_over {
            self.lamps.all.remove(&number);
        }
    }

    /// A phone has lost its state, or is at another address: it knows nothing of its lamps.
    pub(crate) fn lamps_go_out(&mut self, place: usize) {
        self.lamps.all.retain(|_, lamp| lamp.place != place);
    }
}

/// What a document says.
fn shown(body: &str) -> Option<Shown> {
    if let Some(state) = between(body, "<state>", "</state>") {
        return Some(Shown::Dialog(state.to_owned()));
    }
    let (new, old) = between(body, "Voice-Message: ", " ")?.split_once('/')?;
    let waits = between(body, "Messages-Waiting: ", "\r\n")?;
    let (new, old) = (new.parse().ok()?, old.parse().ok()?);
    assert_eq!(waits == "yes", new > 0, "Messages-Waiting: {waits}, with {new} new messages");
    Some(Shown::Messages(new, old))
}

fn between<'t>(text: &'t str, from: &str, to: &str) -> Option<&'t str> {
    let rest = text.split_once(from)?.1;
    rest.split_once(to).map(|(found, _)| found)
}
