//! A supervisor switches the emergency announcement on and off.

use compact_str::CompactString;
use turno_ground::Moment;
use turno_model::{Asker, Done, Emergency, Fact, PromptName, Refusal};

use crate::engine::Engine;

impl Engine {
    /// Every new caller hears this prompt, or that of the plan, from now on; callers who wait or are in a menu
    /// hear it at once.
    ///
    /// # Errors
    /// [`Refusal::NoSuchPrompt`].
    pub(crate) fn on_emergency_on(
        &mut self,
        prompt: Option<PromptName>,
        by: Asker,
        now: Moment,
    ) -> Result<Done, Refusal> {
        let prompt = prompt.or(self.plan.emergency.prompt).ok_or(Refusal::NoSuchPrompt)?;
        let name = self.plan.prompts.get(prompt.index()).ok_or(Refusal::NoSuchPrompt)?;
        let name = CompactString::from(&name.name);
        if self.emergency.turn(Some(prompt)) {
            self.outbox.record(Fact::Emergency(Emergency::On { by, prompt: name }), now);
            for call in self.waiting_in(|_| true) {
                let audio = self.speech(call, [prompt]);
                self.switchboard.play(call, audio);
                self.tell_emergency(call, now);
            }
            for call in self.calls.in_menus() {
                self.hear_emergency_in_menu(call, prompt, now);
            }
        }
        Ok(Done::Now)
    }

    /// No caller hears the emergency announcement any more.
    pub(crate) fn on_emergency_off(&mut self, by: Asker, now: Moment) -> Done {
        if self.emergency.turn(None) {
            self.outbox.record(Fact::Emergency(Emergency::Off { by }), now);
        }
        Done::Now
    }
}
