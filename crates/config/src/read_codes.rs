//! Reads [feature_codes], [[aux_reason]] and [room]: what agents dial, and what is asked of them.

use turno_model::plan::{
    AnswerWithin, AtOnce, AuxReasonPlan, BreakTurns, CODE_PROMPTS as CODE_PROMPT_COUNT, FeatureCodes,
    RoomPlan,
};
use turno_model::{HoursId, Language, PromptName};

use crate::fault::FaultKind;
use crate::key::Key;
use crate::keys::dialling::{CODE_PROMPTS, FEATURE_CODES};
use crate::keys::seats::AUX_REASON;
use crate::keys::site::ROOM;
use crate::read_handling::read_phone_key;
use crate::read_queues::sentence_prompts;
use crate::reading::{Names, Reading};
use crate::section::Section;
use crate::sections::table;
use crate::source::SourceSpan;
use crate::tables::Tables;
use crate::words::Signs;

/// Reads [feature_codes].
pub(crate) fn read_feature_codes(
    reading: &mut Reading<'_>,
    tables: &Tables,
    (numbers, site): (&Names, Option<Language>),
) -> FeatureCodes {
    let section = tables.single(reading, "feature_codes");
    let mut codes: Vec<(&str, String, SourceSpan)> = Vec::new();
    let keys = [
        &FEATURE_CODES.log_in,
        &FEATURE_CODES.log_out,
        &FEATURE_CODES.ready,
        &FEATURE_CODES.aux,
        &FEATURE_CODES.end_acw,
        &FEATURE_CODES.wrap_up,
        &FEATURE_CODES.listen,
        &FEATURE_CODES.whisper,
        &FEATURE_CODES.barge,
        &FEATURE_CODES.take_over,
        &FEATURE_CODES.extend_acw,
        &FEATURE_CODES.record,
        &FEATURE_CODES.pause_recording,
        &FEATURE_CODES.resume_recording,
        &FEATURE_CODES.survey,
        &FEATURE_CODES.sit,
        &FEATURE_CODES.to_front,
        &FEATURE_CODES.speak,
    ];
    for key in keys {
        let code = read_code(reading, section, key);
        let (key, place) = (key.name, section.place_of(key.name));
        if let Some((other, _, first)) =
            codes.iter().find(|(_, known, _)| known.starts_with(&code) || code.starts_with(known.as_str()))
        {
            let found = format!("the codes `{key}` and `{other}` begin alike");
            let first = reading.origin.sources[first.file].location(*first);
            let expected = "codes of which none is another's beginning";
            reading.fault(FaultKind::Conflict, place, found, expected).first = Some(first);
        }
        if let Some(first) = numbers.place(&code) {
            reading.twice(place, first, &format!("`{code}`, as a code and as an extension,"));
        }
        codes.push((key, code, place));
    }
    let prompts = read_code_prompts(reading, section);
    let mut codes = codes.into_iter().map(|(_, code, _)| code);
    let mut next = || codes.next().unwrap_or_default();
    FeatureCodes {
        log_in: next(),
        log_out: next(),
        ready: next(),
        aux: next(),
        end_acw: next(),
        wrap_up: next(),
        listen: next(),
        whisper: next(),
        barge: next(),
        take_over: next(),
        extend_acw: next(),
        record: next(),
        pause_recording: next(),
        resume_recording: next(),
        survey: next(),
        sit: next(),
        to_front: next(),
        speak: next(),
        prompts,
        turn_language: FEATURE_CODES.language.read(reading, section).or(site).unwrap_or_default(),
        turn_recordings: Vec::new(),
    }
}

fn read_code(reading: &mut Reading<'_>, section: Section<'_>, key: &Key<Signs>) -> String {
    let default = key.value.default;
    let code = section.text_or(reading, key.name, default);
    let fits = key.value.fits(&code) && code.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'));
    if !fits {
        let expected = format!("{}, such as `{default}`", key.value.words());
        reading.fault(
            FaultKind::Unintelligible,
            section.place_of(key.name),
            format!("`{code}` is no code"),
            expected,
        );
    }
    code
}

fn read_code_prompts(
    reading: &mut Reading<'_>,
    section: Section<'_>,
) -> [Option<PromptName>; CODE_PROMPT_COUNT] {
    let Some(node) = section.field(FEATURE_CODES.prompts.name) else { return [None; CODE_PROMPT_COUNT] };
    let table = table("feature_codes.prompts");
    let prompts = Section::new(reading, node, table.title, &table.keys());
    let keys = [
        &CODE_PROMPTS.log_in,
        &CODE_PROMPTS.log_out,
        &CODE_PROMPTS.ready,
        &CODE_PROMPTS.aux,
        &CODE_PROMPTS.end_acw,
        &CODE_PROMPTS.wrap_up,
        &CODE_PROMPTS.record,
        &CODE_PROMPTS.pause_recording,
        &CODE_PROMPTS.resume_recording,
        &CODE_PROMPTS.refused,
        &CODE_PROMPTS.not_now,
        &CODE_PROMPTS.sit_extension,
        &CODE_PROMPTS.sit_pin,
    ];
    keys.map(|key| prompts.prompt(reading, key.name))
}

