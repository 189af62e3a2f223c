//! Reads [[agent]], [[seat_range]] and [[seat]].

use turno_ground::Secret;
use turno_model::encryption::SrtpPlan;
use turno_model::plan::{AgentPlan, SeatPlan};
use turno_model::{SeatId, SkillId};

use crate::fault::FaultKind;
use crate::keys::phones::OUTSIDE_PHONE;
use crate::keys::seats::{AGENT, DEFAULT_PASSWORD, Phone, SEAT};
use crate::keys::tls::SRTP;
use crate::limits;
use crate::password::{password_keys, read_password, read_pin};
use crate::read_encryption::read_srtp;
use crate::read_phones::read_outside_phone;
use crate::reading::{Names, Reading};
use crate::section::{Section, is_name, reference_of, whole_of};
use crate::source::SourceSpan;
use crate::tables::Tables;

/// Agents and seats with what others are checked against.
#[derive(Default)]
pub(crate) struct Seats {
    pub(crate) agents: Vec<AgentPlan>,
    pub(crate) plans: Vec<SeatPlan>,
    pub(crate) names: Names,
    pub(crate) extensions: Names,
}

/// What a phone registers by, and how its voices are encrypted.
struct Account {
    password: Secret,
    srtp: SrtpPlan,
}

struct SeatReader<'s> {
    seats: Seats,
    skills: &'s Names,
    loopback_only: bool,
}

/// Reads every agent with the own seat: single ones first, then ranges, each in the order of the files. Then come the seats
/// that are nobody's own.
pub(crate) fn read_seats(
    reading: &mut Reading<'_>,
    tables: &Tables,
    skills: &Names,
    loopback_only: bool,
) -> Seats {
    let mut reader = SeatReader { seats: Seats::default(), skills, loopback_only };
    for section in tables.many(reading, "agent") {
        reader.read_agent(reading, section);
    }
    for section in tables.many(reading, "seat_range") {
        reader.read_range(reading, section);
    }
    for section in tables.many(reading, "seat") {
        reader.read_seat(reading, section);
    }
    let seats =
        reader.seats.plans.len() - reader.seats.agents.iter().filter(|it| it.own_seat.is_some()).count();
    if seats > limits::SEATS_MAX {
        let (found, expected) = (format!("the plan has {seats} [[seat]]"), limits::SEATS_MAX);
        reading.fault(FaultKind::OutOfRange, reading.nowhere(), found, format!("at most {expected}"));
    }
    let count = reader.seats.agents.len();
    if count > limits::AGENTS_MAX {
        let expected = format!("at most {}", limits::AGENTS_MAX);
        reading.fault(
            FaultKind::OutOfRange,
            reading.nowhere(),
            format!("the plan has {count} agents"),
            expected,
        );
    }
    reader.seats
}

