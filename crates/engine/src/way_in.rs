//! A contact for a dialled number: emergency announcement, lists of callers, opening hours, then a menu or a queue.

use compact_str::CompactString;
use turno_calls::CallId;
use turno_ground::{Moment, Pii};
use turno_model::plan::{Entry, NumberPlan};
use turno_model::{
    AfterEmergency, Channel, ContactId, Fact, OpenState, Party, PromptName, TrunkId, TurnedAway,
};
use turno_sip::Reply;

use crate::caller::Caller;
use crate::calls::CallDeadline;
use crate::dialled::Dialled;
use crate::engine::Engine;

/// Longest emergency announcement.
const EMERGENCY_SPAN_MAX: core::time::Duration = core::time::Duration::from_secs(300);

impl Engine {
    /// A contact arrives for a dialled number.
    pub(crate) fn on_number_dialled(
        &mut self,
        (call, contact): (CallId, ContactId),
        trunk: Option<TrunkId>,
        caller: Caller,
        dialled: Dialled,
        now: Moment,
    ) {
        self.arrived(contact, trunk, &caller, &dialled.text, now);
        self.a_leg_opened(contact, call, Party::Caller, now);
        let plan = self.plan.clone();
        let Some(place) = dialled.place else {
            self.turn_away(contact, TurnedAway::NotPossible, now);
            self.forget_call(call, now);
            self.switchboard.refuse(&mut self.stack, call, Reply::new(404), now);
            return;
        };
        self.calls.is_from(call, caller);
        let number = &plan.numbers[place];
        match self.emergency_prompt() {
            Some(prompt) => self.hear_emergency((call, contact), prompt, &number.number, now),
            None => self.go_in((call, contact), number, now),
        }
    }

    /// The caller hears the emergency announcement, before hours, menu and queue.
    fn hear_emergency(
        &mut self,
        (call, contact): (CallId, ContactId),
        prompt: PromptName,
        dialled: &str,
        now: Moment,
    ) {
        self.tell_emergency(call, now);
        let audio = self.speech(call, [prompt]);
        match self.plan.emergency.then {
            AfterEmergency::End => {
                self.turn_away(contact, TurnedAway::Emergency, now);
                self.announce_and_end(call, audio, now);
            }
            AfterEmergency::GoOn => {
                if let Err(why) = self.switchboard.answer(&mut self.stack, call, now) {
                    self.cannot_talk(call, why, now);
                    return;
                }
                self.calls.hears_emergency(call, dialled.to_owned());
                self.calls.set(call, CallDeadline::EmergencyOver, now + EMERGENCY_SPAN_MAX);
                self.switchboard.play(call, audio);
            }
        }
    }

    /// A caller who is in a menu hears the emergency announcement at once, and then the menu again.
    pub(crate) fn hear_emergency_in_menu(&mut self, call: CallId, prompt: PromptName, now: Moment) {
        let Some(contact) = self.contacts.of(call) else { return };
        self.switchboard.stop_menu(call);
        self.calls.cancel(call, CallDeadline::MenusOver);
        self.tell_emergency(call, now);
        let audio = self.speech(call, [prompt]);
        match self.plan.emergency.then {
            AfterEmergency::End => {
                self.turn_away(contact, TurnedAway::Emergency, now);
                self.announce_and_end(call, audio, now);
            }
            AfterEmergency::GoOn => {
                self.calls.set(call, CallDeadline::EmergencyOver, now + EMERGENCY_SPAN_MAX);
                self.switchboard.play(call, audio);
            }
        }
    }

    /// The caller has heard the emergency announcement.
    pub(crate) fn emergency_over(&mut self, call: CallId, now: Moment) {
        if self.calls.visit(call).is_some() {
            self.calls.cancel(call, CallDeadline::EmergencyOver);
            self.menus_go_on(call, now);
            return;
        }
        let Some(dialled) = self.calls.take_dialled(call) else { return };
        let Some(contact) = self.contacts.of(call) else { return };
        self.calls.cancel(call, CallDeadline::EmergencyOver);
        let plan = self.plan.clone();
        match self.directory.number(&dialled) {
            Some(place) => self.go_in((call, contact), &plan.numbers[place], now),
            None => {
                // A new plan does not have the number any more.
                self.turn_away(contact, TurnedAway::NotPossible, now);
                self.end_call(call, now);
            }
        }
    }

    /// The prompt of the emergency announcement if it is on: that of the plan if a new plan has lost the other.
    fn emergency_prompt(&self) -> Option<PromptName> {
        let prompt = self.emergency.prompt()?;
        let is_there = |prompt: &PromptName| {
            self.plan.prompts.get(prompt.index()).is_some_and(|prompt| !prompt.file.as_os_str().is_empty())
        };
        Some(prompt).filter(is_there).or(self.plan.emergency.prompt)
    }

    /// Whether the emergency announcement is on.
    pub fn has_emergency(&self) -> bool {
        self.emergency.prompt().is_some()
    }

    fn go_in(&mut self, (call, contact): (CallId, ContactId), number: &NumberPlan, now: Moment) {
        if let Some(prompt) = self.refusing_list((call, contact), now) {
            self.turn_away(contact, TurnedAway::Listed, now);
            self.announce_closed(call, prompt, now);
            return;
        }
        let wall = self.wall.at(now);
        let open = number.hours.map_or(OpenState::Open, |hours| self.plan.hours[hours.index()].at(wall));
        match open {
            OpenState::Open => self.enter(call, number.entry, now),
            OpenState::Closed => {
                self.turn_away(contact, TurnedAway::Closed, now);
                self.announce_closed(call, number.closed, now);
            }
            OpenState::Holiday => {
                self.turn_away(contact, TurnedAway::Holiday, now);
                self.announce_closed(call, number.holiday.or(number.closed), now);
            }
        }
    }

    pub(crate) fn arrived(
        &mut self,
        contact: ContactId,
        trunk: Option<TrunkId>,
        caller: &Caller,
        dialled: &str,
        now: Moment,
    ) {
        let arrived = Fact::ContactArrived {
            contact,
            channel: Channel::Voice,
            from: Pii(CompactString::from(&caller.shown)),
            dialled: CompactString::from(dialled),
            trunk,
        };
        self.outbox.record(arrived, now);
        if let Some(number) = caller.withheld.as_ref().filter(|_| self.plan.keep_withheld) {
            let number = Pii(CompactString::from(number));
            self.outbox.record(Fact::NumberWithheld { contact, number }, now);
        }
        for known in caller.known() {
            self.outbox.record(Fact::CallerKnown(contact, known), now);
        }
    }

    fn enter(&mut self, call: CallId, entry: Entry, now: Moment) {
        match entry {
            Entry::Queue(queue) => self.enter_queue(call, queue, now),
            Entry::Agent(agent, queue) => {
                self.calls.is_direct(call, agent);
                self.enter_queue(call, queue, now);
            }
            Entry::Menu(menu) => self.enter_menus(call, menu, now),
        }
    }
}
