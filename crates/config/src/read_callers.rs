//! Reads [[caller_list]].

use turno_ground::Pii;
use turno_model::plan::{CALLER_LISTS_MAX, CallerListPlan, LISTED_PATTERNS_MAX};
use turno_model::{Language, ListEffect};

use crate::fault::FaultKind;
use crate::keys::callers::{CALLER_LIST, Does};
use crate::read_patterns::read_patterns;
use crate::reading::{Names, Reading};
use crate::tables::Tables;

/// Reads every [[caller_list]].
pub(crate) fn read_caller_lists(
    reading: &mut Reading<'_>,
    tables: &Tables,
    site: Option<Language>,
) -> Vec<CallerListPlan> {
    let mut names = Names::default();
    let mut lists = Vec::new();
    let mut patterns = 0;
    for section in tables.many(reading, "caller_list") {
        let Some(name) = section.name(reading, CALLER_LIST.name.name) else { continue };
        reading.add_name(&mut names, name, section.place_of(CALLER_LIST.name.name), "list of callers");
        let numbers = read_patterns(reading, section, CALLER_LIST.numbers.name);
        patterns += numbers.iter().filter(|number| is_pattern(number)).count();
        let priority = u8::try_from(CALLER_LIST.priority.read(reading, section)).unwrap_or(u8::MAX);
        let own_prompt = section.prompt(reading, CALLER_LIST.prompt.name);
        let key = CALLER_LIST.r#do.name;
        let (Some(does), Some(node)) = (CALLER_LIST.r#do.read(reading, section), section.field(key)) else {
            if !section.has(key) {
                section.missing(reading, key, "`\"prefer\"` or `\"refuse\"`");
            }
            continue;
        };
        let (effect, prompt) = match does {
            Does::Prefer => (ListEffect::Prefer(priority), None),
            Does::Refuse => {
                let name = format!("{}/not_served", site.unwrap_or_default().say("en", "es"));
                (ListEffect::Refuse, own_prompt.or_else(|| Some(reading.prompt(node, &name))))
            }
        };
        let idle = match does {
            Does::Prefer => CALLER_LIST.prompt.name,
            Does::Refuse => CALLER_LIST.priority.name,
        };
        if section.has(idle) {
            let text = format!("the list `{name}` does something else: its `{idle}` has no effect");
            reading.notice(section.place_of(idle), text);
        }
        let numbers = numbers.into_iter().map(Pii).collect();
        lists.push(CallerListPlan { name: name.to_owned(), numbers, effect, prompt });
    }
    let place = names.iter().last().and_then(|name| names.place(name)).unwrap_or_default();
    for (many, most, what) in [
        (lists.len(), CALLER_LISTS_MAX, "lists of callers"),
        (patterns, LISTED_PATTERNS_MAX, "patterns that are no whole numbers"),
    ] {
        if many > most {
            let found = format!("the plan has {many} {what}");
            reading.fault(FaultKind::OutOfRange, place, found, format!("at most {most}"));
        }
    }
    lists
}

/// Whether a number of a list stands for several.
fn is_pattern(number: &str) -> bool {
    number.contains(['X', '.'])
}
