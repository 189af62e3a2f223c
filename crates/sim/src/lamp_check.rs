//! Checks that each lamp shows what is so, soon after it is: by the facts, for phones that can be reached.

use core::time::Duration;

use turno_model::{AgentState as S, QueueId};

use crate::lamp::{Shown, Watched};
use crate::world::World;

/// How long a NOTIFY may take without loss, behind another that waits for its answer.
const CALM: Duration = Duration::from_secs(10);
/// The same with loss: two of them are given up after 64 * T1.
const GIVEN_UP: Duration = Duration::from_secs(66);

impl World {
    /// Wound: a lamp stays lit after the talk, or is off while messages wait.
    pub(crate) fn check_lamps(&mut self) {
        if self.lamps.all.is_empty() {
            return;
        }
        let now = self.now;
        let places: Vec<u32> = self.lamps.all.keys().copied().collect();
        for number in places {
            let Some(lamp) = self.lamps.all.get(&number) else { continue };
            let person = &self.persons[lamp.place];
            // A phone that missed a NOTIFY may have been forgotten.
            let is_sure = lamp.stands && now < lamp.until && !person.has_gaps && person.hears();
            let truth = self.truth_of(lamp.watched).filter(|_| is_sure);
            let is_wrong = truth.as_ref().is_some_and(|truth| lamp.shown.as_ref() != Some(truth));
            let longest = if self.network.was_bad() { GIVEN_UP } else { CALM };
            let since = lamp.wrong_since.unwrap_or(now);
            let longest = longest + self.lateness + self.absences.after(since);
            let is_left = is_wrong && now.since(since) > longest;
            assert!(
                !is_left,
                "lamp {number} shows {:?} for {:?}, and it is {truth:?}",
                lamp.shown, lamp.watched
            );
            if let Some(lamp) = self.lamps.all.get_mut(&number) {
                lamp.wrong_since = is_wrong.then_some(since);
            }
        }
    }

    /// What a lamp should show; `None`: the facts do not say it.
    fn truth_of(&self, watched: Watched) -> Option<Shown> {
        let dialog = |word: &str| Some(Shown::Dialog(word.to_owned()));
        match watched {
            Watched::Agent(agent) => dialog(match self.invariants.state(agent) {
                S::Ringing => "early",
                S::Talking | S::Holding | S::OtherCall => "confirmed",
                S::LoggedOut | S::Available | S::Acw | S::Aux(_) => "terminated",
            }),
            Watched::Queue(queue) => {
                dialog(if self.invariants.waits_in(queue) { "early" } else { "terminated" })
            }
            Watched::Messages(queue) => Some(self.messages_in(|it| it == queue)),
            Watched::MessagesOf(agent) => {
                Some(self.messages_in(|queue| self.invariants.may_take(agent, queue)))
            }
        }
    }

    fn messages_in(&self, is_meant: impl Fn(QueueId) -> bool) -> Shown {
        let talking = self.invariants.outcomes.talking();
        let (mut new, mut old) = (0, 0);
        for contact in self.invariants.left_messages.who_waits() {
            if self.invariants.queue_of(contact).is_some_and(&is_meant) {
                *(if talking.contains_key(&contact) { &mut old } else { &mut new }) += 1;
            }
        }
        Shown::Messages(new, old)
    }
}
