//! What happens to pages: they are loaded anew and closed, lose their session, move, and get another desk beside them.

use core::time::Duration;
use std::net::SocketAddr;

use turno_engine::Input;
use turno_ground::{Flow, Secret};
use turno_model::AgentId;
use turno_phone::Phone;

use crate::action::Cut;
use crate::held_inputs::HeldInput;
use crate::life::Life;
use crate::page::Page;
use crate::page_deed::PageDeed;
use crate::person::{Person, Presence, Who};
use crate::place::{self, page_address};
use crate::scheduled_action::ScheduledAction;
use crate::ways::{Inbound, Way};
use crate::world::World;

/// How many addresses a laptop has in turn; the first is that of the second desk.
const PLACES: u32 = 7;

impl World {
    /// Something happens to the page at a desk.
    pub(crate) fn page_suffers(&mut self, place: usize, deed: PageDeed) {
        let is_there = self.persons[place].presence == Presence::There;
        if self.persons[place].page.is_none() || !is_there {
            return;
        }
        match deed {
            PageDeed::Reloads(span) => self.page_reloads(place, span),
            PageDeed::Closes(span) => self.page_closes(place, span),
            PageDeed::SessionEnds(span) => self.session_ends(place, span),
            PageDeed::SecondDesk(span) => self.second_desk_opens(place, span, false),
            PageDeed::TalkMoves(span) => self.second_desk_opens(place, span, true),
            PageDeed::Roams(span) => self.page_roams(place, span),
            PageDeed::Steals(other) => self.page_steals(place, self.staff.place_of(other)),
            PageDeed::KillsAt(stage, crash, span) => {
                self.pages.kills.insert(place, (stage, crash, span));
            }
        }
    }

    /// A page has connected: its person is signed in, if there is a session.
    pub(crate) fn page_signs_in(&mut self, place: usize, flow: Flow) {
        let Some(page) = self.persons[place].page.as_ref().filter(|page| page.has_session) else { return };
        if let Some(agent) = self.owner_of(page.desk).filter(|_| self.wires.is_known(&flow)) {
            self.session(flow, Some(agent));
        }
    }

    /// turno learns who is signed in at the other end of a connection.
    pub(crate) fn session(&mut self, flow: Flow, who: Option<AgentId>) {
        if self.is_kept_back(|| HeldInput::Session(flow, who)) {
            return;
        }
        self.chronicle.shown(b'i', self.now, &(flow, who));
        self.tell(who.map_or(Input::SignedOut(flow), |agent| Input::SignedIn(flow, agent)));
    }

    /// A page is loaded anew: its connection closes, and it has forgotten its calls, but not what it needs to take a talk
    /// back.
    fn page_reloads(&mut self, place: usize, span: Duration) {
        let talk = self.talk_at(place);
        let rings = !self.persons[place].alerting.is_empty();
        self.met.notes(match &talk {
            Some(_) => "page: loaded anew in a talk",
            None if rings => "page: loaded anew while it rings",
            None => "page: loaded anew",
        });
        self.page_is_gone(place);
        if let Some(page) = &mut self.persons[place].page {
            page.kept = talk;
        }
        self.means_to(self.now + span, ScheduledAction::ComesBack(place));
    }

    fn page_closes(&mut self, place: usize, span: Duration) {
        self.met.notes("page: closed");
        self.page_is_gone(place);
        self.means_to(self.now + span, ScheduledAction::ComesBack(place));
    }

    /// What a page leaves when it is closed: its connection closes and its voice stops.
    fn page_is_gone(&mut self, place: usize) {
        self.wires.of(place).into_iter().for_each(|flow| self.wires.close(flow, self.now));
        self.page_falls_silent(place);
        let local = self.persons[place].local();
        self.persons[place].is_reborn(local);
        self.persons[place].is_registered = false;
        self.persons[place].presence = Presence::Gone;
        self.persons.plan_wake(place);
    }

    fn page_falls_silent(&mut self, place: usize) {
        let Some(span) = self.plan.media.inactivity else { return };
        let voices: Vec<SocketAddr> = self.persons[place].keys_as.values().map(|(rtp, _)| *rtp).collect();
        for rtp in voices {
            self.means_to(self.now + span, ScheduledAction::FallsSilent(rtp));
        }
    }

