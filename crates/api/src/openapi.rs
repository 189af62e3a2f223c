//! The OpenAPI document, made from the functions that answer.

use axum::Json;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, SecurityRequirement};
use utoipa::{Modify, OpenApi};

use crate::routes::{audit, lists, orders, plan, room, session, tokens, users};

/// The document's maker.
#[derive(OpenApi)]
#[openapi(
    info(title = "turno", description = "A contact centre: its live room, its commands, its events and its users."),
    paths(
        show, session::show, session::sign_in, session::sign_out, session::change_password, room::room, room::agent,
        room::queue, room::contacts, room::trace, orders::give, crate::events::stream, lists::skills, lists::callers,
        lists::bans, plan::reload, users::list, users::add, users::change, users::remove, users::set_others_password,
        tokens::list, tokens::add, tokens::remove, audit::list
    ),
    modifiers(&Security)
)]
struct Maker;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut Document) {
        let parts = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("a token")).build();
        parts.add_security_scheme("token", SecurityScheme::Http(bearer));
        let cookie =
            ApiKeyValue::with_description("__Host-turno", "a session; on loopback without TLS `turno`");
        parts.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        let either =
            ["token", "session"].map(|name| SecurityRequirement::new::<_, [&str; 0], &str>(name, []));
        document.security = Some(either.into());
    }
}

/// The OpenAPI 3.1 document.
pub fn document() -> Document {
    Maker::openapi()
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", tag = "api", security(()), responses(
    (status = 200, body = Object), (status = 304)))]
pub(crate) async fn show() -> Json<Document> {
    Json(document())
}
