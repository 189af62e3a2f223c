//! Lives through a row of seeds at a site and says what each broke: `seeds PATH FROM COUNT`.

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
            println!("seed {seed}: {:?} {}", violation.at, violation.what.chars().take(300).collect::<String>());
        }
    }
    println!("{broken} of {count} broken");
}
