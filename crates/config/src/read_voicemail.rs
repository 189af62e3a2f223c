//! Reads how the callers of a queue leave messages.

use turno_model::Language;
use turno_model::plan::{RecordingPlan, VoicemailPlan, VoicemailPrompt};
use turno_model::speech::recordings;

use crate::fault::FaultKind;
use crate::keys::queues::QUEUE;
use crate::read_callback::read_key;
use crate::reading::Reading;
use crate::section::Section;

/// How callers leave messages; `None` if `voicemail` is not set.
pub(crate) fn read_voicemail(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    (site, recording): (Option<Language>, Option<&RecordingPlan>),
) -> Option<VoicemailPlan> {
    let is_on = QUEUE.voicemail.read(reading, section);
    let language = QUEUE.voicemail_language.read(reading, section).or(site).unwrap_or_default();
    let plan = VoicemailPlan {
        key: read_key(reading, section, QUEUE.voicemail_key.name, '2'),
        greeting: section.prompts(reading, QUEUE.voicemail_greeting.name),
        silence: QUEUE.voicemail_silence.read(reading, section),
        longest: QUEUE.voicemail_longest.read(reading, section),
        messages_max: QUEUE.voicemail_max.read(reading, section),
        language,
        recordings: Vec::new(),
        prompts: Vec::new(),
    };
    let node = section.field(QUEUE.voicemail.name).filter(|_| is_on)?;
    if recording.is_none() && !reading.is_partial {
        let found = "messages of callers are recordings, and the plan has no folder for them";
        let expected = "[recording] with `folder` and `key_file`, or no `voicemail`";
        reading.fault(FaultKind::Missing, node.place, found, expected);
    }
    let calls_back = QUEUE.callback.read(reading, section);
    if calls_back && read_key(reading, section, QUEUE.callback_key.name, '1') == plan.key {
        let found = format!("the key `{}` is for a callback and for a message", plan.key);
        let expected = "different keys for `callback_key` and `voicemail_key`";
        reading.fault(FaultKind::Conflict, section.place_of(QUEUE.voicemail_key.name), found, expected);
    }
    let folder = language.say("en", "es");
    let mut prompt = |name: &str| reading.prompt(node, &format!("{folder}/{name}"));
    let recordings = recordings(language).iter().map(|(name, _)| prompt(name)).collect();
    let prompts = VoicemailPrompt::ALL.iter().map(|it| prompt(it.recording())).collect();
    Some(VoicemailPlan { recordings, prompts, ..plan })
}
