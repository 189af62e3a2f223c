//! A peer's request within a call: which of the session's doings it is for.

use turno_ground::Moment;

use crate::message::header::Name;
use crate::message::method::Method;
use crate::message::received::Message;
use crate::message::write::Response;
use crate::stack::event::ServerKey;
use crate::stack::layer::Layer;
use crate::stack::session::{Phase, Session};
use crate::stack::write;

impl Session {
    /// A request within the call came.
    pub(crate) fn on_request(
        &mut self,
        layer: &mut Layer,
        server: ServerKey,
        request: &Message,
        now: Moment,
    ) {
        let is_leaving = matches!(self.phase, Phase::Leaving);
        match request.method() {
            Method::Bye => self.on_bye(layer, server, request, now),
            Method::Invite | Method::Update => self.on_change(layer, server, request, now),
            Method::Prack => self.on_prack(layer, server, request, now),
            Method::Notify => self.on_notify(layer, server, request, now),
            Method::Refer => self.on_refer(layer, server, request, now),
            Method::Info if is_leaving => layer.reply_bare(server, 481, now),
            Method::Info => self.on_info(layer, server, request, now),
            Method::Options => {
                let allow = layer.allow.clone();
                let write = |response: Response| {
                    let response =
                        response.header(Name::Allow, allow).header(Name::Supported, write::SUPPORTED);
                    response.header(Name::Accept, "application/sdp").finish()
                };
                let _ = layer.reply(server, 200, "", write, now);
            }
            Method::Register
            | Method::Subscribe
            | Method::Message
            | Method::Publish
            | Method::Other
            | Method::Ack
            | Method::Cancel => layer.reply_bare(server, 501, now),
        }
    }
}
