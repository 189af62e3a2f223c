//! The functions that answer, by what they are about; `router` has their table.

pub(crate) mod audit;
pub(crate) mod conversation_deeds;
pub(crate) mod conversations;
pub(crate) mod conversations_live;
pub(crate) mod desk;
pub(crate) mod desk_phone;
pub(crate) mod forecast;
pub(crate) mod history;
pub(crate) mod lists;
pub(crate) mod lost_form;
pub(crate) mod oidc;
pub(crate) mod orders;
pub(crate) mod plan;
pub(crate) mod procedures;
pub(crate) mod recordings;
pub(crate) mod reports;
pub(crate) mod room;
pub(crate) mod room_form;
pub(crate) mod session;
pub(crate) mod site;
pub(crate) mod tokens;
pub(crate) mod users;
pub(crate) mod waiting;
pub(crate) mod webhooks;
pub(crate) mod why;
