//! How many facts a second a history in PostgreSQL takes: `history_speed URL PASSWORD`, with batches of several sizes.

use turno_ground::{Moment, Secret};
use turno_history::{History, checks};
use turno_model::Plan;
use turno_model::plan::{HistoryPlan, HistoryStore};
use turno_shell::{Clock, HistoryPlace};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [url, password] = words.as_slice() else { panic!("history_speed URL PASSWORD") };
    let history = HistoryPlan {
        store: Some(HistoryStore::Postgres),
        url: Some(url.clone()),
        password: Secret::new(password.as_str()),
        ..HistoryPlan::default()
    };
    let plan = Plan { history, ..(*checks::plan()).clone() };
    let opens = || {
        let place = HistoryPlace::of(&plan, None).expect("the plan names one");
        History::new(place.store(&plan).expect("a store"))
    };
    let clock = Clock::new();
    let seconds = || clock.now().since(Moment::default()).as_secs_f64();
    checks::speed::speeds(&opens, &seconds).iter().for_each(|line| println!("{line}"));
}
