//! Lives through a row of seeds at a site and says what each broke: `seeds PATH FROM COUNT`; one seed is shrunk.

use std::path::Path;

fn main() {
    let mut words = std::env::args().skip(1);
    let path = words.next().unwrap_or_else(|| "sip-config/quito".to_owned());
    let from: u64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    let count: u64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(100);
    let (plan, _) = turno_config::load(Path::new(&path)).expect("a plan");
    let mut broken = 0;
    for seed in from..from + count {
        let scenario = turno_sim::Scenario::draw(seed, &plan);
        let lived = turno_sim::live(&scenario, &plan, false);
        if let Some(violation) = lived.violation {
            broken += 1;
            println!(
                "seed {seed}: {:?} {}",
                violation.at,
                violation.what.chars().take(300).collect::<String>()
            );
            if count == 1 {
                let shrunk = turno_sim::shrink(&scenario, &violation, &plan, 2000);
                let again = turno_sim::live(&shrunk.scenario, &plan, true);
                for it in again.tape.iter().flat_map(|tape| tape.messages()) {
                    let text = String::from_utf8_lossy(&it.bytes);
                    let id = text.lines().find(|l| l.starts_with("Call-ID")).unwrap_or("");
                    let cseq = text.lines().find(|l| l.starts_with("CSeq")).unwrap_or("");
                    println!(
                        "{:?} {} > {} {} {cseq} {id}",
                        it.at,
                        it.from,
                        it.to,
                        text.lines().next().unwrap_or("")
                    );
                }
                for (at, fact) in again.tape.iter().flat_map(|tape| tape.facts()) {
                    println!("{at:?} {fact:?}");
                }
                println!("{} {:?} after {} trials", shrunk.scenario, shrunk.violation, shrunk.trials);
            }
        }
    }
    println!("{broken} of {count} broken");
}
