//! The pages that turno serves: the desk, the wall, the console. They are built from `web` and lie in the binary.

use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use rust_embed::RustEmbed;

use crate::problem::{Kind, Problem};

/// What the pages are built to; empty where they were not built.
#[derive(RustEmbed)]
#[folder = "web/dist/pages"]
#[allow_missing = true]
struct Files;

/// The page for who builds the binary without pages.
const NOT_BUILT: &str = include_str!("pages/not_built.html");

/// Pages by their addresses; the rest are files.
const PAGES: [(&str, &str); 4] =
    [("/", "index.html"), ("/desk", "desk.html"), ("/wall", "wall.html"), ("/console", "console.html")];

/// No script but our own files, no style written into the page, no request to anybody else, in no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
    connect-src 'self'; media-src 'self' blob: data:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// What a page may ask the browser for.
const PERMISSIONS: &str =
    "microphone=(self), speaker-selection=(self), camera=(), geolocation=(), payment=(), usb=()";

/// A page or a file of one; `None`: there is none at this address.
pub(crate) fn page(method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    if !matches!(*method, Method::GET | Method::HEAD) || uri.path().starts_with("/api/") {
        return None;
    }
    let known = PAGES.iter().find(|(address, _)| *address == uri.path());
    let name = match known {
        Some((_, file)) => file,
        None => uri.path().strip_prefix('/').filter(|name| !name.ends_with(".html"))?,
    };
    if let Some(found) = file(name, headers) {
        return Some(found);
    }
    known.map(|_| not_built())
}

/// The page in this file, whose address has a route of its own.
pub(crate) fn named_page(name: &str, method: &Method, headers: &HeaderMap) -> Response {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return Problem::new(Kind::NotAllowed, "a page is only looked at").into_response();
    }
    file(name, headers).unwrap_or_else(not_built)
}

/// The version of the pages: it changes with each change of them.
pub(crate) fn pages_version() -> String {
    Files::get("version.txt")
        .map_or_else(String::new, |file| String::from_utf8_lossy(&file.data).trim().to_owned())
}

fn file(name: &str, headers: &HeaderMap) -> Option<Response> {
    let kind = kind_of(name)?;
    let taken = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |coding: &str| taken.split(',').any(|one| one.trim().split(';').next() == Some(coding));
    let packed = [("br", ".br"), ("gzip", ".gz")].into_iter().find_map(|(coding, ending)| {
        let file = takes(coding).then(|| Files::get(&format!("{name}{ending}")))??;
        Some((file, Some(coding)))
    });
    let (file, coding) = packed.or_else(|| Some((Files::get(name)?, None)))?;
    let mut response = (StatusCode::OK, file.data.into_owned()).into_response();
    let answer = response.headers_mut();
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    answer.insert(HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS));
    answer.insert("vary", HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    if name.starts_with("assets/") {
        // Their names have the hash of what is in them.
        answer.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    }
    Some(response)
}

fn kind_of(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "wav" => "audio/wav",
        "ogg" => "audio/ogg",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}

fn not_built() -> Response {
    let kind = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ];
    (StatusCode::OK, kind, NOT_BUILT).into_response()
}

/// What is at no address.
pub(crate) async fn fallback(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    page(&method, &uri, &headers).unwrap_or_else(|| {
        let detail = "there is nothing at this address; /api/openapi.json lists what there is";
        Problem::new(Kind::NotFound, detail).into_response()
    })
}
