//! The controls of a page's phone: where it lives, and taking a talk back after the page was loaded anew (RFC 3891).

use std::net::SocketAddr;

use rsip::headers::Header;
use turno_ground::Moment;

use crate::call::Life;
use crate::event::CallId;
use crate::page::Page;
use crate::phone::Phone;

/// What a page remembers of a talk, so that it can take it back after it was loaded anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialog {
    /// Call-ID.
    pub call_id: String,
    /// The tag of the server.
    pub theirs: String,
    /// The tag of the page.
    pub ours: String,
}

impl Phone {
    /// From now on this is the phone of a page: over a WebSocket, without a password, its voice by ICE and DTLS.
    pub fn lives_in(&mut self, page: Page) {
        self.wire.base.station.lives_in(page);
    }

    /// The machine has another address from now on; calls go on.
    pub fn roams(&mut self, local: SocketAddr, rtp: SocketAddr) {
        let settings = &mut self.wire.base.station.settings;
        (settings.local, settings.rtp) = (local, rtp);
    }

    /// The dialog of a confirmed call.
    pub fn dialog_of(&self, id: CallId) -> Option<Dialog> {
        let call = self.calls.see(id).filter(|call| call.life == Life::Talking)?;
        Some(Dialog {
            call_id: call.sip_id.clone(),
            theirs: call.remote_tag.clone()?,
            ours: call.local_tag.clone(),
        })
    }

    /// Sends an INVITE that is to take the place of a dialog.
    pub fn takes_back(&mut self, dialog: &Dialog, now: Moment) -> CallId {
        let Dialog { call_id, theirs, ours } = dialog;
        let replaces = format!("{call_id};to-tag={theirs};from-tag={ours}");
        let user = self.settings().user.clone();
        let extra = vec![Header::Other("Replaces".to_owned(), replaces)];
        self.calls.dial(&mut self.wire, None, (&user, true), extra, now)
    }
}
