//! Reads how the callers of a queue are called back.

use turno_model::Language;
use turno_model::plan::{CallbackFirst, CallbackPlan, CallbackPrompt};
use turno_model::speech::recordings;

use crate::fault::FaultKind;
use crate::keys::queues::QUEUE;
use crate::read_patterns::read_patterns;
use crate::reading::Reading;
use crate::section::Section;

/// How callers are called back; `None` if `callback` is not set.
pub(crate) fn read_callback(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    site: Option<Language>,
) -> Option<CallbackPlan> {
    let is_on = QUEUE.callback.read(reading, section);
    let language = QUEUE.callback_language.read(reading, section).or(site).unwrap_or_default();
    let first = QUEUE.callback_first.read(reading, section).unwrap_or_default();
    let leaves_machines = read_machine(reading, section, first);
    let plan = CallbackPlan {
        key: read_key(reading, section, QUEUE.callback_key.name, '1'),
        after: QUEUE.callback_after.read(reading, section),
        told_over: QUEUE.callback_told_over.read(reading, section),
        when_full: QUEUE.callback_when_full.read(reading, section),
        times: QUEUE.callback_times.read(reading, section),
        number_keyed: QUEUE.callback_number_keyed.read(reading, section),
        allow: read_patterns(reading, section, QUEUE.callback_allow.name),
        tries: u8::try_from(QUEUE.callback_tries.read(reading, section)).unwrap_or(u8::MAX),
        pause: QUEUE.callback_pause.read(reading, section),
        ring: QUEUE.callback_ring.read(reading, section),
        until: QUEUE.callback_until.read(reading, section),
        first,
        ahead: QUEUE.callback_ahead.read(reading, section),
        leaves_machines,
        language,
        recordings: Vec::new(),
        prompts: Vec::new(),
    };
    let node = section.field(QUEUE.callback.name).filter(|_| is_on)?;
    let folder = language.say("en", "es");
    let mut prompt = |name: &str| reading.prompt(node, &format!("{folder}/{name}"));
    let recordings = recordings(language).iter().map(|(name, _)| prompt(name)).collect();
    let prompts = CallbackPrompt::ALL.iter().map(|it| prompt(it.recording())).collect();
    Some(CallbackPlan { recordings, prompts, ..plan })
}

/// Whether a machine that answers is left. With the agent first nobody listens for one, since the agent hears it.
fn read_machine(reading: &mut Reading<'_>, section: Section<'_>, first: CallbackFirst) -> bool {
    let is_ahead = first == CallbackFirst::Citizen;
    let leaves = QUEUE.callback_machine.read(reading, section);
    if leaves == Some(true) && !is_ahead {
        let found = "`callback_machine` is `try_again`, and the agent is rung first".to_owned();
        let expected = "`callback_first = \"citizen\"`, since an agent who is rung first hears the machine";
        let place = section.place_of(QUEUE.callback_machine.name);
        reading.fault(FaultKind::Unintelligible, place, found, expected);
    }
    leaves.unwrap_or(is_ahead)
}

/// The key of this name; `otherwise` if it is not set.
pub(crate) fn read_key(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    name: &'static str,
    otherwise: char,
) -> char {
    let Some(text) = section.text(reading, name) else { return otherwise };
    let mut signs = text.chars();
    match (signs.next(), signs.next()) {
        (Some(key), None) if key.is_ascii_digit() || matches!(key, '*' | '#') => key,
        (_, _) => {
            let found = format!("`{name}` is `{text}`");
            let expected = "one key: `0` to `9`, `*` or `#`";
            reading.fault(FaultKind::Unintelligible, section.place_of(name), found, expected);
            otherwise
        }
    }
}
