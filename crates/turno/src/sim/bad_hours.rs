//! Bad hours: one by its seed, or many in a row until one breaks something.

use core::time::Duration;
use std::io::{IsTerminal, Write, stderr};
use std::sync::Arc;
use std::time::Instant;

use turno_model::Plan;
use turno_sim::{Lived, Scenario, Violation, live, shrink};

use crate::exit::Exit;

/// How many smaller hours are tried for one that breaks.
const TRIALS_MAX: u32 = 2_000;
/// How many broken seeds are shown before a long run ends.
const BROKEN_MAX: u64 = 5;
/// How often a long run says where it is, where that is read later.
const WORD_SPAN: Duration = Duration::from_secs(10);

/// Where bad hours are lived.
pub(crate) struct BadHours {
    pub(crate) plan: Arc<Plan>,
    /// The plan's path as it was given, with a space before it.
    pub(crate) place: String,
    pub(crate) seed: u64,
}

/// What many hours came to.
#[derive(Default)]
struct Sum {
    hours: u64,
    broken: u64,
    contacts: usize,
    entries: u64,
    datagrams: u64,
    lost: u64,
    stray_calls: usize,
    deaths: u64,
    jumps: u64,
    edits: u64,
    hash: u64,
}

impl BadHours {
    /// The hour of the seed: what it broke, shrunk, with its ladder; or its figures.
    pub(crate) fn one(&self, ladder: bool) -> Exit {
        let scenario = Scenario::draw(self.seed, &self.plan);
        let lived = live(&scenario, &self.plan, ladder);
        if ladder {
            say_part!("{scenario}");
            print_tape(&lived, &self.plan);
        }
        let mut sum = Sum::default();
        sum.add(&lived);
        say!("{sum}");
        if let Some(violation) = &lived.violation {
            self.show(&scenario, violation);
        }
        say!("hash {:016x}", lived.hash);
        if lived.violation.is_some() { Exit::Failed } else { Exit::Done }
    }

    /// So many hours, or for so long, or until somebody ends it.
    #[expect(clippy::disallowed_methods, reason = "lives for as long as it is told")]
    pub(crate) fn many(&self, count: Option<u64>, span: Option<Duration>) -> Exit {
        let began = Instant::now();
        let mut said = began;
        let mut sum = Sum::default();
        let is_seen = stderr().is_terminal();
        while count.is_none_or(|count| sum.hours < count)
            && span.is_none_or(|span| began.elapsed() < span)
            && sum.broken < BROKEN_MAX
        {
            let seed = self.seed + sum.hours;
            let scenario = Scenario::draw(seed, &self.plan);
            let lived = live(&scenario, &self.plan, false);
            sum.add(&lived);
            if let Some(violation) = &lived.violation {
                say!("seed {seed}");
                self.show(&scenario, violation);
            }
            if is_seen || said.elapsed() >= WORD_SPAN {
                said = Instant::now();
                let (start, end) = if is_seen { ("\r\x1b[K", "") } else { ("", "\n") };
                complain_part!("{start}{sum}, {:.0} s{end}", began.elapsed().as_secs_f64());
                let _ = stderr().flush();
            }
        }
        if is_seen {
            complain!();
        }
        say!("{sum}, in {:.1} s", began.elapsed().as_secs_f64());
        say!("hash {:016x}", sum.hash);
        if sum.broken > 0 { Exit::Failed } else { Exit::Done }
    }

    /// A broken hour, as small as it gets, with everything that passed.
    fn show(&self, scenario: &Scenario, violation: &Violation) {
        say!("BROKEN at {:?}: {}", violation.at, violation.what);
        let shrunk = shrink(scenario, violation, &self.plan, TRIALS_MAX);
        say!(
            "the smallest of {} hours that breaks the same, {} actions instead of {}:",
            shrunk.trials,
            shrunk.scenario.actions.len(),
            scenario.actions.len()
        );
        say_part!("{}", shrunk.scenario);
        let again = live(&shrunk.scenario, &self.plan, true);
        print_tape(&again, &self.plan);
        say!("BROKEN at {:?}: {}", shrunk.violation.at, shrunk.violation.what);
        say!("again: turno sim --faults --seed {}{}", scenario.seed, self.place);
    }
}

/// The ladder of everything that passed, and the stories of the last contacts.
fn print_tape(lived: &Lived, plan: &Plan) {
    if let Some(tape) = &lived.tape {
        say_part!("{}", tape.show(plan));
    }
}

impl Sum {
    fn add(&mut self, lived: &Lived) {
        self.hours += 1;
        self.broken += u64::from(lived.violation.is_some());
        self.contacts += lived.contacts;
        self.entries += lived.entries;
        self.datagrams += lived.datagrams.0;
        self.lost += lived.datagrams.1;
        self.stray_calls += lived.stray_calls;
        self.deaths += lived.deaths;
        self.jumps += lived.jumps;
        self.edits += lived.edits;
        self.hash = self.hash.rotate_left(1) ^ lived.hash;
    }
}

impl core::fmt::Display for Sum {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self {
            hours, broken, contacts, entries, datagrams, lost, stray_calls, deaths, jumps, edits, ..
        } = self;
        write!(
            f,
            "{hours} bad hours, {broken} broken: {contacts} contacts, {datagrams} datagrams ({lost} lost), \
             {stray_calls} second answers, killed {deaths} times, {jumps} jumps of a clock, the site edited {edits} times, {entries} inputs and outputs"
        )
    }
}
