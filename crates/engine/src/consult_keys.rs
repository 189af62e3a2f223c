//! The keys by which an agent consults somebody during a talk, `#1002#`, then `#1`, `#2` and `#3`; or dials a feature code:
//! `#*1617#`.

use core::time::Duration;

use compact_str::CompactString;
use turno_calls::{CallId, Side};
use turno_ground::Moment;
use turno_media_plan::Tone;
use turno_model::command::feature_code::FeatureCode;
use turno_model::{AgentId, Asker, Command};

use crate::call_purpose::{CallStage, Purpose};
use crate::calls::CallDeadline;
use crate::engine::Engine;

/// Longest pause between two keys.
const KEYS_SPAN: Duration = Duration::from_secs(5);

/// Most keys of an extension or a number.
const KEYS_MAX: usize = 20;

impl Engine {
    /// The agent of a call pressed a key; true if it belongs to a consultation.
    pub(crate) fn consult_keyed(&mut self, call: CallId, digit: char, now: Moment) -> bool {
        let Some(key) = self.plan.room.consult_key else { return false };
        let Some(&Purpose::Contact(CallStage::Connected(_, agent))) = self.calls.purpose(call) else {
            return false;
        };
        let Some(mut keys) = self.calls.keys_of(call).map(str::to_owned) else {
            if digit == key {
                self.keys_go_on(call, String::new(), now);
            }
            return digit == key;
        };
        let is_under_way = self.consultations.get(agent).is_some();
        let command = match digit {
            '1' if is_under_way => Command::Conference(agent),
            '2' if is_under_way => Command::Complete(agent),
            '3' if is_under_way => Command::Back(agent),
            _ if digit == key && self.is_feature(&keys) => {
                self.keys_are_over(call);
                self.code_keyed((call, agent), &keys, now);
                return true;
            }
            _ if digit == key && !is_under_way && !keys.is_empty() => {
                Command::Consult(agent, CompactString::from(keys))
            }
            _ if digit == key || is_under_way || keys.len() >= KEYS_MAX => {
                self.keys_are_over(call);
                return true;
            }
            _ => {
                keys.push(digit);
                self.keys_go_on(call, keys, now);
                return true;
            }
        };
        self.keys_are_over(call);
        if self.obey(Asker::Phone(agent), command, now).is_err() {
            self.switchboard.tone(call, Side::B, Tone::Refuse);
        }
        true
    }

    /// The agent dialled a feature code by the keys of the talk's own phone, and hears a tone.
    fn code_keyed(&mut self, (call, agent): (CallId, AgentId), keys: &str, now: Moment) {
        let Some((code, behind)) = FeatureCode::dialled(&self.plan.feature_codes, keys) else { return };
        if code == FeatureCode::EndAcw && self.leaves_talk((call, agent), now) {
            return;
        }
        let is_done = match code.command(&self.plan, agent, behind) {
            Ok(Some(command)) => self.obey(Asker::Phone(agent), command, now).is_ok(),
            // Nobody observes another talk from this one.
            Ok(None) | Err(_) => false,
        };
        self.switchboard.tone(call, Side::B, if is_done { Tone::Confirm } else { Tone::Refuse });
    }

    /// An agent whose line stays can't end a talk by hanging up: the code that ends after-call work ends the talk. False if the
    /// agent has no such line.
    fn leaves_talk(&mut self, (call, agent): (CallId, AgentId), now: Moment) -> bool {
        let Some(&Purpose::Contact(CallStage::Connected(queue, _))) = self.calls.purpose(call) else {
            return false;
        };
        let Some(contact) = self.contacts.of(call).filter(|_| self.held_lines.leg_of(agent).is_some()) else {
            return false;
        };
        self.switchboard.stop_ringing(&mut self.stack, call, now);
        self.switchboard.release_b_leg(&mut self.stack, call, now);
        self.agent_hung_up(call, (contact, queue, agent), now);
        true
    }

    /// The agent of this call pressed no further key in time.
    pub(crate) fn keys_are_over(&mut self, call: CallId) {
        self.calls.cancel(call, CallDeadline::KeysOver);
        self.calls.has_keyed(call, None);
    }

    fn keys_go_on(&mut self, call: CallId, keys: String, now: Moment) {
        self.calls.has_keyed(call, Some(keys));
        self.calls.set(call, CallDeadline::KeysOver, now + KEYS_SPAN);
    }
}
