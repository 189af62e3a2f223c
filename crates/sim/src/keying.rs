//! People who key in extension and PIN: at a desk's phone, or at an ordinary telephone by the agents' line.

use core::time::Duration;
use std::collections::VecDeque;

use turno_ground::Rng;
use turno_media_plan::MediaEvent;
use turno_phone::{CallId, Identity};

use crate::agent_deed::KeyedIn;
use crate::draws::one_of;
use crate::keyed::Attempt;
use crate::life::Life;
use crate::person::Presence;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

/// How long somebody listens before the first key, and between two keys.
const LISTENS: Duration = Duration::from_millis(1_500);
const KEY_SPAN: Duration = Duration::from_millis(180);

/// A number that belongs to no agent.
const STRANGER: &str = "0999123456";

/// A PIN that nobody has.
const WRONG_PIN: &str = "111111";

/// What agents key in who have called the agents' line.
const CODES: usize = 6;

impl World {
    /// Somebody sits down at a desk by PIN, or tries to.
    pub(crate) fn keys_in(&mut self, desk: usize, keys: KeyedIn) {
        let place = self.staff.len() - 1 - self.staff.place_of(desk);
        let person = &self.persons[place];
        let is_free = person.calls.is_empty() && person.alerting.is_empty() && person.is_registered;
        if person.presence != Presence::There || !is_free || self.is_closing {
            return;
        }
        let code = self.plan.feature_codes.sit.clone();
        let call = self.act(place, |phone, now| phone.call(&code, now));
        self.persons[place].calls.push(call);
        self.goes_on_keying((place, call), String::new(), (keys, true), &[]);
    }

    /// An agent calls the agents' line from an ordinary telephone.
    pub(crate) fn calls_line(&mut self, keys: KeyedIn, luck: u64) {
        let (Some(place), Some(line)) = (self.citizen, self.plan.phones.agents_line.clone()) else { return };
        let is_busy =
            self.keying.attempts.get(&place).is_some_and(|it| self.persons[place].calls.contains(&it.call));
        if is_busy || self.is_closing {
            return;
        }
        let agent = self.owner_of(keys.agent).and_then(|agent| self.plan.agents.get(agent.index()));
        let own = agent.filter(|agent| !agent.is_retired).and_then(|agent| agent.outside.as_ref());
        let own = own.filter(|_| !luck.is_multiple_of(3)).map(|phone| phone.number.0.clone());
        let asks_extension = own.is_none();
        let number = own.unwrap_or_else(|| STRANGER.to_owned());
        let who = Identity { number: number.clone(), display: String::new(), asserted: Some(number.clone()) };
        let call = self.act(place, |phone, now| phone.call_as(&who, &line, now));
        self.persons[place].calls.push(call);
        let codes = &self.plan.feature_codes;
        let all: [String; CODES] = [
            codes.log_in.clone(),
            codes.ready.clone(),
            format!("{}1", codes.aux),
            codes.end_acw.clone(),
            codes.log_out.clone(),
            "999".to_owned(),
        ];
        let mut rng = Rng::new(luck);
        let dialled: Vec<String> = (0..rng.below(4)).map(|_| all[index(&mut rng, CODES)].clone()).collect();
        self.goes_on_keying((place, call), number, (keys, asks_extension), &dialled);
        if one_of(&[true, false], &mut rng) {
            let at = self.now + LISTENS * 12 + Duration::from_millis(rng.below(20_000));
            self.means_to(at, ScheduledAction::HangsUpAt(place, call));
        }
    }

    /// Schedules the keys of a call: PINs, and then codes.
    fn goes_on_keying(
        &mut self,
        (place, call): (usize, CallId),
        number: String,
        (keys, asks_extension): (KeyedIn, bool),
        codes: &[String],
    ) {
        let agent = self.owner_of(keys.agent).and_then(|agent| self.plan.agents.get(agent.index()));
        let extension = agent.map_or_else(|| "555".to_owned(), |agent| agent.extension.clone());
        let right =
            agent.and_then(|agent| agent.pin.as_ref()).map_or(WRONG_PIN, |pin| pin.reveal()).to_owned();
        let wrong = (0..keys.wrong).map(|_| (extension.clone(), WRONG_PIN.to_owned()));
        let last = if keys.is_right { right } else { WRONG_PIN.to_owned() };
        let pairs: VecDeque<_> = wrong.chain([(extension.clone(), last)]).collect();
        let mut at = self.now + LISTENS;
        let mut left = keys.stops_after.map_or(usize::MAX, usize::from);
        let pins =
            pairs.iter().map(
                |(extension, pin)| {
                    if asks_extension { format!("{extension}#{pin}#") } else { format!("{pin}#") }
                },
            );
        let codes = codes.iter().map(|code| format!("{code}#"));
        for part in pins.chain(codes).collect::<Vec<_>>() {
            for key in part.chars().take(left) {
                self.means_to(at, ScheduledAction::KeysAt(place, call, key));
                at = at + KEY_SPAN;
            }
            left = left.saturating_sub(part.len());
            at = at + LISTENS;
        }
        if keys.stops_after.is_some() {
            self.means_to(at, ScheduledAction::HangsUpAt(place, call));
        }
        let attempt = Attempt { call, extension, number, pairs, is_whole: keys.stops_after.is_none() };
        self.keying.attempts.insert(place, attempt);
    }

    /// Somebody presses a key in a call.
    pub(crate) fn keys_at(&mut self, place: usize, call: CallId, digit: char) {
        let person = &self.persons[place];
        if !person.calls.contains(&call) {
            // The phone has forgotten the call, and silence may end what was keyed in.
            let attempt = self.keying.attempts.get_mut(&place).filter(|attempt| attempt.call == call);
            attempt.into_iter().for_each(|attempt| attempt.is_whole = false);
            return;
        }
        let rtp = person.keys_as.get(&call).map(|(rtp, _)| *rtp);
        let stream = rtp.and_then(|rtp| self.media.towards(rtp)).map(|(stream, _)| stream);
        if let Some(attempt) = self.keying.attempts.get_mut(&place).filter(|attempt| attempt.call == call) {
            attempt.is_whole &= stream.is_some() && self.life == Life::Lives;
            // Codes follow the PIN, and silence ends one as a key does.
            if let Some(agent) = self.plan.agent_by_extension(&attempt.extension) {
                self.invariants.keys(agent, self.clocks.told(self.now));
            }
        }
        if let Some(stream) = stream {
            self.tell_media(MediaEvent::Digit { stream, digit });
        }
    }
}

fn index(rng: &mut Rng, below: usize) -> usize {
    usize::try_from(rng.below(below as u64)).unwrap_or(0)
}
