//! How turno ends, as a number for scripts and systemd.

use std::process::ExitCode;

/// The end of the program. 2, wrong usage, is clap's own, and that of an audit that can't be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything was done.
    Done,
    /// An audit found a difference.
    Differs,
    /// An audit could not be done.
    CouldNotCheck,
    /// The plan has faults.
    PlanRefused,
    /// A port, a prompt or the system stood in the way, or a running turno can't answer now.
    CouldNotStart,
    /// A fault of turno's own.
    Failed,
    /// What was asked for is not there.
    NothingThere,
    /// A journal is damaged.
    Damaged,
    /// As another turno ended, for which process 1 of a container stayed.
    As(u8),
}

/// What `--help` says about it.
pub(crate) const HELP: &str = "Exit codes: 0 done, 1 an audit found a difference, 2 wrong usage or an audit that could not be done, 3 the plan has faults, \
    4 could not start or take over (a port in use, a prompt missing; the turno that ran goes on), or no turno \
    answers now: try again, 5 a fault of turno's own, \
    6 what was asked for is not there, 7 a journal is damaged.";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Differs => 1,
            Exit::CouldNotCheck => 2,
            Exit::PlanRefused => 3,
            Exit::CouldNotStart => 4,
            Exit::Failed => 5,
            Exit::NothingThere => 6,
            Exit::Damaged => 7,
            Exit::As(code) => code,
        })
    }
}
