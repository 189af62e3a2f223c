//! The HTTP API: the live room, everything that may be asked of turno, the stream of events, users and tokens.
//!
//! It sees turno only through [`Site`], and users only through `turno_access`. [`router`] is one table of routes, and the
//! OpenAPI document at `/api/openapi.json` is made from the same functions. Bodies are JSON; what is refused is told as
//! problem details (RFC 9457). Everything that blocks (the engine's answer, the database of users, a password's hash) runs
//! off the runtime's threads.

mod byte_range;
mod caching;
mod chat;
mod events;
mod harmless;
mod hooks;
mod keeper;
mod live;
mod oidc;
mod openapi;
mod order;
mod origin;
mod pages;
mod phone;
mod problem;
mod repeated;
mod rooms;
mod router;
mod routes;
mod site;
mod state;
mod touched;
mod who;
mod written;

#[cfg(test)]
mod tests;

pub use hooks::{DeadForm, WebhookForm};
pub use keeper::Keeper;
pub use openapi::document;
pub use phone::socket::{for_sip, serve_phone};
pub use phone::{Ends, PhoneEnd, PhoneLine, Said};
pub use problem::{Kind, Problem};
pub use router::router;
pub use site::{Added, Counted, Events, News, NoHistory, Placed, Site, Sound, Verdicts};
pub use state::{Api, Over, Peer};
pub use written::{
    Act, Asked, BodyForm, ChatForm, ChoiceForm, ConversationForm, Hint, Kept, MessageForm, NewChat, NotDone,
    Said as SaidInWriting, Stage, ToCaller, Typist, What, Written, author_word,
};