/// Reads every [[aux_reason]]. The sentence that tells a turn gets its recordings in `codes`.
pub(crate) fn read_aux_reasons(
    reading: &mut Reading<'_>,
    tables: &Tables,
    hours: &Names,
    codes: &mut FeatureCodes,
) -> Vec<AuxReasonPlan> {
    let mut names = Names::default();
    let mut digits = Names::default();
    let mut reasons = Vec::new();
    for section in tables.many(reading, "aux_reason") {
        let Some(name) = section.name(reading, AUX_REASON.name.name) else { continue };
        reading.add_name(&mut names, name, section.place_of(AUX_REASON.name.name), "AUX reason");
        if !section.has(AUX_REASON.digit.name) {
            section.missing(reading, AUX_REASON.digit.name, "the key dialled after the AUX code, 0 to 9");
        }
        let Some(digit) = AUX_REASON.digit.read(reading, section) else { continue };
        reading.add_name(&mut digits, &digit.to_string(), section.place_of(AUX_REASON.digit.name), "digit");
        let turns = read_turns(reading, section, hours);
        if let Some(node) = section.field(AUX_REASON.hours.name).filter(|_| codes.turn_recordings.is_empty())
        {
            codes.turn_recordings = sentence_prompts(reading, node, codes.turn_language);
        }
        let is_interruptible = AUX_REASON.interruptible.read(reading, section);
        if is_interruptible && turns.is_some() {
            let found = "a break in turns is promised to the agent, and can't be interrupted";
            let place = section.place_of(AUX_REASON.interruptible.name);
            reading.fault(FaultKind::Conflict, place, found, "either `hours` or `interruptible`");
        }
        let digit = u8::try_from(digit).unwrap_or(0);
        reasons.push(AuxReasonPlan { name: name.to_owned(), digit, turns, is_interruptible });
    }
    reasons
}

/// How agents take turns; `None` where no hours are written.
fn read_turns(reading: &mut Reading<'_>, section: Section<'_>, hours: &Names) -> Option<BreakTurns> {
    let turns = BreakTurns {
        hours: HoursId(0),
        span: AUX_REASON.span.read(reading, section),
        at_once: AUX_REASON.at_once.read(reading, section),
        wait_limit: AUX_REASON.wait_limit.read(reading, section),
        unused: AUX_REASON.unused.read(reading, section),
    };
    if !section.has(AUX_REASON.hours.name) {
        let keys = [
            AUX_REASON.span.name,
            AUX_REASON.at_once.name,
            AUX_REASON.wait_limit.name,
            AUX_REASON.unused.name,
        ];
        for key in keys.into_iter().filter(|key| section.has(key)) {
            let text = format!("an AUX reason without `hours` is not in turns: its `{key}` has no effect");
            reading.notice(section.place_of(key), text);
        }
        return None;
    }
    let hours = section.reference(reading, AUX_REASON.hours.name, "opening hours", hours)?;
    Some(BreakTurns { hours: HoursId(hours), ..turns })
}

/// Reads [room].
pub(crate) fn read_room(reading: &mut Reading<'_>, tables: &Tables) -> RoomPlan {
    let section = tables.single(reading, "room");
    let help_key = read_phone_key(reading, section, ROOM.help_key.name);
    let consult_key = read_phone_key(reading, section, ROOM.consult_key.name);
    if help_key.is_some() && help_key == consult_key {
        let found = "`help_key` and `consult_key` are the same key";
        let place = section.place_of(ROOM.consult_key.name);
        reading.fault(FaultKind::Conflict, place, found, "two keys");
    }
    RoomPlan {
        acw_considered_idle: ROOM.acw_considered_idle.read(reading, section),
        aux_considered_idle: ROOM.aux_considered_idle.read(reading, section),
        observed_tone: ROOM.observed_tone.read(reading, section),
        help_key,
        consult_key,
        at_once: AtOnce {
            chats: few(ROOM.chats_at_once.read(reading, section)),
            whatsapp: few(ROOM.whatsapp_at_once.read(reading, section)),
            emails: few(ROOM.emails_at_once.read(reading, section)),
            calls_beside: few(ROOM.calls_beside.read(reading, section)),
        },
        answer_within: AnswerWithin {
            chat: ROOM.chat_within.read(reading, section),
            whatsapp: ROOM.whatsapp_within.read(reading, section),
            email: ROOM.email_within.read(reading, section),
        },
        keep_for_calls: ROOM.keep_for_calls.read(reading, section),
        menus_max: ROOM.menus_max.read(reading, section),
        direct_wait: ROOM.direct_wait.read(reading, section),
        direct_most: ROOM.direct_most.read(reading, section),
        speak_max: ROOM.speak_max.read(reading, section),
    }
}

/// A number that its key keeps within what a byte holds.
fn few(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(AtOnce::MOST)
}
