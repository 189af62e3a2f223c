//! The table of routes.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::middleware;
use axum::routing::{delete, get, post, put};

use crate::caching::guard;
use crate::chat::{deeds, files, framed, plain, sessions, socket, telling};
use crate::events;
use crate::live;
use crate::openapi;
use crate::pages;
use crate::phone;
use crate::problem::{Kind, Problem};
use crate::routes::{
    audit, callback_deeds, conversation_deeds, conversations, conversations_live, desk, desk_phone, forecast,
    history, lists, oidc, orders, plan, procedures, questions, recordings, reports, room, session, site,
    tokens, users, waiting, webhooks, whatsapp_hook, why,
};
use crate::state::Api;

/// Longest body of a request.
const BODY_BYTES_MAX: usize = 16 * 1024;

/// Longest body with words of people.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// The routes. Each is in the OpenAPI document, which a test compares.
pub fn router(api: Arc<Api>) -> Router {
    Router::new()
        .route("/api/openapi.json", get(openapi::show))
        .route("/api/v1/session", get(session::show).post(session::sign_in).delete(session::sign_out))
        .route("/api/v1/session/password", put(session::change_password))
        .route("/api/v1/oidc/start", get(oidc::start))
        .route("/api/v1/oidc/back", get(oidc::back))
        .route("/api/v1/room", get(room::room))
        .route("/api/v1/live", get(live::stream))
        .route("/api/v1/site", get(site::site))
        .route("/api/v1/desk", get(desk::desk))
        .route("/sip", get(phone::socket::open))
        .route("/api/v1/desk/phone", get(desk_phone::phone))
        .route("/api/v1/desk/seat", get(desk_phone::seat))
        .route("/api/v1/desk/earlier", get(desk::earlier))
        .route("/api/v1/agents/{extension}", get(room::agent))
        .route("/api/v1/queues/{name}", get(room::queue))
        .route("/api/v1/contacts", get(room::contacts))
        .route("/api/v1/contacts/{contact}/trace", get(room::trace))
        .route("/api/v1/contacts/{contact}/why", get(why::why))
        .route("/api/v1/agents/{extension}/why-not", get(why::why_not))
        .route("/api/v1/reports", get(reports::report))
        .route("/api/v1/forecast", get(forecast::forecast))
        .route("/api/v1/orders", post(orders::give))
        .route("/api/v1/events", get(events::stream))
        .route("/api/v1/events/socket", get(events::socket::open))
        .route("/api/v1/history/{view}", get(history::rows))
        .route("/api/v1/procedures", get(procedures::search))
        .route("/api/v1/procedures/{id}", get(procedures::procedure))
        .route("/api/v1/questions", get(questions::list))
        .route("/api/v1/questions/try", post(questions::try_words))
        .route("/api/v1/recordings/{recording}/sound", get(recordings::sound))
        .route("/api/v1/callbacks", get(waiting::callbacks))
        .route("/api/v1/callbacks/{contact}/deeds", post(callback_deeds::handle))
        .route("/api/v1/breaks", get(waiting::breaks))
        .route("/api/v1/skills", get(lists::skills))
        .route("/api/v1/caller-lists/{list}", get(lists::callers))
        .route("/api/v1/bans", get(lists::bans))
        .route("/api/v1/plan/differences", get(plan::differences))
        .route("/api/v1/plan/reload", post(plan::reload))
        .route("/api/v1/users", get(users::list).post(users::add))
        .route("/api/v1/users/{name}", put(users::change).delete(users::remove))
        .route("/api/v1/users/{name}/password", put(users::set_others_password))
        .route("/api/v1/tokens", get(tokens::list).post(tokens::add))
        .route("/api/v1/tokens/{owner}/{name}", delete(tokens::remove))
        .route("/api/v1/webhooks", get(webhooks::list))
        .route("/api/v1/webhooks/{name}/dead", get(webhooks::dead))
        .route("/api/v1/webhooks/{name}/again", post(webhooks::again))
        .route("/api/v1/audit", get(audit::list))
        .merge(conversations())
        .merge(chats())
        .merge(chat_pages())
        .fallback(pages::fallback)
        .method_not_allowed_fallback(not_so)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(Arc::clone(&api), guard))
        .with_state(api)
}

/// Written conversations, for agents and supervisors.
fn conversations() -> Router<Arc<Api>> {
    Router::new()
        .route("/api/v1/answers", get(conversation_deeds::answers))
        .route("/api/v1/desk/card", post(conversation_deeds::card_to_caller))
        .route("/api/v1/conversations", get(conversations::list))
        .route("/api/v1/conversations/live", get(conversations_live::stream))
        .route("/api/v1/conversations/{conversation}", get(conversations::one))
        .route("/api/v1/conversations/{conversation}/messages", get(conversations::messages))
        .route(
            "/api/v1/conversations/{conversation}/replies",
            post(conversation_deeds::reply).layer(text_limit()),
        )
        .route(
            "/api/v1/conversations/{conversation}/deeds",
            post(conversation_deeds::handle).layer(text_limit()),
        )
        .route(
            "/api/v1/conversations/{conversation}/files",
            post(conversation_deeds::send_file).layer(file_limit()),
        )
        .route("/api/v1/conversations/{conversation}/files/{file}", get(conversations::file))
}

/// The chat, for people who write.
fn chats() -> Router<Arc<Api>> {
    Router::new()
        .route("/chat/sessions", post(sessions::open))
        .route("/chat/deeds", post(deeds::give).layer(text_limit()))
        .route("/chat/messages", get(deeds::messages))
        .route("/chat/events", get(telling::stream))
        .route("/chat/socket", get(socket::open))
        .route("/chat/files", post(files::send).layer(file_limit()))
        .route("/chat/files/{file}", get(files::fetch))
        .route(
            "/channels/whatsapp",
            get(whatsapp_hook::verify)
                .post(whatsapp_hook::take)
                .layer(DefaultBodyLimit::max(whatsapp_hook::BYTES_MAX)),
        )
}

/// Pages of the chat for people, which are no part of the interface for programs.
fn chat_pages() -> Router<Arc<Api>> {
    let page = |path, answer| Router::new().route(path, answer);
    page("/chat", get(framed::show))
        .merge(page("/chat/plain", get(plain::show)))
        .merge(page("/chat/plain.css", get(plain::style)))
        .merge(page("/chat/plain/open", post(plain::open).layer(text_limit())))
        .merge(page("/chat/plain/say", post(plain::say).layer(text_limit())))
        .merge(page("/chat/plain/choose", post(plain::choose)))
        .merge(page("/chat/plain/rate", post(plain::rate)))
        .merge(page("/chat/plain/leave", post(plain::leave)))
        .merge(page("/chat/plain/new", post(plain::anew)))
        .merge(page("/chat/plain/files/{file}", get(plain::file)))
}

/// A message of 4,096 characters, all of them escaped.
fn text_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(TEXT_BYTES_MAX)
}

fn file_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(files::FILE_BYTES_MAX)
}

async fn not_so(method: Method) -> Problem {
    Problem::new(Kind::NotAllowed, format!("{method} is not possible here; /api/openapi.json lists what is"))
}
