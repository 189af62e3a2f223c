//! Checks of pages: who may be rung, where their messages go, and what a kill must not lose.

use core::time::Duration;

use bytes::Bytes;
use turno_ground::Flow;
use turno_media_plan::{Fingerprint, Hash};
use turno_model::{ContactId, Fact};

use crate::action::Action;
use crate::page_deed::PageStage;
use crate::person::Presence;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

/// How long after the stage of a call the engine is killed: in the middle of the handshake, and of a talk.
const HANDSHAKE: Duration = Duration::from_millis(5);
const TALK: Duration = Duration::from_millis(700);
/// How long what was sent to the desk before may be under way.
const ON_ITS_WAY: Duration = Duration::from_secs(2);

impl World {
    /// The engine shows browsers a certificate, if it serves any.
    pub(crate) fn shows_certificate(&mut self) {
        if self.plan.browser.is_some()
            && let Some(fingerprint) = Fingerprint::new(Hash::Sha256, &[1; 32])
        {
            self.engine.show_certificate(fingerprint);
        }
    }

    /// RFC 7118, 5: names under `.invalid` lead nowhere but to the connection of the page.
    pub(crate) fn looks_for_pages(&self, flow: Flow, bytes: &Bytes) {
        if self.ways.desks_by_web == 0 || flow.transport.is_web() {
            return;
        }
        let end = bytes.iter().position(|byte| *byte == b'\r').unwrap_or(0);
        let is_for_page = bytes[..end].windows(9).any(|word| word == b".invalid;");
        assert!(!is_for_page, "what is for a page goes by {flow:?}");
    }

    /// Nobody is rung whose page has no session, unless another page of theirs is there.
    pub(crate) fn check_offer_to_page(&self, fact: &Fact) {
        let Fact::Offered { agent, .. } = fact else { return };
        let Some(desk) = self.home_of(*agent) else { return };
        let Some(page) = &self.persons[desk].page else { return };
        let has_other = self
            .pages
            .second
            .get(&desk)
            .is_some_and(|second| self.persons[*second].presence == Presence::There);
        let has_telephone = self.plan.agents.get(agent.index()).is_some_and(|it| it.outside.is_some());
        assert!(
            page.out_since.is_none() || has_other || has_telephone,
            "{agent:?} gets an offer, and has no session since {:?}",
            page.out_since
        );
    }

    /// Of two desks of one agent the one rings that came last.
    pub(crate) fn check_leads(&self, place: usize) {
        let Some(second) = self.pages.second.get(&place).map(|second| &self.persons[*second]) else { return };
        let first = self.persons[place].page.as_ref().and_then(|page| page.registered_at);
        let other = second.page.as_ref().and_then(|page| page.registered_at);
        let has_other = second.presence == Presence::There && second.is_registered;
        let since = other.filter(|other| has_other && first < Some(*other));
        let is_late = since.is_some_and(|since| self.now.since(since) > ON_ITS_WAY);
        assert!(!is_late || self.network.was_bad(), "desk {place} rings, and another leads since {since:?}");
    }

    /// A talk goes on while its page is loaded anew, so the page gets it back.
    pub(crate) fn check_taken_back(&self, desk: usize, contact: Option<ContactId>, status: u16) {
        let agent = self.owner_of(desk);
        let talks = contact.is_some_and(|contact| {
            let by = self.invariants.outcomes.talking().get(&contact);
            by.is_some() && by == agent.as_ref()
        });
        let is_lost = matches!(status, 401 | 403 | 481 | 488);
        assert!(!talks || !is_lost, "{contact:?} talks to desk {desk}, whose page is refused with {status}");
    }

    /// A page has come to a stage of its call, at which the engine may be killed.
    pub(crate) fn page_comes_to(&mut self, desk: usize, stage: PageStage) {
        let Some((armed, crash, down)) = self.pages.kills.get(&desk).copied() else { return };
        if armed == stage {
            self.pages.kills.remove(&desk);
            let after = match stage {
                PageStage::Rings | PageStage::Handshake => HANDSHAKE,
                PageStage::Talks => TALK,
            };
            let dies = ScheduledAction::Action(Action::Dies(crash, down));
            self.means_to(self.now + after, dies);
        }
    }

    /// The media plane has taken a command: a handshake may have begun, or a talk.
    pub(crate) fn pages_voices(&mut self) {
        for (address, stage) in self.media.web.take_news() {
            let of_page = |place: &usize| {
                let person = &self.persons[*place];
                person.page.is_some() && person.local().ip() == address.ip()
            };
            let desk = (0..self.persons.len()).find(of_page);
            if let Some(page) = desk.and_then(|place| self.persons[place].page.as_ref()) {
                self.page_comes_to(page.desk, stage);
            }
        }
    }

    /// Counts what pages are doing when the engine is killed.
    pub(crate) fn notes_death_of_pages(&mut self) {
        let (in_handshake, talking) = self.media.web.stages();
        let rings = self.persons.iter().any(|person| person.page.is_some() && !person.alerting.is_empty());
        let stages = [
            (rings, "killed while a page rings"),
            (in_handshake > 0, "killed in a page's handshake"),
            (talking > 0, "killed while a page talks"),
        ];
        stages.into_iter().filter(|(is_so, _)| *is_so).for_each(|(_, words)| self.met.notes(words));
    }
}