impl SeatReader<'_> {
    fn read_agent(&mut self, reading: &mut Reading<'_>, section: Section<'_>) {
        let Some(name) = section.name(reading, AGENT.name.name) else { return };
        let extension = section.text(reading, AGENT.extension.name).unwrap_or(name);
        if section.has(AGENT.extension.name) {
            is_name(reading, section.place_of(AGENT.extension.name), extension);
        }
        let place = section.place_of(if section.has(AGENT.extension.name) {
            AGENT.extension.name
        } else {
            AGENT.name.name
        });
        let skills = self.read_skills(reading, section);
        let display = section.text_or(reading, AGENT.display.name, name);
        let agent = AgentPlan {
            name: name.to_owned(),
            display,
            extension: extension.to_owned(),
            own_seat: None,
            skills,
            auto_login: AGENT.auto_login.read(reading, section),
            supervises: AGENT.supervises.read(reading, section),
            helps: AGENT.helps.read(reading, section),
            is_recorded: AGENT.recorded.read(reading, section),
            pin: read_pin(reading, section, extension),
            outside: read_outside_phone(reading, section),
            is_retired: false,
        };
        let has_key = section.has(AGENT.phone.name);
        let phone = match AGENT.phone.read(reading, section) {
            Phone::Own if !has_key && section.has(OUTSIDE_PHONE.phone_number.name) => Phone::None,
            phone @ (Phone::Own | Phone::None) => phone,
        };
        let account = match phone {
            Phone::Own => Some(Account {
                password: read_password(reading, section, extension, self.loopback_only),
                srtp: read_srtp(reading, section, None),
            }),
            Phone::None => {
                has_no_account(reading, section);
                None
            }
        };
        self.add(reading, section, place, (agent, account));
    }

    fn read_range(&mut self, reading: &mut Reading<'_>, section: Section<'_>) {
        let (Some(from), Some(to)) =
            (section.name(reading, AGENT.from.name), section.name(reading, AGENT.to.name))
        else {
            return;
        };
        let Some(extensions) = extensions_of(from, to) else {
            let found = format!("`{from}` to `{to}` is no range of seats");
            let expected = format!(
                "the same beginning and as many digits at the end, the first before the last, at most {} seats: \
                 `a001` to `a200`",
                limits::SEATS_PER_RANGE_MAX
            );
            reading.fault(FaultKind::OutOfRange, section.place_of(AGENT.to.name), found, expected);
            return;
        };
        let skills = self.read_skills(reading, section);
        let auto_login = AGENT.auto_login.read(reading, section);
        let supervises = AGENT.supervises.read(reading, section);
        let helps = AGENT.helps.read(reading, section);
        let is_recorded = AGENT.recorded.read(reading, section);
        let srtp = read_srtp(reading, section, None);
        for extension in extensions {
            let display =
                section.text_or(reading, AGENT.display.name, &extension).replace("{extension}", &extension);
            let password = read_password(reading, section, &extension, self.loopback_only);
            let pin = read_pin(reading, section, &extension);
            let name = extension.clone();
            let agent = AgentPlan {
                name,
                display,
                extension,
                own_seat: None,
                skills: skills.clone(),
                auto_login,
                supervises,
                helps,
                is_recorded,
                pin,
                outside: None,
                is_retired: false,
            };
            self.add(
                reading,
                section,
                section.place_of(AGENT.from.name),
                (agent, Some(Account { password, srtp })),
            );
        }
    }

    fn read_seat(&mut self, reading: &mut Reading<'_>, section: Section<'_>) {
        let Some(extension) = section.name(reading, SEAT.extension.name) else { return };
        let place = section.place_of(SEAT.extension.name);
        reading.add_name(&mut self.seats.extensions, extension, place, "extension");
        self.seats.plans.push(SeatPlan {
            extension: extension.to_owned(),
            display: section.text_or(reading, SEAT.display.name, extension),
            password: read_password(reading, section, extension, self.loopback_only),
            srtp: read_srtp(reading, section, None),
            is_retired: false,
        });
    }

    fn add(
        &mut self,
        reading: &mut Reading<'_>,
        section: Section<'_>,
        place: SourceSpan,
        (mut agent, account): (AgentPlan, Option<Account>),
    ) {
        if agent.name != agent.extension {
            reading.add_name(&mut self.seats.names, &agent.name, section.place_of(AGENT.name.name), "agent");
            reading.add_name(&mut self.seats.extensions, &agent.extension, place, "extension");
        } else if self.seats.names.find(&agent.name).is_some() {
            reading.add_name(&mut self.seats.names, &agent.name, place, "agent");
        } else {
            self.seats.names.push(agent.name.clone(), place);
            reading.add_name(&mut self.seats.extensions, &agent.extension, place, "extension");
        }
        if agent.skills.is_empty() && !section.has(AGENT.skills.name) {
            let text = format!("agent {} has no skills and will never get a contact", agent.name);
            reading.notice(section.place, text);
        }
        if let Some(Account { password, srtp }) = account {
            agent.own_seat = u32::try_from(self.seats.plans.len()).ok().map(SeatId);
            self.seats.plans.push(SeatPlan {
                extension: agent.extension.clone(),
                display: agent.display.clone(),
                password,
                srtp,
                is_retired: false,
            });
        }
        self.seats.agents.push(agent);
    }

    /// `skills = { luae = 1, general = 2 }`.
    fn read_skills(&self, reading: &mut Reading<'_>, section: Section<'_>) -> Vec<(SkillId, u8)> {
        let mut skills = Vec::new();
        for (key, node) in section.table(reading, AGENT.skills.name) {
            let level = whole_of(reading, node, "level", AGENT.skills.value.0, None)
                .and_then(|level| u8::try_from(level).ok());
            let skill = reference_of(reading, key.place, &key.name, "skill", self.skills);
            if let (Some(skill), Some(level)) = (skill, level) {
                skills.push((SkillId(skill), level));
            }
        }
        skills
    }
}

/// An agent without a phone of their own has no password and no encryption.
fn has_no_account(reading: &mut Reading<'_>, section: Section<'_>) {
    let keys = password_keys().into_iter().chain([
        DEFAULT_PASSWORD.default_password.name,
        SRTP.srtp.name,
        SRTP.srtp_without_tls.name,
    ]);
    for key in keys.filter(|key| section.has(key)) {
        let found = format!("`{key}` is a phone's, and this agent has none: `phone = \"none\"`");
        let expected = format!("no `{key}`, or a phone of the agent's own");
        reading.fault(FaultKind::Conflict, section.place_of(key), found, expected);
    }
}

/// All extensions from the first to the last: a common beginning and a number with as many digits.
fn extensions_of(from: &str, to: &str) -> Option<Vec<String>> {
    let beginning = from.trim_end_matches(|c: char| c.is_ascii_digit());
    let first_digits = &from[beginning.len()..];
    let last_digits = to.strip_prefix(beginning)?;
    if first_digits.len() != last_digits.len() || !last_digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (first, last): (u64, u64) = (first_digits.parse().ok()?, last_digits.parse().ok()?);
    if last < first || last - first >= limits::SEATS_PER_RANGE_MAX {
        return None;
    }
    let width = first_digits.len();
    Some((first..=last).map(|number| format!("{beginning}{number:0width$}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_of_two_hundred_seats_is_one_line() {
        let seats = extensions_of("a001", "a200").expect("a range");
        assert_eq!((seats.len(), seats[0].as_str(), seats[199].as_str()), (200, "a001", "a200"));
        assert_eq!(extensions_of("1001", "1020").map(|seats| seats.len()), Some(20));
    }

    #[test]
    fn what_is_no_range_is_none() {
        for (from, to) in
            [("a2", "a1"), ("a1", "b2"), ("a1", "a10"), ("a", "a"), ("0000001", "9999999"), ("a1", "a1x")]
        {
            assert_eq!(extensions_of(from, to), None, "{from} {to}");
        }
    }
}
