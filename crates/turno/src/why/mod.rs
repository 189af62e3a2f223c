//! `turno why` and `turno why-not`: sentences that a supervisor can read to a citizen, weeks later.

mod not;
mod rows;
mod site;

use clap::Args;
use jiff::Zoned;
use jiff::civil::Date;
use turno_model::PlanIndex;
use turno_trace::why::{Why, why, why_from_rows};
use turno_trace::{Numbers, recent, table};

use crate::exit::Exit;
use crate::why::site::{Site, SiteArgs};

pub(crate) use not::WhyNotArgs;

/// Most contacts of a day among which a number is looked for.
const CONTACTS_MAX: usize = 100_000;

/// Why a contact waited, and who got it: its whole story in sentences, from the journal's facts; older ones from the history.
#[derive(Args)]
pub(crate) struct WhyArgs {
    /// The contact's number, or its last digits.
    #[arg(required_unless_present = "number", conflicts_with = "number")]
    contact: Option<String>,
    /// List the contacts from a number that ends with these digits.
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// The day of that list at the site, such as 2026-11-24, `today` or `yesterday`.
    #[arg(long, value_name = "DAY", default_value = "today", value_parser = crate::report::day)]
    day: Date,
    #[command(flatten)]
    site: SiteArgs,
}

impl WhyArgs {
    /// Tells, and says how it ended.
    pub(crate) fn run(self) -> Exit {
        let done = self.site.site().and_then(|site| match (&self.contact, &self.number) {
            (Some(contact), _) => tell(&site, contact),
            (None, Some(number)) => list(&site, number, self.day),
            (None, None) => Ok(Exit::NothingThere),
        });
        done.unwrap_or_else(|exit| exit)
    }
}

fn tell(site: &Site, contact: &str) -> Result<Exit, Exit> {
    if let Some(why) = from_facts(site, contact) {
        return Ok(site.print(&why));
    }
    let rows = match contact.parse() {
        Ok(number) => site.with_history(|store| rows::rows_of(store, number))?.flatten(),
        Err(_) => None,
    };
    let Some(rows) = rows else { return Err(site.unknown(contact)) };
    let index = PlanIndex::of(&site.plan);
    Ok(site.print(&why_from_rows(&rows, site.telling(&index))))
}

fn from_facts(site: &Site, contact: &str) -> Option<Why> {
    let folder = site.facts.as_ref()?;
    let is_number = !contact.is_empty() && contact.bytes().all(|digit| digit.is_ascii_digit());
    let (contact, arrived) = folder.find(contact).filter(|_| is_number)?;
    let stretch = folder.around(contact, arrived);
    let index = stretch.index.unwrap_or_else(|| PlanIndex::of(&site.plan));
    why(contact, &stretch.facts, site.telling(&index))
}

/// The contacts of a number on a day, from facts or else from the history.
fn list(site: &Site, number: &str, day: Date) -> Result<Exit, Exit> {
    let (from, to) = site.day(day).map_err(|why| {
        complain!("turno: {why}");
        Exit::NothingThere
    })?;
    let stretch = site.facts.as_ref().map(|folder| folder.between(from, to)).unwrap_or_default();
    let last = (stretch.index.unwrap_or_else(|| PlanIndex::of(&site.plan)), stretch.facts);
    let mut rows = Vec::new();
    for (index, facts) in stretch.before.iter().chain([&last]) {
        let plan = site.plan_of(index);
        let of_day = facts.iter().filter(|(at, _)| (from..to).contains(at)).map(|(at, fact)| (*at, fact));
        let all = recent(of_day, CONTACTS_MAX);
        let of_number = all.iter().filter(|one| one.is_contact() && one.is_from(number));
        rows.extend(of_number.map(|one| one.row(&plan, Numbers::Short)));
    }
    if !rows.is_empty() {
        say_part!("{}", table(&rows));
        return Ok(Exit::Done);
    }
    let day = day.to_string();
    let kept = site.with_history(|store| rows::of_number(store, number, &day))?.unwrap_or_default();
    if kept.is_empty() {
        let none = site.language.say(
            "nobody called from that number on that day, as far as is kept",
            "nadie llamó desde ese número ese día, según lo que se conserva",
        );
        complain!("turno: {none}");
        return Err(Exit::NothingThere);
    }
    for one in kept {
        let micros = i64::try_from(one.arrived.as_micros()).unwrap_or(i64::MAX);
        let stamp = jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::MAX);
        let clock = Zoned::new(stamp, site.zone()).strftime("%Y-%m-%d %H:%M:%S").to_string();
        say!("{}  {clock}  {}  {}", one.contact, one.queue, one.outcome);
    }
    Ok(Exit::Done)
}
