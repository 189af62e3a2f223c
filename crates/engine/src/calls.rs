//! The engine's record of each call: created when the call begins, removed when it ends.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use turno_calls::CallId;
use turno_ground::{Change, Changeset, Dated, DecodeError, Moment, RowChange, Timed, Tracked};
use turno_model::{AgentId, MenuId, QueueId};

use crate::announced::Announced;
use crate::call_purpose::{CallStage, PendingTransfer, Purpose};
use crate::caller::{Caller, Diverted};
use crate::menu_visit::MenuVisit;
use crate::speech::Speech;
use crate::speeches::Speeches;

/// Deadlines of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum CallDeadline {
    /// When to recall the agent again for a caller who is still on hold.
    RecallAgain,
    /// When a caller in a queue has waited unanswered for longer than any call may ring.
    NeverAnswered,
    /// When an announcement that ends a call has not finished in time.
    AnnouncementOver,
    /// When a waiting caller is told the place in line and the wait.
    AnnouncementDue,
    /// When the notice of recording has not finished in time.
    NoticeOver,
    /// When an expert who is rung for help has not answered.
    HelpUnanswered,
    /// When a waiting caller is offered a callback.
    CallbackOffer,
    /// When a caller has been in menus for too long.
    MenusOver,
    /// When the emergency announcement has not finished in time.
    EmergencyOver,
    /// When a caller has heard a question and pressed no key in time.
    SurveySilence,
    /// When a person who sits down has pressed no key in time.
    DeskSilence,
    /// When an agent has pressed no further key of a consultation in time.
    KeysOver,
    /// When a supervisor who speaks to a queue has little time left.
    SpeechWarning,
    /// When a supervisor has spoken to a queue for as long as the plan lets them, or has not answered in time.
    SpeechOver,
}

/// The engine's record of one call.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EngineCall {
    /// Purpose of the call.
    pub(crate) purpose: Purpose,
    /// The caller's number as phones show it.
    pub(crate) caller: Option<String>,
    /// The latest diversion by which it came.
    pub(crate) diverted: Option<Box<Diverted>>,
    /// A transfer whose target has not answered.
    pub(crate) transfer: Option<PendingTransfer>,
    /// The agent who tries one of our numbers with this call.
    pub(crate) tried_by: Option<AgentId>,
    /// What its waiting caller has been told.
    pub(crate) told: Option<Announced>,
    /// Where its caller is in the menus.
    menus: Option<MenuVisit>,
    /// The number of the plan that its caller dialled, while the emergency announcement is heard.
    dialled: Option<String>,
    /// The keys of a consultation that its agent has pressed so far.
    #[serde(default)]
    keys: Option<String>,
    /// The agent whose own number the caller dialled, until the caller is in line.
    #[serde(default)]
    direct: Option<AgentId>,
    /// The speakers' calls of the live speeches that its caller has heard, as long as they last.
    #[serde(default)]
    heard: SmallVec<[CallId; 1]>,
}

/// The engine's records of all calls of the switchboard.
#[derive(Debug)]
pub(crate) struct Calls {
    table: Timed<Tracked<CallId, Dated<CallDeadline, EngineCall>>>,
    /// Calls whose talk with an agent began, changed or ended.
    talks: VecDeque<CallId>,
    speeches: Speeches,
}

