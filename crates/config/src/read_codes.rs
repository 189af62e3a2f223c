//! Reads [feature_codes], [[aux_reason]] and [room]: what agents dial, and what is asked of them.

use turno_model::PromptName;
use turno_model::plan::{AuxReasonPlan, FeatureCodes, RoomPlan};

use crate::fault::FaultKind;
use crate::limits;
use crate::reading::{Names, Reading};
use crate::section::Section;
use crate::source::Place;
use crate::tables::Tables;

pub(crate) const CODE_KEYS: [&str; 7] =
    ["log_in", "log_out", "ready", "aux", "end_acw", "wrap_up", "prompts"];
/// In the order of `FeatureCodes::prompts`.
pub(crate) const CODE_PROMPT_KEYS: [&str; 7] =
    ["log_in", "log_out", "ready", "aux", "end_acw", "wrap_up", "refused"];
/// The codes unless the plan says otherwise, in the order of the keys.
pub(crate) const CODES: [&str; 6] = ["*11", "*12", "*13", "*14", "*15", "*16"];
pub(crate) const AUX_KEYS: [&str; 2] = ["name", "digit"];
pub(crate) const ROOM_KEYS: [&str; 2] = ["acw_considered_idle", "aux_considered_idle"];

/// Longest feature code, in characters.
const CODE_LENGTH_MAX: usize = 8;

/// Reads [feature_codes].
pub(crate) fn read_feature_codes(
    reading: &mut Reading<'_>,
    tables: &Tables,
    numbers: &Names,
) -> FeatureCodes {
    let section = tables.single(reading, "feature_codes", "[feature_codes]", &CODE_KEYS);
    let mut codes: Vec<(&str, String, Place)> = Vec::new();
    for (key, default) in CODE_KEYS.into_iter().zip(CODES) {
        let code = read_code(reading, section, key, default);
        let place = section.place_of(key);
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
        prompts,
    }
}

fn read_code(reading: &mut Reading<'_>, section: Section<'_>, key: &str, default: &str) -> String {
    let code = section.text_or(reading, key, default);
    let fits = !code.is_empty()
        && code.len() <= CODE_LENGTH_MAX
        && code.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'));
    if !fits {
        let expected = format!("1 to {CODE_LENGTH_MAX} of 0 to 9, `*`, `#`, such as `{default}`");
        reading.fault(
            FaultKind::Unintelligible,
            section.place_of(key),
            format!("`{code}` is no code"),
            expected,
        );
    }
    code
}

fn read_code_prompts(reading: &mut Reading<'_>, section: Section<'_>) -> [Option<PromptName>; 7] {
    let Some(node) = section.field("prompts") else { return [None; 7] };
    let prompts = Section::new(reading, node, "[feature_codes.prompts]", &CODE_PROMPT_KEYS);
    CODE_PROMPT_KEYS.map(|key| prompts.prompt(reading, key))
}

/// Reads every [[aux_reason]].
pub(crate) fn read_aux_reasons(reading: &mut Reading<'_>, tables: &Tables) -> Vec<AuxReasonPlan> {
    let mut names = Names::default();
    let mut digits = Names::default();
    let mut reasons = Vec::new();
    for section in tables.many(reading, "aux_reason", "[[aux_reason]]", &AUX_KEYS) {
        let Some(name) = section.name(reading, "name") else { continue };
        reading.add_name(&mut names, name, section.place_of("name"), "AUX reason");
        if !section.has("digit") {
            section.missing(reading, "digit", "the key dialled after the AUX code, 0 to 9");
        }
        let Some(digit) = section.whole(reading, limits::AUX_DIGIT) else { continue };
        reading.add_name(&mut digits, &digit.to_string(), section.place_of("digit"), "digit");
        reasons.push(AuxReasonPlan { name: name.to_owned(), digit: u8::try_from(digit).unwrap_or(0) });
    }
    reasons
}

/// Reads [room].
pub(crate) fn read_room(reading: &mut Reading<'_>, tables: &Tables) -> RoomPlan {
    let section = tables.single(reading, "room", "[room]", &ROOM_KEYS);
    RoomPlan {
        acw_considered_idle: section.flag(reading, "acw_considered_idle", false),
        aux_considered_idle: section.flag(reading, "aux_considered_idle", false),
    }
}
