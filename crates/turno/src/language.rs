//! The language of what people read: as asked, else the site's, else that of the environment.

use clap::{Args, ValueEnum};
use turno_model::{Language, Plan};

/// The language of what is printed.
#[derive(Args)]
pub(crate) struct Wanted {
    /// The language: English or Spanish. Without it, that of `[site] language`, else of LC_ALL, LC_MESSAGES or LANG.
    #[arg(long, value_name = "en|es", hide_possible_values = true, global = true)]
    language: Option<Code>,
    /// As `--language es`.
    #[arg(long, hide = true, conflicts_with = "language", global = true)]
    spanish: bool,
}

/// A language by its code.
#[derive(Clone, Copy, ValueEnum)]
enum Code {
    /// English.
    En,
    /// Spanish.
    Es,
}

impl Wanted {
    /// The language that is asked for, if one is.
    pub(crate) const fn asked(&self) -> Option<Language> {
        match (self.language, self.spanish) {
            (Some(Code::Es), _) | (None, true) => Some(Language::Spanish),
            (Some(Code::En), _) => Some(Language::English),
            (None, false) => None,
        }
    }

    /// The language of the environment.
    pub(crate) fn locale() -> Language {
        of_environment(&|name| std::env::var(name).ok())
    }

    /// The language to print in.
    pub(crate) fn of(&self, plan: &Plan) -> Language {
        self.asked().or(plan.language).unwrap_or_else(Self::locale)
    }
}

/// As POSIX has it: the first of the three that is set and not empty.
fn of_environment(variable: &dyn Fn(&str) -> Option<String>) -> Language {
    let set =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
    let is_spanish = set.is_some_and(|locale| locale.split(['_', '.', '@']).next() == Some("es"));
    if is_spanish { Language::Spanish } else { Language::English }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(language: Option<Code>, spanish: bool, site: Option<Language>) -> Language {
        let (mut plan, _) =
            turno_config::load(std::path::Path::new("../../sip-config/quito")).expect("a plan");
        plan.language = site;
        Wanted { language, spanish }.of(&plan)
    }

    #[test]
    fn what_is_asked_for_counts_before_the_site_and_the_site_before_the_environment() {
        assert_eq!(wanted(Some(Code::Es), false, Some(Language::English)), Language::Spanish);
        assert_eq!(wanted(Some(Code::En), false, Some(Language::Spanish)), Language::English);
        assert_eq!(wanted(None, true, Some(Language::English)), Language::Spanish);
        assert_eq!(wanted(None, false, Some(Language::Spanish)), Language::Spanish);
        let with = |all: &[(&str, &str)]| {
            of_environment(&|name| all.iter().find(|it| it.0 == name).map(|it| it.1.to_owned()))
        };
        assert_eq!(with(&[("LANG", "es_EC.UTF-8")]), Language::Spanish);
        assert_eq!(with(&[("LANG", "es"), ("LC_ALL", "C")]), Language::English);
        assert_eq!(with(&[("LANG", "es_EC"), ("LC_ALL", "")]), Language::Spanish);
        assert_eq!(with(&[("LANG", "est")]), Language::English);
        assert_eq!(with(&[]), Language::English);
    }
}