impl Calls {
    /// An empty table; `seed` seeds its hash.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            table: Timed::<Tracked<_, _>>::new(seed),
            talks: VecDeque::new(),
            speeches: Speeches::default(),
        }
    }

    /// Creates the record of a new call.
    pub(crate) fn begin(&mut self, call: CallId) {
        let record = EngineCall {
            purpose: Purpose::Arriving,
            caller: None,
            diverted: None,
            transfer: None,
            tried_by: None,
            told: None,
            menus: None,
            dialled: None,
            keys: None,
            direct: None,
            heard: SmallVec::new(),
        };
        self.table.insert(call, record);
    }

    /// Removes the record of a call, with its deadlines.
    pub(crate) fn forget(&mut self, call: CallId) -> Option<EngineCall> {
        let record = self.table.remove(call)?;
        if is_talk(&record.purpose) {
            self.talks.push_back(call);
        }
        self.speeches.forget(&record.purpose);
        Some(record)
    }

    /// Sets the purpose of a call.
    pub(crate) fn is_for(&mut self, call: CallId, purpose: Purpose) {
        if let Some(record) = self.table.get_mut(call) {
            if is_talk(&record.purpose) || is_talk(&purpose) {
                self.talks.push_back(call);
            }
            self.speeches.note(call, &record.purpose, &purpose);
            record.menus = None;
            record.purpose = purpose;
        }
    }

    /// The next call whose talk with an agent began, changed or ended.
    pub(crate) fn poll_talk(&mut self) -> Option<CallId> {
        self.talks.pop_front()
    }

    /// The next call that waits in another queue, or waits again, while somebody speaks to a queue.
    pub(crate) fn poll_moved(&mut self) -> Option<CallId> {
        self.speeches.poll_moved()
    }

    /// How many speak to queues, or are about to.
    pub(crate) fn speeches(&self) -> usize {
        self.speeches.len()
    }

    /// Who speaks to a queue, or is about to, and in which call.
    pub(crate) fn speech_to(&self, queue: QueueId) -> Option<(CallId, &Speech)> {
        let call = self.speeches.to(queue)?;
        Some((call, self.speech(call)?))
    }

    /// The speech that is made in a call.
    pub(crate) fn speech(&self, call: CallId) -> Option<&Speech> {
        if let Purpose::Speaking(speech) = self.purpose(call)? { Some(speech) } else { None }
    }

    /// Changes the speech that is made in a call.
    pub(crate) fn change_speech(&mut self, call: CallId, change: impl FnOnce(&mut Speech)) {
        if let Some(Purpose::Speaking(speech)) = self.table.get_mut(call).map(|record| &mut record.purpose) {
            change(speech);
        }
    }

    /// Notes that the caller of a call hears the speech of another one. True the first time.
    pub(crate) fn hears_first(&mut self, call: CallId, speaker: CallId) -> bool {
        if self.get(call).is_none_or(|record| record.heard.contains(&speaker)) {
            return false;
        }
        let before = self.get(call).map(|record| record.heard.clone()).unwrap_or_default();
        let last: SmallVec<_> = before.into_iter().filter(|heard| self.speech(*heard).is_some()).collect();
        if let Some(record) = self.table.get_mut(call) {
            record.heard = last;
            record.heard.push(speaker);
        }
        true
    }

    /// Sets the caller's number.
    pub(crate) fn is_by(&mut self, call: CallId, caller: String) {
        if let Some(record) = self.table.get_mut(call) {
            record.caller = Some(caller);
        }
    }

    /// Sets the caller's number, and the diversion by which the call came.
    pub(crate) fn is_from(&mut self, call: CallId, caller: Caller) {
        if let Some(record) = self.table.get_mut(call) {
            record.caller = Some(caller.shown);
            record.diverted = caller.diversions.into_iter().next().map(Box::new);
        }
    }

    /// Notes that the caller dialled an agent's own number.
    pub(crate) fn is_direct(&mut self, call: CallId, agent: AgentId) {
        if let Some(record) = self.table.get_mut(call) {
            record.direct = Some(agent);
        }
    }

    /// The agent whose own number the caller dialled; the next time nobody.
    pub(crate) fn take_direct(&mut self, call: CallId) -> Option<AgentId> {
        self.table.get(&call)?.direct?;
        self.table.get_mut(call)?.direct.take()
    }

    /// Notes that an agent tries one of our numbers with this call.
    pub(crate) fn is_tried_by(&mut self, call: CallId, agent: AgentId) {
        if let Some(record) = self.table.get_mut(call) {
            record.tried_by = Some(agent);
        }
    }

    /// Notes what the waiting caller of this call has been told.
    pub(crate) fn has_been_told(&mut self, call: CallId, told: Announced) {
        if let Some(record) = self.table.get_mut(call) {
            record.told = Some(told);
        }
    }

    /// What the waiting caller of a call has been told; `None`: announcements have not begun.
    pub(crate) fn told(&self, call: CallId) -> Option<Announced> {
        self.get(call)?.told
    }

    /// The caller of this call hears the emergency announcement, and then goes on to this number of the plan.
    pub(crate) fn hears_emergency(&mut self, call: CallId, dialled: String) {
        if let Some(record) = self.table.get_mut(call) {
            record.purpose = Purpose::Contact(CallStage::Emergency);
            record.dialled = Some(dialled);
        }
    }

    /// Notes the keys of a consultation that the agent of this call has pressed so far.
    pub(crate) fn has_keyed(&mut self, call: CallId, keys: Option<String>) {
        if let Some(record) = self.table.get_mut(call) {
            record.keys = keys;
        }
    }

    /// The keys of a consultation that the agent of this call has pressed so far.
    pub(crate) fn keys_of(&self, call: CallId) -> Option<&str> {
        self.get(call)?.keys.as_deref()
    }

    /// The number to which the caller goes on, if the emergency announcement is heard.
    pub(crate) fn take_dialled(&mut self, call: CallId) -> Option<String> {
        self.get(call)?.dialled.as_ref()?;
        self.table.get_mut(call)?.dialled.take()
    }

    /// The caller of this call is in a menu.
    pub(crate) fn visits(&mut self, call: CallId, menu: MenuId, visit: MenuVisit) {
        if let Some(record) = self.table.get_mut(call) {
            record.purpose = Purpose::Contact(CallStage::Menu(menu));
            record.menus = Some(visit);
        }
    }

    /// The calls whose callers are in a menu.
    pub(crate) fn in_menus(&self) -> Vec<CallId> {
        let is_in_menu =
            |call: &CallId| matches!(self.purpose(*call), Some(Purpose::Contact(CallStage::Menu(_))));
        self.keys().into_iter().filter(is_in_menu).collect()
    }

    /// The menu in which the caller of this call is, and the way there.
    pub(crate) fn visit(&self, call: CallId) -> Option<(MenuId, MenuVisit)> {
        let record = self.get(call)?;
        let Purpose::Contact(CallStage::Menu(menu)) = record.purpose else { return None };
        Some((menu, record.menus.clone().unwrap_or_else(|| MenuVisit::begin(menu))))
    }

    /// Notes a transfer whose target has not answered.
    pub(crate) fn pass_on(&mut self, call: CallId, transfer: PendingTransfer) {
        if let Some(record) = self.table.get_mut(call) {
            record.transfer = Some(transfer);
        }
    }

    /// Takes the transfer whose target has not answered, if there is one.
    pub(crate) fn take_transfer(&mut self, call: CallId) -> Option<PendingTransfer> {
        self.get(call)?.transfer.as_ref()?;
        self.table.get_mut(call)?.transfer.take()
    }

    /// Sets the only deadline of this name for a call.
    pub(crate) fn set(&mut self, call: CallId, deadline: CallDeadline, at: Moment) {
        self.table.set(call, deadline, at);
    }

    /// Cancels a deadline of a call.
    pub(crate) fn cancel(&mut self, call: CallId, deadline: CallDeadline) {
        self.table.cancel(call, deadline);
    }

    pub(crate) fn next_deadline(&mut self) -> Option<Moment> {
        self.table.next_deadline()
    }

    /// Takes one due deadline.
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<(CallDeadline, CallId)> {
        self.table.pop_due(now).map(|(_, deadline, call)| (deadline, call))
    }

    /// The record of a call.
    pub(crate) fn get(&self, call: CallId) -> Option<&EngineCall> {
        self.table.get(&call).map(|record| &**record)
    }

    /// The purpose of a call.
    pub(crate) fn purpose(&self, call: CallId) -> Option<&Purpose> {
        self.get(call).map(|record| &record.purpose)
    }

    /// Whether a transfer of this call is pending.
    pub(crate) fn is_passed_on(&self, call: CallId) -> bool {
        self.get(call).is_some_and(|record| record.transfer.is_some())
    }

    /// Every call, in order. Scans the whole table.
    pub(crate) fn keys(&self) -> Vec<CallId> {
        self.table.keys()
    }

    /// Whether there is no call.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Writes the changed records into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.table.write_down(|call, change| match change {
            Change::Is(record) => {
                changes.keep(table, call.0, record);
                true
            }
            Change::Gone => {
                changes.delete(table, call.0);
                false
            }
        });
    }

    /// Marks every record as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.table.note_all();
    }

    /// Restores one call from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row is not a call record.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let (call, record): (_, Dated<CallDeadline, EngineCall>) = (CallId(line.key), line.read()?);
        self.speeches.note(call, &Purpose::Arriving, &record.purpose);
        self.table.restore(call, record);
        Ok(())
    }
}

/// Whether a call with this purpose connects a contact and an agent.
const fn is_talk(purpose: &Purpose) -> bool {
    matches!(purpose, Purpose::Contact(CallStage::Connected(..)))
}
