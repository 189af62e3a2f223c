//! The SIP methods.

/// The methods of RFC 3261, 3262, 3311, 3428, 3515, 3903, 6086 and 6665.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Opens a session, or changes it.
    Invite,
    /// Confirms the final response to an INVITE.
    Ack,
    /// Ends a session.
    Bye,
    /// Cancels an INVITE without a final response.
    Cancel,
    /// Binds an address of record to contacts.
    Register,
    /// Asks what a peer can do.
    Options,
    /// Confirms a reliable provisional response (RFC 3262).
    Prack,
    /// Changes a session without a new INVITE (RFC 3311).
    Update,
    /// Asks a peer to call somebody (RFC 3515).
    Refer,
    /// Reports an event (RFC 6665).
    Notify,
    /// Subscribes to events (RFC 6665).
    Subscribe,
    /// Carries information of the application (RFC 6086).
    Info,
    /// Carries an instant message (RFC 3428).
    Message,
    /// Publishes an event's state (RFC 3903).
    Publish,
    /// Any other; the message keeps its name.
    Other,
}

impl Method {
    /// The method called `name`; methods are case-sensitive (RFC 3261, 7.1).
    pub fn of(name: &str) -> Self {
        match name {
            "INVITE" => Self::Invite,
            "ACK" => Self::Ack,
            "BYE" => Self::Bye,
            "CANCEL" => Self::Cancel,
            "REGISTER" => Self::Register,
            "OPTIONS" => Self::Options,
            "PRACK" => Self::Prack,
            "UPDATE" => Self::Update,
            "REFER" => Self::Refer,
            "NOTIFY" => Self::Notify,
            "SUBSCRIBE" => Self::Subscribe,
            "INFO" => Self::Info,
            "MESSAGE" => Self::Message,
            "PUBLISH" => Self::Publish,
            _ => Self::Other,
        }
    }

    /// The name on the wire; empty for `Other`, whose name only the message knows.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invite => "INVITE",
            Self::Ack => "ACK",
            Self::Bye => "BYE",
            Self::Cancel => "CANCEL",
            Self::Register => "REGISTER",
            Self::Options => "OPTIONS",
            Self::Prack => "PRACK",
            Self::Update => "UPDATE",
            Self::Refer => "REFER",
            Self::Notify => "NOTIFY",
            Self::Subscribe => "SUBSCRIBE",
            Self::Info => "INFO",
            Self::Message => "MESSAGE",
            Self::Publish => "PUBLISH",
            Self::Other => "",
        }
    }
}
