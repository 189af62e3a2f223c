//! People who key in extension and PIN: at a desk's phone, or at an ordinary telephone by the agents' line.

use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};

use turno_ground::Rng;
use turno_media_plan::MediaEvent;
use turno_model::{AgentId, PhoneChange, PhoneStep, PinEntered, PinOutcome};
use turno_phone::{CallId, Identity};

use crate::action::{Action, KeyedIn, StateRequest};
use crate::draws::one_of;
use crate::life::Life;
use crate::person::Presence;
use crate::pins::{Pins, PinsOf};
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

/// One call in which PINs are keyed in.
#[derive(Debug)]
struct Attempt {
    call: CallId,
    /// The number of the telephone, on the agents' line.
    number: String,
    /// Extensions and PINs that are keyed in and not answered yet, in order.
    pairs: VecDeque<(String, String)>,
    /// Whether every key has reached the engine at once.
    is_whole: bool,
}

/// Who keys in a PIN, by the place of the phone.
#[derive(Debug, Default)]
pub(crate) struct Keying {
    attempts: BTreeMap<usize, Attempt>,
    pins: Pins,
}

impl Keying {
    /// The engine was killed, and with it what was keyed in, and how many PINs were wrong.
    pub(crate) fn is_killed(&mut self) {
        self.pins = Pins::default();
        self.attempts.values_mut().for_each(|attempt| attempt.is_whole = false);
    }

    /// Whether a PIN is keyed in with this call of a phone.
    pub(crate) fn is_at(&self, place: usize, call: CallId) -> bool {
        self.attempts.get(&place).is_some_and(|attempt| attempt.call == call)
    }
}

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
        let attempt = Attempt { call, number, pairs, is_whole: keys.stops_after.is_none() };
        self.keying.attempts.insert(place, attempt);
    }

    /// Somebody presses a key in a call.
    pub(crate) fn keys_at(&mut self, place: usize, call: CallId, digit: char) {
        let person = &self.persons[place];
        if !person.calls.contains(&call) {
            return;
        }
        let rtp = person.keys_as.get(&call).map(|(rtp, _)| *rtp);
        let stream = rtp.and_then(|rtp| self.media.towards(rtp)).map(|(stream, _)| stream);
        if let Some(attempt) = self.keying.attempts.get_mut(&place).filter(|attempt| attempt.call == call) {
            attempt.is_whole &= stream.is_some() && self.life == Life::Lives;
            let agents: Vec<_> = attempt.pairs.iter().map(|(extension, _)| extension.clone()).collect();
            for agent in agents.iter().filter_map(|extension| self.plan.agent_by_extension(extension)) {
                self.invariants.asks(agent, self.clocks.told(self.now));
            }
        }
        if let Some(stream) = stream {
            self.tell_media(MediaEvent::Digit { stream, digit });
        }
    }

    /// Wounds: whoever knows an extension sits down as that agent; PINs are tried without end; an agent with the right PIN is
    /// refused.
    pub(crate) fn notices_pin(&mut self, entered: &PinEntered) {
        let Some(place) = self.staff.desk_at(&self.plan, entered.seat) else { return };
        self.keying.pins.judge(
            PinsOf::Seat(entered.seat),
            entered.agent,
            entered.outcome,
            self.clocks.told(self.now),
        );
        self.pin_is_answered(place, entered.agent, entered.outcome);
        let luck = self.now.as_micros();
        if let Some(home) = entered.agent.and_then(|agent| self.home_of(agent))
            && entered.outcome == PinOutcome::SatDown
            && luck.is_multiple_of(2)
        {
            // At the end of work the desk is free for the next one.
            let after = Duration::from_millis(5_000 + luck % 30_000);
            let asks = Action::AgentAsks(home, StateRequest::LogOut);
            self.means_to(self.now + after, ScheduledAction::Action(asks));
        }
    }

    /// The same on the agents' line.
    pub(crate) fn notices_line(&mut self, step: &PhoneStep) {
        let (PhoneChange::AgentsLine(outcome), Some(place)) = (step.change, self.citizen) else { return };
        let Some(attempt) = self.keying.attempts.get(&place) else { return };
        let number = PinsOf::Telephone(attempt.number.clone());
        self.keying.pins.judge(number, step.agent, outcome, self.clocks.told(self.now));
        self.pin_is_answered(place, step.agent, outcome);
        if let Some(home) = step.agent.and_then(|agent| self.home_of(agent))
            && outcome == PinOutcome::SignedIn
        {
            // The code to log out may follow.
            self.staff.asks_out(home);
        }
    }

    /// Compares what came of a PIN with what was keyed in.
    fn pin_is_answered(&mut self, place: usize, agent: Option<AgentId>, outcome: PinOutcome) {
        let Some(attempt) = self.keying.attempts.get_mut(&place) else { return };
        let plan = &self.plan;
        let is_right = |(extension, pin): &(String, String)| {
            let known =
                plan.agent_by_extension(extension).filter(|id| agent.is_none_or(|agent| *id == agent));
            let known = known.and_then(|id| plan.agents.get(id.index())).filter(|agent| !agent.is_retired);
            known.and_then(|agent| agent.pin.as_ref()).is_some_and(|known| known.reveal() == pin)
        };
        let is_let_in =
            matches!(outcome, PinOutcome::SatDown | PinOutcome::NotPossible | PinOutcome::SignedIn);
        if attempt.is_whole {
            let next = attempt.pairs.pop_front();
            let was_right = next.as_ref().is_some_and(is_right);
            let is_unseen = outcome == PinOutcome::Locked;
            assert!(is_unseen || was_right == is_let_in, "{next:?} was keyed in: {outcome:?} for {agent:?}");
        } else {
            let may_be = attempt.pairs.iter().any(is_right);
            assert!(may_be || !is_let_in, "nobody keyed in the PIN of {agent:?}: {outcome:?}");
        }
    }
}

fn index(rng: &mut Rng, below: usize) -> usize {
    usize::try_from(rng.below(below as u64)).unwrap_or(0)
}
