//! What makes a phone one of a page in a browser: its names, which are no addresses.

use turno_ground::Transport;

/// The names of a page, which its browser keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The user part of its Contact, and with `.invalid` its host.
    pub name: String,
    /// Its instance (RFC 5626), a UUID.
    pub instance: String,
    /// `Ws` or `Wss`.
    pub transport: Transport,
}

impl Page {
    pub(crate) fn host(&self) -> String {
        format!("{}.invalid", self.name)
    }

    pub(crate) fn contact(&self) -> String {
        format!("<sip:{}@{};transport=ws>", self.name, self.host())
    }

    /// What a REGISTER has beside the URI of its Contact.
    pub(crate) fn registers_as(&self) -> String {
        format!(";+sip.ice;reg-id=1;+sip.instance=\"<urn:uuid:{}>\"", self.instance)
    }
}
