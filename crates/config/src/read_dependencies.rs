//! Reads [[dependency]]: lines outside to which agents pass callers on.

use turno_model::plan::{DependencyPlan, DialOut, FeatureCodes, WrapUpCodePlan, bare_number};

use crate::fault::FaultKind;
use crate::key::Key;
use crate::keys::dependencies::DEPENDENCY;
use crate::reading::{Names, Reading};
use crate::section::Section;
use crate::tables::Tables;
use crate::words::Signs;

/// What a dependency must fit.
pub(crate) struct Beside<'p> {
    pub(crate) extensions: &'p Names,
    pub(crate) codes: &'p FeatureCodes,
    pub(crate) dial_out: &'p DialOut,
    pub(crate) wrap_up_codes: &'p [WrapUpCodePlan],
}

/// Reads every [[dependency]].
pub(crate) fn read_dependencies(
    reading: &mut Reading<'_>,
    tables: &Tables,
    beside: &Beside<'_>,
) -> Vec<DependencyPlan> {
    let (mut names, mut extensions) = (Names::default(), Names::default());
    let mut plans = Vec::new();
    for section in tables.many(reading, "dependency") {
        let Some(name) = section.name(reading, DEPENDENCY.name.name) else { continue };
        reading.add_name(&mut names, name, section.place_of(DEPENDENCY.name.name), "dependency");
        let extension = digits(reading, section, &DEPENDENCY.extension, "*#");
        let number = digits(reading, section, &DEPENDENCY.number, "+");
        let (Some(extension), Some(number)) = (extension, number) else { continue };
        let place = section.place_of(DEPENDENCY.extension.name);
        reading.add_name(&mut extensions, &extension, place, "extension of a dependency");
        if let Some(first) = beside.extensions.place(&extension) {
            reading.twice(
                place,
                first,
                &format!("`{extension}`, as a dependency's and as a seat's extension,"),
            );
        }
        if let Some(code) = beside.codes.all().into_iter().find(|code| extension.starts_with(*code)) {
            let found = format!("the extension `{extension}` begins with the feature code `{code}`");
            reading.fault(FaultKind::Conflict, place, found, "an extension that is no feature code");
        }
        if beside.dial_out.trunk.is_none() {
            let found = "a dependency is dialled outside, and the plan has no trunk for it";
            reading.fault(FaultKind::Conflict, section.place, found, "[dial_out] with a `trunk`");
        }
        let outcome = read_outcome(reading, section, beside.wrap_up_codes);
        plans.push(DependencyPlan { name: name.to_owned(), extension, number, outcome });
    }
    plans
}

/// The digits of a key, without the signs by which people part them.
fn digits(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    key: &Key<Signs>,
    besides: &str,
) -> Option<String> {
    if !section.has(key.name) {
        section.missing(reading, key.name, &key.value.words());
        return None;
    }
    let text = section.text(reading, key.name)?;
    let bare = if besides == "+" { bare_number(text) } else { text.to_owned() };
    let is_right = |sign: char| sign.is_ascii_digit() || besides.contains(sign);
    if !key.value.fits(&bare) || !bare.chars().all(is_right) {
        let found = format!("`{text}` is no `{}`", key.name);
        reading.fault(FaultKind::Unintelligible, section.place_of(key.name), found, key.value.words());
        return None;
    }
    Some(bare)
}

fn read_outcome(reading: &mut Reading<'_>, section: Section<'_>, codes: &[WrapUpCodePlan]) -> Option<String> {
    let key = DEPENDENCY.outcome.name;
    let outcome = section.field(key).and_then(|_| section.text(reading, key))?;
    let is_known = codes.is_empty() || codes.iter().any(|known| known.code == outcome);
    if !is_known && !reading.is_partial {
        let known: Vec<&str> = codes.iter().map(|known| known.code.as_str()).collect();
        reading.unknown_name(section.place_of(key), "wrap-up code", outcome, &known);
    }
    Some(outcome.to_owned())
}
