//! What a site says about its mail.

use turno_model::Hours;

use crate::mail::limits::Limits;
use crate::mail::signing::Signer;
use crate::mail::terms::{Kind, Terms};

/// Another address whose mail comes into the same mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// It.
    pub address: String,
    /// The queue for its mail, by name.
    pub queue: Option<String>,
    /// What kind of matter its mail is; `None`: by the words of the subject.
    pub kind: Option<Kind>,
}

/// A mailbox of the site: everything that reading and writing a mail needs to know.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// The address from which answers come.
    pub address: String,
    /// The name beside it.
    pub name: String,
    /// Other addresses of the same mailbox.
    pub aliases: Vec<Alias>,
    /// Makes and checks our names.
    pub signer: Signer,
    /// Whether the server delivers `local+anything@domain` to `local`, so that answers may go to a signed address.
    pub has_plus: bool,
    /// Stands under every answer.
    pub signature: String,
    /// What an acknowledgement says; `{number}` is the conversation's, and the line with `{until}` stands only if there is a term.
    pub acknowledgement: String,
    /// The name with which the site's own mail server signs Authentication-Results; `None`: nobody is believed.
    pub own_server: Option<String>,
    /// Terms by kind.
    pub terms: Terms,
    /// Which days are working days, and the time zone.
    pub hours: Hours,
    /// Limits.
    pub limits: Limits,
}

impl Mailbox {
    /// With an address and a name; everything else as a site has it that sets nothing.
    #[must_use]
    pub fn new(address: &str, name: &str, signer: Signer) -> Self {
        Self {
            address: address.to_owned(),
            name: name.to_owned(),
            aliases: Vec::new(),
            signer,
            has_plus: true,
            signature: String::new(),
            acknowledgement: String::new(),
            own_server: None,
            terms: Terms::default(),
            hours: Hours::always("mail"),
            limits: Limits::default(),
        }
    }

    /// Whether mail to this address comes to us, also with something after a plus.
    #[must_use]
    pub fn is_own(&self, address: &str) -> bool {
        let bare = |address: &str| {
            let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
            let local = local.split_once('+').map_or(local, |(local, _)| local);
            format!("{local}@{domain}").to_lowercase()
        };
        let address = bare(address);
        bare(&self.address) == address || self.aliases.iter().any(|alias| bare(&alias.address) == address)
    }
}
