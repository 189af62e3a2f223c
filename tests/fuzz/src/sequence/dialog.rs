//! One dialog from the point of view of a peer.

use turno_sip::{Message, Method, Name, Request};

/// A dialog, or an INVITE that may become one.
pub(crate) struct Dialog {
    pub(crate) call_id: String,
    /// The peer's own From with its tag.
    pub(crate) local: String,
    /// The engine's address, with its tag as soon as it is known.
    pub(crate) remote: String,
    pub(crate) target: String,
    pub(crate) cseq: u32,
    /// Whether the INVITE had no offer.
    pub(crate) is_late: bool,
    routes: Vec<String>,
    /// Branch and CSeq number of the peer's last INVITE, and whether it was refused; its ACK and CANCEL need them.
    invite: Option<(String, u32, bool)>,
    is_answered: bool,
    uri: String,
}

impl Dialog {
    /// A dialog that the peer starts.
    pub(crate) fn calling(call_id: String, local: String, uri: String) -> Self {
        Self {
            call_id,
            local,
            remote: format!("<{uri}>"),
            target: uri.clone(),
            cseq: 0,
            is_late: false,
            routes: Vec::new(),
            invite: None,
            is_answered: false,
            uri,
        }
    }

    /// A dialog that an INVITE of the engine starts.
    pub(crate) fn called(invite: &Message, tag: &str) -> Option<Self> {
        let remote = invite.header(Name::From)?.to_owned();
        let local = format!("{};tag={tag}", invite.header(Name::To)?);
        let target = invite.contacts().next()?.ok()?.uri.to_owned();
        let mut dialog = Self::calling(invite.call_id().to_owned(), local, target);
        dialog.remote = remote;
        dialog.is_answered = true;
        dialog.routes = invite.values(Name::RecordRoute).map(str::to_owned).collect();
        Some(dialog)
    }

    /// Whether a message belongs to this dialog.
    pub(crate) fn is_of(&self, message: &Message) -> bool {
        message.call_id() == self.call_id
    }

    /// Whether the INVITE has no final answer yet.
    pub(crate) const fn is_early(&self) -> bool {
        !self.is_answered
    }

    /// The peer's tag.
    pub(crate) fn tag(&self) -> &str {
        tag_of(&self.local)
    }

    /// The engine's tag; empty before it is known.
    pub(crate) fn remote_tag(&self) -> &str {
        tag_of(&self.remote)
    }

    /// Updates the dialog with a response.
    pub(crate) fn hear(&mut self, response: &Message, status: u16) {
        if response.method() != Method::Invite || status < 101 {
            return;
        }
        let tagged = response.to().is_ok_and(|to| to.tag().is_some());
        if tagged && status < 300 && self.remote_tag().is_empty() {
            self.remote = response.header(Name::To).unwrap_or_default().to_owned();
            if let Some(Ok(contact)) = response.contacts().next() {
                self.target = contact.uri.to_owned();
            }
            self.routes = response.values(Name::RecordRoute).map(str::to_owned).collect();
            self.routes.reverse();
        }
        self.is_answered |= status >= 200;
        if let Some((_, _, refused)) = &mut self.invite {
            *refused = status >= 300;
        }
    }

    /// Starts a request in this dialog. ACK and CANCEL have the CSeq number of the last INVITE, others the next one.
    pub(crate) fn request(&mut self, method: Method, branch: &str, via: &str, contact: &str) -> Request {
        let follows = matches!(method, Method::Ack | Method::Cancel);
        let last = self.invite.clone().filter(|_| follows);
        let with_branch = last.as_ref().filter(|(_, _, refused)| *refused || method == Method::Cancel);
        let via = match with_branch {
            Some((last, _, _)) => via.replace(branch, last),
            None => via.to_owned(),
        };
        if !follows {
            self.cseq = self.cseq.wrapping_add(1) & 0x7fff_ffff;
        }
        let number = last.as_ref().map_or(self.cseq, |(_, number, _)| *number);
        if method == Method::Invite {
            self.invite = Some((branch.to_owned(), number, false));
        }
        let is_first = self.remote_tag().is_empty() || with_branch.is_some() && !self.is_answered;
        let uri = if is_first { &self.uri } else { &self.target };
        let mut request = Request::new(method, uri)
            .header(Name::Via, via)
            .header(Name::MaxForwards, 70)
            .header(Name::From, &self.local)
            .header(Name::To, if is_first { format!("<{}>", self.uri) } else { self.remote.clone() })
            .header(Name::CallId, &self.call_id)
            .header(Name::CSeq, format_args!("{number} {}", method.name()))
            .header(Name::Contact, contact);
        for route in self.routes.iter().filter(|_| !is_first) {
            request = request.header(Name::Route, route);
        }
        request
    }
}

fn tag_of(address: &str) -> &str {
    address.rsplit_once(";tag=").map_or("", |(_, tag)| tag)
}
