//! `turno reload`: a running turno reads its plan again, and prints what changed.

use std::path::PathBuf;

use clap::Args;
use turno_control::{Answer, Request};

use crate::exit::Exit;
use crate::trace::asking::{Asked, Trouble};

/// Let a running turno read its plan, sounds and certificates again. Each change is printed on a line, and
/// applied as a whole without disturbing a call; a faulty plan changes nothing, and its faults are printed.
#[derive(Args)]
pub(crate) struct Reload {
    /// The control socket of the turno that is asked; `serve` says it at its start.
    #[arg(long, value_name = "PATH")]
    control: Option<PathBuf>,
}

impl Reload {
    /// Asks, and says how it ended: 3 where the plan is refused, 4 where a successor is needed and none took over.
    pub(crate) fn run(self) -> Exit {
        let trouble = match Asked::ask(self.control.as_deref(), &Request::Reload).and_then(hear) {
            Ok(exit) => return exit,
            Err(trouble) => trouble,
        };
        complain!("turno: {trouble}");
        trouble.exit()
    }
}

/// Prints what comes, to its end.
fn hear(mut asked: Asked) -> Result<Exit, Trouble> {
    let mut exit = None;
    while let Some(answer) = asked.hear()? {
        match answer {
            Answer::Differences(lines) => {
                lines.iter().for_each(|line| say!("{line}"));
            }
            Answer::Applied(line) => {
                say!("{line}");
                exit = Some(Exit::Done);
            }
            Answer::Refused(why) => {
                complain!("{why}");
                exit = Some(Exit::PlanRefused);
            }
            Answer::NoSuccessor(why) => {
                complain!("{why}");
                exit = Some(Exit::CouldNotStart);
            }
            Answer::Busy(why) => return Err(Trouble::Busy(why)),
            other @ (Answer::Rows(_)
            | Answer::Language(_)
            | Answer::Fact(_)
            | Answer::Names(_)
            | Answer::Missing(_)
            | Answer::UpTo(_)
            | Answer::TooOld(_)
            | Answer::Ahead(_)
            | Answer::Bans(_)
            | Answer::CallerLists(_)
            | Answer::Skills(_)
            | Answer::Callbacks(_)
            | Answer::Breaks(_)
            | Answer::Done(_)
            | Answer::NotDone(_)
            | Answer::Entry(_)
            | Answer::Waiting
            | Answer::LostPlace) => {
                return Err(Trouble::Strange(other.json()));
            }
        }
    }
    Ok(exit.unwrap_or_else(|| {
        complain!(
            "turno: the turno that was asked has ended without saying what came of it; its log may say more, \
             and `turno trace --list` shows whether one serves"
        );
        Exit::CouldNotStart
    }))
}
