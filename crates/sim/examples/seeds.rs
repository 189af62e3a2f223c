//! Runs a range of scenario seeds: `seeds PATH FROM COUNT`. Exits with 1 at the first violation and prints it; with
//! COUNT 1 it also prints the shrunk scenario. `turno sim` does the same, but needs the whole of turno built.

use std::path::Path;
use std::process::ExitCode;

use turno_sim::{Scenario, live, shrink};

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let path = words.next().unwrap_or_else(|| "sip-config/quito".to_owned());
    let mut number = |default| words.next().and_then(|word| word.parse().ok()).unwrap_or(default);
    let (from, count): (u64, u64) = (number(0), number(100));
    let plan = match turno_config::load(Path::new(&path)) {
        Ok((plan, _)) => plan,
        Err(refused) => {
            eprintln!("{refused}");
            return ExitCode::from(2);
        }
    };
    let (mut deaths, mut jumps, mut edits, mut cuts) = (0, 0, 0, 0);
    let (mut telephones, mut lines, mut speeches) = ((0, 0), 0, (0, 0));
    let (mut observed, mut recorded, mut stepped, mut called_back, mut known) = (0, 0, 0, 0, 0);
    let (mut breaks, mut answers, mut messages, mut passed, mut listed) = ((0, 0), 0, 0, [0; 3], (0, 0));
    let (mut callbacks, mut met) = (std::collections::BTreeMap::new(), std::collections::BTreeMap::new());
    for seed in from..from + count {
        let scenario = Scenario::draw(seed, &plan);
        let lived = live(&scenario, &plan, false);
        deaths += lived.deaths;
        jumps += lived.jumps;
        edits += lived.edits;
        cuts += lived.cuts;
        observed += lived.observed;
        recorded += lived.recorded;
        called_back += lived.called_back;
        for (word, many) in &lived.callbacks {
            *callbacks.entry(*word).or_insert(0) += many;
        }
        for (words, many) in &lived.met {
            *met.entry(words.clone()).or_insert(0) += many;
        }
        stepped += lived.stepped;
        answers += lived.survey_answers;
        messages += lived.messages;
        known += lived.known;
        speeches = (speeches.0 + lived.speeches.0, speeches.1 + lived.speeches.1);
        telephones = (telephones.0 + lived.telephones.0, telephones.1 + lived.telephones.1);
        lines += lived.lines;
        for (sum, more) in passed.iter_mut().zip([lived.passed_on.0, lived.passed_on.1, lived.passed_on.2]) {
            *sum += more;
        }
        listed = (listed.0 + lived.listed.0, listed.1 + lived.listed.1);
        breaks = (breaks.0 + lived.breaks.0, breaks.1 + lived.breaks.1);
        if let Some(violation) = lived.violation {
            println!("seed {seed}: {}", violation.what);
            if count == 1 {
                let shrunk = shrink(&scenario, &violation, &plan, 2_000);
                let again = live(&shrunk.scenario, &plan, true);
                let shown = again.tape.map(|tape| tape.show(&plan)).unwrap_or_default();
                println!("{shown}\n{}\n{}", shrunk.scenario, shrunk.violation.what);
            }
            return ExitCode::FAILURE;
        }
    }
    println!(
        "{count} bad hours: killed {deaths} times, {jumps} jumps of a clock, the site edited {edits} times, {cuts} \
         connections cut, {observed} times somebody came to observe, \
         {recorded} talks recorded, {called_back} people called back, {known} led to the agent of last time, \
         {stepped} steps of queues taken, {} breaks in turns and {} turns taken back, {answers} answers in surveys, {messages} messages left, \
         {} callers given back, {} private words and {} warm transfers, {} callers refused and {} preferred by lists, \
         {} telephones picked up, {} taken and {lines} held",
        breaks.0, breaks.1, passed[0], passed[1], passed[2], listed.0, listed.1, telephones.0, telephones.1
    );
    println!("(supervisors who spoke to queues, callers who heard them): {speeches:?}");
    println!("callbacks: {callbacks:?}");
    println!("met: {met:?}");
    ExitCode::SUCCESS
}
