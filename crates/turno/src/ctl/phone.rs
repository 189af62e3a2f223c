//! `turno ctl answer`, `hold`, `resume`, `hang-up`, `no-microphone`, `microphone`: an agent's phone, and the microphone at a page.

use clap::Subcommand;
use compact_str::CompactString;
use turno_model::Spoken;

/// What an agent's phone is to do.
#[derive(Subcommand)]
pub(crate) enum PhoneAct {
    /// Let an agent's phone answer what rings there, if the phone takes the order.
    Answer {
        /// The agent's extension.
        agent: CompactString,
    },
    /// Put an agent's talk on hold, without the help of the phone.
    Hold {
        /// The agent's extension.
        agent: CompactString,
    },
    /// End the hold of an agent's talk.
    Resume {
        /// The agent's extension.
        agent: CompactString,
    },
    /// End an agent's call, as if the phone had hung up.
    HangUp {
        /// The agent's extension.
        agent: CompactString,
    },
    /// Make an agent unavailable until the microphone at their page is back.
    NoMicrophone {
        /// The agent's extension.
        agent: CompactString,
    },
    /// The microphone at an agent's page is back.
    Microphone {
        /// The agent's extension.
        agent: CompactString,
    },
}

impl PhoneAct {
    /// The command.
    pub(crate) fn spoken(self) -> Spoken {
        match self {
            Self::Answer { agent } => Spoken::Answer(agent),
            Self::Hold { agent } => Spoken::Hold(agent),
            Self::Resume { agent } => Spoken::Resume(agent),
            Self::HangUp { agent } => Spoken::HangUp(agent),
            Self::NoMicrophone { agent } => Spoken::NoMicrophone(agent),
            Self::Microphone { agent } => Spoken::Microphone(agent),
        }
    }
}
