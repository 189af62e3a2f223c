//! The words of commands that stand for a few values.

use clap::ValueEnum;
use turno_model::{Channel, Observing, QueueState};

/// A channel whose contacts have no call.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum SilentChannel {
    /// A web chat.
    Chat,
    /// A WhatsApp conversation.
    Whatsapp,
    /// An e-mail.
    Email,
    /// Somebody to call back.
    Callback,
}

/// Whether callers hear the emergency announcement.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum EmergencyAct {
    /// Every new caller hears it from now on, and those who wait hear it once.
    On,
    /// Nobody hears it any more.
    Off,
}

/// What becomes of a queue.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum QueueAct {
    /// Contacts come in and are offered.
    Open,
    /// Callers are told that it is closed; those who wait are served.
    Close,
    /// Contacts come in and wait; nothing is offered.
    Pause,
    /// The same as `open`.
    Resume,
}

impl From<QueueAct> for QueueState {
    fn from(act: QueueAct) -> Self {
        match act {
            QueueAct::Open | QueueAct::Resume => Self::Open,
            QueueAct::Close => Self::Closed,
            QueueAct::Pause => Self::Paused,
        }
    }
}

/// What a supervisor does in a talk.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum How {
    /// Hears both, and is heard by nobody.
    Listen,
    /// Hears both, and is heard by the agent alone.
    Whisper,
    /// Talks with both.
    Barge,
}

impl From<How> for Observing {
    fn from(how: How) -> Self {
        match how {
            How::Listen => Self::Listen,
            How::Whisper => Self::Whisper,
            How::Barge => Self::Barge,
        }
    }
}

impl From<SilentChannel> for Channel {
    fn from(channel: SilentChannel) -> Self {
        match channel {
            SilentChannel::Chat => Self::Chat,
            SilentChannel::Whatsapp => Self::WhatsApp,
            SilentChannel::Email => Self::Email,
            SilentChannel::Callback => Self::Callback,
        }
    }
}
