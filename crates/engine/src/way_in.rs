//! A contact for a dialled number: opening hours, then a menu or a queue.

use compact_str::CompactString;
use turno_calls::CallId;
use turno_ground::{Moment, Pii};
use turno_model::plan::Entry;
use turno_model::{Channel, ContactId, Fact, OpenState, Party, TrunkId, TurnedAway};
use turno_sip::Reply;

use crate::caller::Caller;
use crate::dialled::Dialled;
use crate::engine::Engine;

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
        self.calls.is_by(call, caller.shown);
        let number = &plan.numbers[place];
        let wall = self.wall.at(now);
        let open = number.hours.map_or(OpenState::Open, |hours| plan.hours[hours.index()].at(wall));
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
    }

    fn enter(&mut self, call: CallId, entry: Entry, now: Moment) {
        match entry {
            Entry::Queue(queue) => self.enter_queue(call, queue, now),
            Entry::Menu(menu) => self.enter_menus(call, menu, now),
        }
    }
}
