//! The waits that callers are told, held against the waits that they have.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use turno_model::{Language, Plan};
use turno_planner::{DayLoad, Rule, Score, WaitDayFigures, bank_days, live, made_day};

use crate::exit::Exit;

/// The largest table that is read.
const TABLE_MAX: u64 = 256 << 20;

/// A trial that somebody asked for.
pub(crate) struct Trial<'p> {
    pub(crate) plan: &'p Plan,
    pub(crate) seed: u64,
    /// How many days of each load.
    pub(crate) days: u64,
    pub(crate) calls: usize,
    pub(crate) language: Language,
}

impl Trial<'_> {
    /// Made days of each load, and the share of told waits that were kept.
    pub(crate) fn made(&self) -> Exit {
        self.head(self.language.say("load", "carga"));
        let mut all = Score::default();
        for load in DayLoad::ALL {
            let mut sum = WaitDayFigures::default();
            for seed in (self.seed..).take(usize::try_from(self.days).unwrap_or(usize::MAX)) {
                sum.add(&live(&made_day(self.plan, load, self.calls, seed)));
            }
            self.row(self.load(load), &sum);
            all.add(&sum.scores[0]);
        }
        end(&all)
    }

    /// The days of a real centre, one a line.
    pub(crate) fn real(&self, file: &Path) -> Exit {
        let days = table(file).and_then(|text| bank_days(self.plan, &text, self.seed));
        let days = match days {
            Ok(days) => days,
            Err(why) => {
                complain!("turno: --days {}: {why}", file.display());
                return Exit::CouldNotStart;
            }
        };
        self.head(self.language.say("day", "día"));
        let mut sum = WaitDayFigures::default();
        for day in days {
            let lived = live(&day.day);
            self.row(&day.date, &lived);
            sum.add(&lived);
        }
        self.row(self.language.say("all", "todos"), &sum);
        end(&sum.scores[0])
    }

    fn head(&self, first: &str) {
        let (counted, answered) =
            (self.language.say("told", "avisados"), self.language.say("answered", "atendidos"));
        let (wait, rules) = (self.language.say("wait", "espera"), rules());
        say!("{}", self.language.say(ABOUT, ABOUT_SPANISH));
        say!("{first:<14}{answered:>10}{wait:>8}{counted:>9}   {rules}");
    }

    fn row(&self, name: &str, lived: &WaitDayFigures) {
        let answered = lived.answered.max(1) as f64;
        let told = lived.scores[0].kept + lived.scores[0].missed;
        let scores: String = lived.scores.iter().map(score).collect();
        let wait = format!("{:.0} s", lived.waited / answered);
        say!("{name:<14}{:>10}{wait:>8}{told:>9}   {}", lived.answered, scores.trim_end());
    }

    const fn load(&self, load: DayLoad) -> &'static str {
        match load {
            DayLoad::Normal => self.language.say("normal", "normal"),
            DayLoad::Heavy => self.language.say("heavy", "alta"),
            DayLoad::ShortStaffed => self.language.say("short-staffed", "poco personal"),
        }
    }
}

const ABOUT: &str = "The wait that each caller is told on entering a line, by four rules: the share of callers who were \
                     answered within it, and by how many seconds it was wrong on average.";
const ABOUT_SPANISH: &str = "La espera que se anuncia a cada persona al entrar en la cola, según cuatro reglas: qué parte \
                             fue atendida dentro de ella, y por cuántos segundos falló en promedio.";

fn rules() -> String {
    Rule::ALL.iter().map(|rule| format!("{:<18}", rule.name())).collect::<String>().trim_end().to_owned()
}

/// Such as `0.80  ±18 s`.
fn score(score: &Score) -> String {
    let wrong = score.distance / score.answered.max(1) as f64;
    let coverage = score.coverage().map_or_else(|| "-".to_owned(), |share| format!("{share:.2}"));
    format!("{:<18}", format!("{coverage}  ±{wrong:.0} s"))
}

fn end(all: &Score) -> Exit {
    match all.coverage() {
        Some(share) => say!("coverage {share:.2}"),
        None => say!("coverage -"),
    }
    Exit::Done
}

/// A table as text; one that ends in `.gz` is unpacked.
fn table(path: &Path) -> Result<String, String> {
    let cannot = |error: std::io::Error| format!("can't be read ({error})");
    let file = File::open(path).map_err(cannot)?;
    let packed = path.extension().is_some_and(|end| end == "gz");
    let reader: Box<dyn Read> = if packed { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
    let mut text = String::new();
    reader.take(TABLE_MAX).read_to_string(&mut text).map_err(cannot)?;
    Ok(text)
}
