//! The OpenAPI document, made from the functions that answer.

use std::sync::OnceLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde_json::Value;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, SecurityRequirement};
use utoipa::{Modify, OpenApi};

use crate::chat::{deeds, files, sessions, socket, telling};
use crate::routes::{
    audit, callback_deeds, conversation_deeds, conversations, conversations_live, desk, desk_phone, forecast,
    history, lists, oidc, orders, plan, procedures, questions, recordings, reports, room, session, site,
    tokens, users, waiting, webhooks, whatsapp_hook, why,
};

/// The document's maker.
#[derive(OpenApi)]
#[openapi(
    info(title = "turno", description = "A contact centre: its live room, its commands, its events and its users."),
    paths(
        show, session::show, session::sign_in, session::sign_out, session::change_password, room::room, room::agent,
        room::queue, room::contacts, crate::live::stream, site::site, desk::desk, desk::earlier, room::trace, orders::give, crate::events::stream, crate::events::socket::open, lists::skills, lists::callers,
        lists::bans, plan::differences, plan::reload, users::list, users::add, users::change, users::remove, users::set_others_password,
        tokens::list, tokens::add, tokens::remove, audit::list, history::rows, procedures::search, procedures::procedure, questions::list, questions::try_words, recordings::sound, oidc::start, oidc::back, reports::report, forecast::forecast, why::why, why::why_not, webhooks::list, webhooks::dead,
        webhooks::again, whatsapp_hook::verify, whatsapp_hook::take, waiting::callbacks, callback_deeds::handle, waiting::breaks, desk_phone::phone, desk_phone::seat, crate::phone::socket::open,
        conversations::list, conversations::one, conversations::messages, conversations::file, conversations_live::stream,
        conversation_deeds::reply, conversation_deeds::send_file, conversation_deeds::handle, conversation_deeds::answers,
        conversation_deeds::card_to_caller, sessions::open, deeds::give, deeds::messages, telling::stream, socket::open, files::send,
        files::fetch
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
pub fn document() -> Value {
    let mut document = serde_json::to_value(Maker::openapi()).unwrap_or_default();
    problems_are_problems(&mut document);
    orders_are_whole(&mut document);
    operations_have_names(&mut document);
    document
}

/// What is refused has a content type of its own (RFC 9457).
fn problems_are_problems(document: &mut Value) {
    let methods = document["paths"].as_object_mut().into_iter().flatten();
    let methods = methods.filter_map(|(_, path)| path.as_object_mut()).flatten();
    for (_, responses) in methods.filter_map(|(_, method)| method["responses"].as_object_mut()).flatten() {
        let Some(content) = responses.get_mut("content").and_then(Value::as_object_mut) else { continue };
        let is_problem = |body: &Value| body["schema"]["$ref"] == "#/components/schemas/Problem";
        if content.get("application/json").is_some_and(is_problem)
            && let Some(body) = content.remove("application/json")
        {
            content.insert("application/problem+json".to_owned(), body);
        }
    }
}

/// Each operation has a name of its own, of its method and its path; functions of different files may be called the same.
fn operations_have_names(document: &mut Value) {
    for (path, methods) in document["paths"].as_object_mut().into_iter().flatten() {
        let words = path.trim_start_matches("/api/v1/").trim_start_matches("/api/");
        let words = words.replace(['{', '}'], "").replace(['/', '-', '.'], "_");
        for (method, operation) in methods.as_object_mut().into_iter().flatten() {
            operation["operationId"] = Value::from(format!("{method}_{words}"));
        }
    }
}

/// An order is one object: its word beside its fields. Written as a part of fields and a part with the word, neither of which
/// allows others, nothing would be valid.
fn orders_are_whole(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    let mut fields = Vec::new();
    for order in document["components"]["schemas"]["Order"]["oneOf"].as_array_mut().into_iter().flatten() {
        let Some(parts) = order["allOf"].as_array() else { continue };
        let Some(name) = parts[0]["$ref"].as_str().and_then(|link| link.rsplit('/').next()) else { continue };
        let mut whole = schemas[name].clone();
        whole["properties"]["do"] = parts[1]["properties"]["do"].clone();
        let required = whole["required"].as_array().cloned().unwrap_or_default();
        whole["required"] = core::iter::once(Value::from("do")).chain(required).collect();
        fields.push(name.to_owned());
        *order = whole;
    }
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| !fields.contains(name));
    }
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", tag = "api", security(()), responses(
    (status = 200, body = Object), (status = 304)))]
pub(crate) async fn show() -> impl IntoResponse {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| document().to_string());
    ([(CONTENT_TYPE, "application/json")], text.as_str())
}
