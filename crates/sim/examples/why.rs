//! Lives a day and tells why: `why PATH en|es CALLS AGENTS CONTACT...` tells these contacts, by their place in the day from 1;
//! without any, each twentieth.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use core::time::Duration;

use turno_model::{ContactId, Fact, Language, PlanIndex};
use turno_planner::{Shape, Spans};
use turno_sim::{DayOrder, live_day};
use turno_trace::why::{AgentsBy, Telling, why};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let word = |at: usize, default: &str| words.get(at).map_or_else(|| default.to_owned(), Clone::clone);
    let number = |at: usize, default: usize| words.get(at).and_then(|it| it.parse().ok()).unwrap_or(default);
    let Ok((plan, _)) = turno_config::load(Path::new(&word(0, "sip-config/quito"))) else {
        eprintln!("the plan has faults: see `turno check`");
        return ExitCode::from(2);
    };
    let order = DayOrder {
        seed: 1,
        calls: number(2, 1_500),
        agents: number(3, usize::MAX),
        shape: Shape::bank(),
        talk: Spans::LogNormal(Duration::from_secs(160), 0.98),
        patience: Spans::Observed(Duration::from_secs(300)),
        keeps_tape: true,
    };
    let plan = Arc::new(plan);
    let Some(tape) = live_day(Arc::clone(&plan), &order).ok().and_then(|lived| lived.tape) else {
        eprintln!("the site has no day to live");
        return ExitCode::from(2);
    };
    let facts: Vec<_> = tape.facts().cloned().collect();
    let arrived =
        |fact: &Fact| if let Fact::ContactArrived { contact, .. } = fact { Some(*contact) } else { None };
    let contacts: Vec<ContactId> = facts.iter().filter_map(|(_, fact)| arrived(fact)).collect();
    let wanted: Vec<usize> = words.iter().skip(4).filter_map(|it| it.parse().ok()).collect();
    let index = PlanIndex::of(&plan);
    let language = if word(1, "en") == "es" { Language::Spanish } else { Language::English };
    let telling = Telling { plan: &plan, index: &index, language, agents: AgentsBy::Name };
    for (place, contact) in (1..).zip(&contacts) {
        let is_wanted = if wanted.is_empty() { place % 20 == 0 } else { wanted.contains(&place) };
        if is_wanted {
            let told = why(*contact, &facts, telling).map_or_else(String::new, |why| why.text(true));
            println!("{place} ({}):\n{told}", contact.0);
        }
    }
    ExitCode::SUCCESS
}
