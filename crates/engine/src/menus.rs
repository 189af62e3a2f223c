//! Callers in menus: plays them, and leads the callers on.

use core::time::Duration;

use compact_str::CompactString;
use turno_calls::{CallId, Menu};
use turno_ground::Moment;
use turno_model::{Fact, MenuChange, MenuId, PromptName, QueueId};

use crate::calls::CallDeadline;
use crate::engine::Engine;
use crate::menu_visit::{MenuEvent, MenuReply, MenuVisit};

impl Engine {
    /// The caller enters the menus by this one.
    pub(crate) fn enter_menus(&mut self, call: CallId, menu: MenuId, now: Moment) {
        if let Err(why) = self.switchboard.answer(&mut self.stack, call, now) {
            self.cannot_talk(call, why, now);
            return;
        }
        self.calls.set(call, CallDeadline::MenusOver, now + self.plan.room.menus_max);
        self.calls.visits(call, menu, MenuVisit::begin(menu));
        self.tell_menu(call, menu, MenuChange::Entered(None), now);
        self.play_menu(call, menu, None, now);
    }

    /// A caller in a menu pressed a key, or none in time.
    pub(crate) fn on_menu_key(&mut self, call: CallId, digit: Option<char>, now: Moment) {
        self.on_menu(call, digit.map_or(MenuEvent::Silence, MenuEvent::Key), now);
    }

    /// The caller has been in menus for as long as allowed.
    pub(crate) fn menus_over(&mut self, call: CallId, now: Moment) {
        self.switchboard.stop_menu(call);
        self.on_menu(call, MenuEvent::TooLong, now);
    }

    /// The caller has heard an announcement in a menu, and is in it as if just come.
    pub(crate) fn menus_go_on(&mut self, call: CallId, now: Moment) {
        self.calls.set(call, CallDeadline::MenusOver, now + self.plan.room.menus_max);
        self.on_menu(call, MenuEvent::Announced, now);
    }

    fn on_menu(&mut self, call: CallId, event: MenuEvent, now: Moment) {
        let Some((menu, mut visit)) = self.calls.visit(call) else { return };
        let plan = self.plan.clone();
        let before = &plan.menus[menu.index()];
        let event = match event {
            MenuEvent::Key(key) if self.is_vain(call, key, before) => MenuEvent::Vain(key),
            MenuEvent::Key(_)
            | MenuEvent::Vain(_)
            | MenuEvent::Silence
            | MenuEvent::TooLong
            | MenuEvent::Announced => event,
        };
        match visit.handle(event, before) {
            MenuReply::PlayMenu(first, change) => {
                let menu = visit.menu(menu);
                if let MenuChange::Language(language) = change {
                    self.contacts.speaks(call, language);
                }
                self.calls.visits(call, menu, visit);
                let is_wrong = matches!(change, MenuChange::Wrong(_));
                self.tell_menu(call, menu, change, now);
                if is_wrong && plan.menus[menu.index()].card.is_some() {
                    self.play_keys(call, menu, first, now);
                } else {
                    self.play_menu(call, menu, first, now);
                }
            }
            MenuReply::Read(key, prompts) => {
                self.calls.visits(call, menu, visit);
                let prompt = prompts.first().and_then(|prompt| plan.prompts.get(prompt.index()));
                let prompt = prompt.map(|prompt| CompactString::from(&prompt.name)).unwrap_or_default();
                self.tell_menu(call, menu, MenuChange::Read { key, prompt }, now);
                self.play_to_key(call, prompts, Duration::ZERO, now);
            }
            MenuReply::Send(key, said) => {
                self.calls.visits(call, menu, visit);
                self.send_card(call, menu, key, now);
                self.play_keys(call, menu, said, now);
            }
            MenuReply::Leave(queue, change) => self.leave_menus(call, menu, (queue, change), now),
        }
    }

    /// The caller leaves the menus for a queue.
    fn leave_menus(
        &mut self,
        call: CallId,
        menu: MenuId,
        (queue, change): (QueueId, MenuChange),
        now: Moment,
    ) {
        let digit = match change {
            MenuChange::Chosen(key) => Some(key),
            MenuChange::Person => Some('0'),
            MenuChange::Entered(_)
            | MenuChange::Read { .. }
            | MenuChange::Wrong(_)
            | MenuChange::Repeated
            | MenuChange::Language(_)
            | MenuChange::NoKey
            | MenuChange::WrongKeys(_)
            | MenuChange::Card { .. }
            | MenuChange::Sent { .. }
            | MenuChange::NoSound { .. }
            | MenuChange::Contained { .. }
            | MenuChange::TooLong => None,
        };
        self.calls.cancel(call, CallDeadline::MenusOver);
        self.tell_menu(call, menu, change, now);
        if let Some(contact) = self.contacts.of(call) {
            self.outbox.record(Fact::MenuChosen { contact, digit }, now);
        }
        self.enter_queue(call, queue, now);
    }

    fn play_menu(&mut self, call: CallId, menu: MenuId, first: Option<PromptName>, now: Moment) {
        let plan = &self.plan.menus[menu.index()];
        let (wait, queue, is_mute) = (plan.wait, plan.person_queue(), plan.is_mute());
        let can_send = plan.card.is_some() && self.sent_to(call).is_some();
        let prompts = first.into_iter().chain(plan.played(can_send)).collect();
        if let Some(procedure) = self.hears_card(call, menu, now)
            && is_mute
        {
            self.switchboard.stop_menu(call);
            self.leave_menus(call, menu, (queue, MenuChange::NoSound { procedure }), now);
            return;
        }
        self.play_to_key(call, prompts, wait, now);
    }

    /// Plays a menu without its card, which the caller has heard.
    fn play_keys(&mut self, call: CallId, menu: MenuId, first: Option<PromptName>, now: Moment) {
        let plan = &self.plan.menus[menu.index()];
        let prompts = first.into_iter().chain(plan.prompts.iter().copied()).collect();
        let wait = plan.wait;
        self.play_to_key(call, prompts, wait, now);
    }

    fn play_to_key(&mut self, call: CallId, prompts: Vec<PromptName>, wait: Duration, now: Moment) {
        let prompts = self.spoken(call, prompts);
        self.switchboard.start_menu(call, Menu { prompts, wait }, now);
    }
}
