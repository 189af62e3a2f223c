//! Times every report over a whole file: `year_reports SITE FILE`. With `plans` behind them: how SQLite reads it.
//!
//! The first time is that of the clock, the second one that of the processor: they differ where other programs run too.

#![expect(clippy::disallowed_methods, reason = "a program that measures reads a clock")]

use core::time::Duration;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use jiff::civil::{Date, Time};
use rustix::time::{ClockId, clock_gettime};
use turno_history::report::{self, Question};
use turno_history::store::Store;
use turno_history::{SqliteStore, Value};
use turno_model::plan::{Activity, ReportBy, ReportOf, Shift, Tariff};
use turno_model::{Language, Plan};

/// Each report is made so often; the longest time counts.
const TIMES: usize = 2;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [site, file, rest @ ..] = words.as_slice() else { panic!("year_reports SITE FILE [plans]") };
    let (mut plan, _) = turno_config::load(Path::new(site)).unwrap_or_else(|refused| panic!("{refused}"));
    let mut store = SqliteStore::new(Path::new(file), Duration::from_secs(5));
    let days = rows(&mut store, "SELECT DISTINCT day FROM interval_agent ORDER BY 1");
    let days: Vec<Date> = days.iter().filter_map(|row| row[0].text()?.parse().ok()).collect();
    give_shifts_and_a_tariff(&mut plan, &days);
    let (from, to) = (days[0], *days.last().expect("days"));
    let question = |of, by| Question { from, to, of, by };
    if rest.first().is_some_and(|word| word == "plans") {
        for (word, of) in ReportOf::WORDS {
            let mut told = BTreeSet::new();
            for text in report::queries(&question(of, ReportBy::Day), &plan) {
                let text = text.replace("$1", &format!("'{from}'")).replace("$2", &format!("'{to}'"));
                let steps = rows(&mut store, &format!("EXPLAIN QUERY PLAN {text}"));
                told.extend(steps.iter().filter_map(|row| row[3].text().map(str::to_owned)));
            }
            println!("{word}: {}", told.into_iter().collect::<Vec<_>>().join("; "));
        }
        return;
    }
    println!("| of | {} |", ReportBy::WORDS.map(|(word, _)| word).join(" | "));
    for (word, of) in ReportOf::WORDS {
        let spent = ReportBy::WORDS.map(|(_, by)| {
            let mut longest: (f64, f64) = (0.0, 0.0);
            for _ in 0..TIMES {
                let (begin, spent) = (Instant::now(), processor());
                report::make(&mut store, &question(of, by), &plan, Language::English).expect("a report");
                longest = (longest.0.max(begin.elapsed().as_secs_f64()), longest.1.max(processor() - spent));
            }
            format!("{:.2} / {:.2} s", longest.0, longest.1)
        });
        println!("| {word} | {} |", spent.join(" | "));
    }
}

/// The processor's time of this process in seconds.
fn processor() -> f64 {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(spent.tv_sec).unwrap_or(0), u32::try_from(spent.tv_nsec).unwrap_or(0))
        .as_secs_f64()
}

/// Three shifts a day for every agent, and what each number costs.
fn give_shifts_and_a_tariff(plan: &mut Plan, days: &[Date]) {
    let lunch = plan.aux_reasons.first().map_or(Activity::Work, |reason| Activity::Aux(reason.name.clone()));
    let parts = [
        ((7, 50), (12, 0), Activity::Work),
        ((12, 0), (12, 30), lunch),
        ((12, 30), (16, 30), Activity::Work),
    ];
    for agent in &plan.agents {
        for day in days {
            plan.reports.shifts.extend(parts.iter().map(|(from, to, activity)| Shift {
                agent: agent.name.clone(),
                day: *day,
                from: Time::constant(from.0, from.1, 0, 0),
                to: Time::constant(to.0, to.1, 0, 0),
                activity: activity.clone(),
            }));
        }
    }
    plan.reports.tariffs.push(Tariff {
        number: None,
        currency: "USD".to_owned(),
        minute_micros: 45_000,
        first: Duration::from_secs(60),
        step: Duration::from_secs(6),
    });
}

fn rows(store: &mut dyn Store, text: &str) -> Vec<Vec<Value>> {
    let mut found = Vec::new();
    let read = store.reading(&mut |sql| {
        found = sql.rows(text, &[])?;
        Ok(())
    });
    read.expect("it is read");
    found
}