    /// The person signs out, or the session runs out: no calls any more, and a talk goes on.
    fn session_ends(&mut self, place: usize, span: Duration) {
        let talk = self.talk_at(place).is_some();
        self.met.notes(if talk { "page: session ends in a talk" } else { "page: session ends" });
        let agent = self.persons[place].page.as_mut().and_then(|page| {
            (page.has_session, page.was_out) = (false, true);
            self.staff.owner_of(&self.plan, page.desk)
        });
        let talks = |world: &Self| {
            let mut talking = world.invariants.outcomes.talking().iter();
            talking.find(|(_, by)| Some(**by) == agent).map(|(contact, _)| *contact)
        };
        let before = talks(self);
        let flows = self.wires.of(place);
        if flows.is_empty() {
            self.persons[place].is_deaf();
        }
        for flow in flows {
            let lives = self.life == Life::Lives;
            self.session(flow, None);
            if lives && self.life == Life::Lives {
                assert_eq!(before, talks(self), "a talk ends with the session of its agent");
                let now = self.now;
                if let Some(page) = &mut self.persons[place].page {
                    page.out_since = Some(now);
                }
            }
        }
        self.means_to(self.now + span, ScheduledAction::HasSession(place));
    }

    /// The person of a page has signed in again.
    pub(crate) fn has_session(&mut self, place: usize) {
        let Some(page) = &mut self.persons[place].page else { return };
        (page.has_session, page.out_since) = (true, None);
        for flow in self.wires.of(place) {
            self.page_signs_in(place, flow);
        }
        if self.persons[place].presence == Presence::There {
            self.act(place, Phone::register);
        }
    }

    /// A laptop changes its network: its page goes on at another address and connects again.
    fn page_roams(&mut self, place: usize, span: Duration) {
        let talk = self.talk_at(place).is_some();
        self.met.notes(if talk { "page: roams in a talk" } else { "page: roams" });
        self.pages.roams += 1;
        let before = self.persons[place].local();
        let to = page_address(place, 1 + self.pages.roams % (PLACES - 1));
        if to == before {
            return;
        }
        self.persons.roams(place, to);
        self.media.roams(before.ip(), to.ip());
        let cut = if span.as_millis().is_multiple_of(2) { Cut::Unnoticed(span) } else { Cut::Reset(span) };
        self.connection_is_cut(place, cut);
    }

    /// An agent opens another desk.
    fn second_desk_opens(&mut self, place: usize, span: Duration, takes_talk: bool) {
        let second = self.second_desk(place);
        let talk = self.talk_at(place).filter(|_| takes_talk);
        if self.persons[second].presence == Presence::There || takes_talk && talk.is_none() {
            return;
        }
        self.met.notes(if takes_talk { "page: a talk moves" } else { "page: second desk" });
        let local = page_address(place, 0);
        let person = &mut self.persons[second];
        person.is_reborn(local);
        person.presence = Presence::There;
        if let Some(page) = &mut person.page {
            (page.has_session, page.kept) = (true, talk);
        }
        self.act(second, Phone::register);
        self.means_to(self.now + span, ScheduledAction::DeskCloses(second));
    }

    fn second_desk(&mut self, place: usize) -> usize {
        if let Some(second) = self.pages.second.get(&place) {
            return *second;
        }
        let desk = place::desk(self.server, page_address(place, 0));
        let mut settings = self.persons[place].phone.settings().clone();
        settings.password = Secret::new("");
        let (user, domain) = (settings.user, settings.domain);
        let rng = self.rng.fork();
        let mut person = Person::new(Who::Page(place), &user, "", &domain, desk, rng);
        person.presence = Presence::Gone;
        person.lives_in(Page::new(place, true), Way::Tcp(Inbound::Never));
        let second = self.persons.add(person);
        self.pages.second.insert(place, second);
        second
    }

    /// The other desk is closed. Some pages unregister.
    pub(crate) fn second_desk_closes(&mut self, second: usize) {
        if self.persons[second].presence == Presence::Gone || self.is_closing {
            return;
        }
        if self.wires.rng.below(2) == 0 {
            self.act(second, Phone::unregister);
        }
        self.page_is_gone(second);
    }
}
