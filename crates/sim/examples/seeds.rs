//! Lives through a row of bad hours: `seeds PATH FROM COUNT`. Says what each broke, and ends with 1 if one did.

use std::path::Path;
use std::process::ExitCode;

use turno_sim::{Scenario, live};

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
    for seed in from..from + count {
        if let Some(violation) = live(&Scenario::draw(seed, &plan), &plan, false).violation {
            println!("seed {seed}: {}", violation.what);
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
