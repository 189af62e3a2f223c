//! `turno ctl caller`: numbers on lists of callers.

use core::time::Duration;

use clap::Subcommand;
use compact_str::CompactString;
use turno_control::ListedAsk;
use turno_ground::Pii;
use turno_model::{Listing, Spoken};
use turno_trace::Numbers;

/// What is done with the lists of callers.
#[derive(Subcommand)]
pub(crate) enum CallerAct {
    /// Put a number on a list of the plan for a time.
    Add {
        /// The list's name in the plan.
        list: CompactString,
        /// The number, however it is written.
        number: CompactString,
        /// For how long, such as `8h`, `7d`.
        #[arg(long = "for", value_name = "SPAN", value_parser = span, default_value = "7d")]
        span: Duration,
    },
    /// Take a number that was added from a list.
    Remove {
        /// The list's name in the plan.
        list: CompactString,
        /// The number, however it is written.
        number: CompactString,
    },
    /// The numbers of all lists or of one: of the plan, and those that were added.
    List {
        /// The list's name in the plan.
        list: Option<String>,
        /// Callers' numbers whole, rather than their last two digits.
        #[arg(long)]
        numbers: bool,
    },
}

impl CallerAct {
    /// The command, or a look at the lists.
    pub(crate) fn spoken(self) -> Result<Spoken, ListedAsk> {
        match self {
            Self::Add { list, number, span } => {
                Ok(Spoken::ListCaller(Listing { list, number: Pii(number), span }))
            }
            Self::Remove { list, number } => Ok(Spoken::UnlistCaller(list, Pii(number))),
            Self::List { list, numbers } => {
                let numbers = if numbers { Numbers::Full } else { Numbers::Short };
                Err(ListedAsk { list, numbers })
            }
        }
    }
}

pub(crate) fn span(text: &str) -> Result<Duration, String> {
    turno_config::span(text).ok_or_else(|| "a span such as `90m`, `8h` or `7d`".to_owned())
}
