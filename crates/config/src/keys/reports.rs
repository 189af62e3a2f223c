//! The keys of [reports], [[reports.tariff]] and [[reports.schedule]].

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use turno_model::plan::{
    ReportBy, ReportEvery, ReportFormat, ReportOf, ReportSpan, ReportsPlan, ScheduledReport, Shift, Tariff,
};

use crate::duration_text;
use crate::key::keys;
use crate::keys::site::in_days;
use crate::told::Said;
use crate::values::{OptionalWhole, Span, minutes, secs, span, written};
use crate::words::{Choice, Own, REQUIRED, Word, own, word};
use turno_model::Language;

const EVERY: [(&str, ReportEvery); 3] =
    [("day", ReportEvery::Day), ("week", ReportEvery::Week), ("month", ReportEvery::Month)];

const SPANS: [(&str, ReportSpan); 3] = [
    ("yesterday", ReportSpan::Yesterday),
    ("last-week", ReportSpan::LastWeek),
    ("last-month", ReportSpan::LastMonth),
];

const LANGUAGES: [(&str, Language); 2] = [("es", Language::Spanish), ("en", Language::English)];

keys! {
    /// The keys of [reports].
    REPORTS: ReportsKeys of ReportsPlan beside { folder, kept, shifts_file, shifts, tariffs, schedule } {
        /// the folder into which scheduled reports are written ([REPORTS.md](REPORTS.md#by-schedule-into-a-folder)); turno makes the last part of its path
        folder: Own = own("none", ""), start { by |_, reports| reports.folder.clone() };
        /// how many days scheduled reports stay there; turno removes only files that it has written
        kept_days: OptionalWhole = written("for ever", 1..=36_500, "days"), start { by |_, reports| reports.kept.map(in_days) };
        /// the file with the shifts of agents, CSV with the columns `agent,day,from,to,activity`
        /// ([REPORTS.md](REPORTS.md#adherence))
        shifts: Own = own("none: no adherence", ""), reload { by |_, reports| shifts(reports) };
        /// the tables `[[reports.tariff]]`: what calls cost
        tariff: Own = own("none: no costs", ""), reload { by |_, reports| reports.tariffs.iter().map(tariff).collect::<Vec<_>>() };
        /// the tables `[[reports.schedule]]`: reports that are written into `folder`
        schedule: Own = own("none", ""), start { by |_, reports| reports.schedule.iter().map(scheduled).collect::<Vec<_>>() };
    }
}

keys! {
    /// The keys of [[reports.tariff]].
    TARIFF: TariffKeys of Tariff {
        /// the dialled number
        number: Own = own("every number without a tariff of its own", "a `number` of [[number]]"), reload { elsewhere };
        /// the currency's name, such as `USD`: the same in all tariffs
        currency: Own = REQUIRED, reload { elsewhere };
        /// the price of a minute, as a text such as `"0.045"`
        minute: Own = own("required", "at most 1000, with at most six places behind the point"), reload { elsewhere };
        /// the first step: the least time that is charged
        first: Span = span(minutes(1), secs(1)..=minutes(10)), reload { elsewhere };
        /// each further step, which is charged when it begins
        step: Span = span(minutes(1), secs(1)..=minutes(10)), reload { elsewhere };
    }
}

keys! {
    /// The keys of [[reports.schedule]].
    SCHEDULE: ScheduleKeys of ScheduledReport {
        /// the name, with which its files' names begin
        name: Own = REQUIRED, start { elsewhere };
        /// whose figures
        of: Word<ReportOf> = word(&ReportOf::WORDS, ReportOf::Queues), start { elsewhere };
        /// by which time they are added up
        by: Word<ReportBy> = word(&ReportBy::WORDS, ReportBy::Day), start { elsewhere };
        /// the form
        format: Word<ReportFormat> = word(&ReportFormat::WORDS, ReportFormat::Html), start { elsewhere };
        /// when: every `day`, every `week` on Monday, every `month` on the first
        every: Word<ReportEvery> = word(&EVERY, ReportEvery::Day), start { elsewhere };
        /// at which time of the site's clock
        at: Own = own("`06:00`", "00:00 to 23:59"), start { elsewhere };
        /// of which days
        span: Choice<ReportSpan> = Choice { words: &SPANS, shown: "`yesterday`, `last-week` or `last-month`, as `every` is" },
            start { elsewhere };
        /// the language of its heads
        language: Choice<Language> = Choice { words: &LANGUAGES, shown: "the site's" }, start { elsewhere };
    }
}

/// The file, how many shifts it has, and a mark that changes with any of them.
fn shifts(reports: &ReportsPlan) -> Option<Said> {
    let file = reports.shifts_file.as_ref()?;
    let mut mark = DefaultHasher::new();
    reports.shifts.iter().for_each(|Shift { agent, day, from, to, activity }| {
        format!("{agent},{day},{from},{to},{activity:?}").hash(&mut mark);
    });
    let (file, count) = (file.display(), reports.shifts.len());
    Some(Said(format!("{file} with {count} shifts, mark {:04x}", mark.finish() & 0xffff)))
}

fn tariff(tariff: &Tariff) -> Said {
    let Tariff { number, currency, minute_micros, first, step } = tariff;
    let number = number.as_deref().unwrap_or("every other number");
    let (whole, part) = (minute_micros / 1_000_000, minute_micros % 1_000_000);
    let [first, step] = [*first, *step].map(duration_text::write);
    Said(format!("{number}: {currency} {whole}.{part:06} a minute, first {first}, then {step}"))
}

fn scheduled(report: &ScheduledReport) -> Said {
    let ScheduledReport { name, of, by, format, every, at, span, language } = report;
    let every = word_of(&EVERY, every);
    let (of, by) = (word_of(&ReportOf::WORDS, of), word_of(&ReportBy::WORDS, by));
    let (format, span) = (word_of(&ReportFormat::WORDS, format), word_of(&SPANS, span));
    let language = language.map_or("", |language| word_of(&LANGUAGES, &language));
    Said(format!("{name}: {of} by {by} of {span} as {format} {language}, every {every} at {at}"))
}

fn word_of<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> &'static str {
    words.iter().find(|(_, known)| known == value).map_or("", |(word, _)| word)
}
