//! What callers do: arrive, dial, press keys and hang up.

use turno_media_plan::MediaEvent;
use turno_phone::Identity;

use crate::person::{Person, Who};
use crate::place;
use crate::scheduled_action::ScheduledAction;
use crate::sip_client::{ClientState, Intent, SipClient};
use crate::world::World;

impl World {
    /// A caller arrives with a phone of their own.
    pub(crate) fn arrives(&mut self, arrival: crate::action::Arrival) {
        if self.clients.contains_key(&arrival.caller) {
            return;
        }
        let desk = place::desk(self.server, place::caller_address(&self.plan, arrival.caller));
        let rng = self.rng.fork();
        let (user, password) = place::caller_credentials(&self.plan, arrival.caller);
        let who = Who::Caller(arrival.caller);
        let mut person = Person::new(who, &user, &password, &self.plan.sip.domain, desk, rng);
        if self.network.is_cut_off(person.local().ip(), self.now) {
            person.is_deaf();
        }
        let place = self.sits_down(person);
        self.clients.insert(arrival.caller, SipClient::new(arrival, place));
        self.dials(arrival.caller);
    }

    /// A caller dials, for the first time or again.
    pub(crate) fn dials(&mut self, caller: u32) {
        let is_closing = self.is_closing;
        let Some(client) = self.clients.get_mut(&caller).filter(|_| !is_closing) else { return };
        client.attempt += 1;
        client.stage = ClientState::Dialled;
        (client.contact, client.served_since, client.over_since) = (None, None, None);
        let (arrival, place, attempt) = (client.arrival, client.person, client.attempt);
        let who =
            Identity { number: client.number(), display: String::new(), asserted: Some(client.asserted()) };
        let Some(number) = self.plan.numbers.get(arrival.number % self.plan.numbers.len().max(1)) else {
            return;
        };
        let dialled = turno_model::plan::bare_number(&number.number);
        let call = self.act(place, |phone, now| {
            if arrival.late_offer {
                phone.call_as_with_late_offer(&who, &dialled, now)
            } else {
                phone.call_as(&who, &dialled, now)
            }
        });
        self.persons[place].calls.push(call);
        if let Some(client) = self.clients.get_mut(&caller) {
            client.call = Some(call);
        }
        if let Some((_, after)) = arrival.key {
            self.means_to(self.now + after, ScheduledAction::Caller(caller, attempt, Intent::Press));
        }
    }

    pub(crate) fn caller_acts(&mut self, caller: u32, attempt: u8, intent: Intent) {
        let Some(client) = self.clients.get(&caller).filter(|client| client.still_means(intent, attempt))
        else {
            return;
        };
        match (intent, client.arrival.key) {
            (Intent::Press, Some((key, _))) => self.caller_presses(caller, key),
            (Intent::Press, None) => {}
            (Intent::GiveUp | Intent::EndTalk, _) => self.caller_hangs_up(caller),
        }
    }

    pub(crate) fn caller_hangs_up(&mut self, caller: u32) {
        let Some(client) = self.clients.get(&caller) else { return };
        if let Some(call) = client.call {
            self.act(client.person, |phone, now| phone.hang_up(call, now));
        }
    }

    pub(crate) fn caller_presses(&mut self, caller: u32, digit: char) {
        let Some(client) = self.clients.get(&caller) else { return };
        self.presses(client.person, digit);
    }

    /// A person's phone sends a key in its audio.
    pub(crate) fn presses(&mut self, place: usize, digit: char) {
        let rtp = self.rtp_of(place);
        self.keying.another_key(place, self.persons[place].keys_as.iter().filter(|(_, at)| at.0 == rtp));
        if let Some((stream, it)) = self.media.towards(rtp) {
            if let Some(encoding) = &it.encoding {
                self.check_keys(&self.persons[place], rtp, encoding);
            }
            self.tell_media(MediaEvent::Digit { stream, digit });
        }
    }
}
