//! Reads what the plan says of agents on an ordinary telephone.

use turno_ground::Pii;
use turno_model::plan::{
    AgentPlan, DialOut, FeatureCodes, NumberPlan, OutsidePhone, PhonesPlan, bare_number,
};

use crate::fault::FaultKind;
use crate::keys::phones::{OUTSIDE_PHONE, PHONES};
use crate::reading::{Names, Reading};
use crate::section::Section;
use crate::tables::Tables;
use crate::words::Signs;

/// Digits of a PIN that strangers who call the agents' line do not guess.
const PIN_DIGITS: usize = 6;

/// The ordinary telephone of an agent, if there is one.
pub(crate) fn read_outside_phone(reading: &mut Reading<'_>, section: Section<'_>) -> Option<OutsidePhone> {
    let keys = &OUTSIDE_PHONE;
    let (press_one, line) = (keys.press_one.read(reading, section), keys.phone_line.read(reading, section));
    if !section.has(keys.phone_number.name) {
        for key in [keys.press_one.name, keys.phone_line.name].into_iter().filter(|key| section.has(key)) {
            let text = format!("an agent without `phone_number` has no use for `{key}`");
            reading.notice(section.place_of(key), text);
        }
        return None;
    }
    let number = read_digits(reading, section, (keys.phone_number.name, &keys.phone_number.value))?;
    Some(OutsidePhone { number: Pii(number), press_one, line })
}

/// Checks that ordinary telephones can be dialled, that each is one agent's, and that none is a number of the site.
fn check_outside_phones(
    reading: &mut Reading<'_>,
    tables: &Tables,
    (dial_out, numbers): (&DialOut, &[NumberPlan]),
) {
    let key = OUTSIDE_PHONE.phone_number.name;
    let mut known = Names::default();
    for section in tables.many(reading, "agent").into_iter().filter(|section| section.has(key)) {
        let place = section.place_of(key);
        let Some(number) = section.text(reading, key).map(bare_number) else { continue };
        reading.add_name(&mut known, &number, place, "phone_number");
        if dial_out.trunk.is_none() && !reading.is_partial {
            let found = "an agent's telephone is dialled outside, and the plan has no trunk for it";
            reading.fault(FaultKind::Conflict, place, found, "[dial_out] with a `trunk`");
        }
        if numbers.iter().any(|of_site| bare_number(&of_site.number) == number) {
            let found = "an agent's telephone is a number of the site, so turno would call itself";
            reading.fault(FaultKind::Conflict, place, found, "a number outside");
        }
    }
}

/// What [room] says of them. The prompt is read only where an agent has such a telephone.
pub(crate) fn read_phones(
    reading: &mut Reading<'_>,
    tables: &Tables,
    (agents, numbers, dial_out): (&[AgentPlan], &[NumberPlan], &DialOut),
    codes: &FeatureCodes,
) -> PhonesPlan {
    check_outside_phones(reading, tables, (dial_out, numbers));
    let language = codes.turn_language;
    let section = tables.single(reading, "room");
    let key = PHONES.agents_line.name;
    let agents_line =
        if section.has(key) { read_digits(reading, section, (key, &PHONES.agents_line.value)) } else { None };
    if let Some(line) = &agents_line
        && numbers.iter().any(|number| bare_number(&number.number) == *line)
    {
        let found = "the agents' line is a [[number]] too";
        reading.fault(FaultKind::Conflict, section.place_of(key), found, "a number that no [[number]] has");
    }
    if agents_line.is_some() && agents.iter().all(|agent| agent.pin.is_none()) && !reading.is_partial {
        let text = "no agent has a `pin`: nobody can log in on the agents' line";
        reading.notice(section.place_of(key), text);
    }
    let short = agents.iter().filter(|it| it.pin.as_ref().is_some_and(|pin| pin.reveal().len() < PIN_DIGITS));
    let short = short.count();
    if agents_line.is_some() && short > 0 {
        let text = format!(
            "anybody can call the agents' line, and {short} agents have a PIN of fewer than {PIN_DIGITS} digits"
        );
        reading.notice(section.place_of(key), text);
    }
    let given = section.prompt(reading, PHONES.press_one_prompt.name);
    let asking = tables
        .many(reading, "agent")
        .into_iter()
        .find(|agent| agent.field(OUTSIDE_PHONE.phone_number.name).is_some());
    let shipped = asking.and_then(|agent| agent.field(OUTSIDE_PHONE.phone_number.name));
    let press_one = match (given, shipped) {
        (Some(given), _) => Some(given),
        (None, Some(node)) if agents.iter().filter_map(|it| it.outside.as_ref()).any(|it| it.press_one) => {
            Some(reading.prompt(node, &format!("{}/agents/press_one", language.say("en", "es"))))
        }
        (None, _) => None,
    };
    PhonesPlan { agents_line, press_one }
}

/// A number of digits, without the signs by which people part them.
fn read_digits(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    (key, signs): (&str, &Signs),
) -> Option<String> {
    let text = section.text(reading, key)?;
    let bare = bare_number(text);
    if !signs.fits(&bare) || !bare.chars().all(|sign| sign.is_ascii_digit()) {
        let expected = format!("{}; `-`, `.`, spaces, brackets and `+` are dropped", signs.words());
        let found = format!("`{text}` can't be dialled");
        reading.fault(FaultKind::Unintelligible, section.place_of(key), found, expected);
        return None;
    }
    Some(bare)
}
