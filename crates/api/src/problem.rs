//! What is refused, as problem details (RFC 9457).

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use turno_access::{Denied, Trouble};
use turno_model::{Language, Refusal};
use utoipa::ToSchema;

use crate::keeper::NotKept;

/// The kinds of problems. The word is stable: programs may depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Nobody has signed in, or the session or token has ended.
    NotSignedIn,
    /// Name or password is wrong.
    WrongPassword,
    /// Too many wrong passwords: try again later.
    TooManyTries,
    /// More was asked for than one address or one session may: try again later.
    TooMuch,
    /// The right is missing.
    Denied,
    /// A change by a page lacks the header `x-csrf-token`.
    NotFromPage,
    /// There is no such thing.
    NotFound,
    /// This method is not possible here.
    NotAllowed,
    /// The request can't be understood.
    BadRequest,
    /// The body is too long.
    TooLarge,
    /// The body is no JSON.
    NotJson,
    /// It is not possible in the present state.
    Refused,
    /// The name is taken, or something else stands against it.
    Conflict,
    /// What was asked for is no longer kept.
    Gone,
    /// turno can't answer now.
    Busy,
    /// turno was asked, and has not answered in time: what came of it is not known.
    NotAnswered,
}

impl Kind {
    const fn status(self) -> StatusCode {
        match self {
            Self::NotSignedIn | Self::WrongPassword => StatusCode::UNAUTHORIZED,
            Self::TooManyTries | Self::TooMuch => StatusCode::TOO_MANY_REQUESTS,
            Self::Denied | Self::NotFromPage => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Refused | Self::Conflict => StatusCode::CONFLICT,
            Self::Gone => StatusCode::GONE,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotAnswered => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::NotSignedIn => "Not signed in",
            Self::WrongPassword => "Wrong name or password",
            Self::TooManyTries => "Too many tries",
            Self::TooMuch => "Too much at once",
            Self::Denied => "Not allowed",
            Self::NotFromPage => "Not from a page of this site",
            Self::NotFound => "Not found",
            Self::NotAllowed => "Not possible here",
            Self::BadRequest => "The request can't be understood",
            Self::TooLarge => "Too long",
            Self::NotJson => "Not JSON",
            Self::Refused => "Not possible now",
            Self::Conflict => "Something stands against it",
            Self::Gone => "No longer kept",
            Self::Busy => "turno can't answer now",
            Self::NotAnswered => "Not answered in time",
        }
    }
}

/// A refusal for people and programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// A URI that names the kind, relative to the API.
    #[serde(rename = "type")]
    #[schema(rename = "type")]
    link: String,
    /// The kind in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// The kind, for programs.
    kind: Kind,
    /// What happened here and what to do.
    detail: String,
    /// For `refused`: the engine's reason, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// For `too-many-tries` and `too-much`: in how many seconds the next try is possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        let word = serde_json::to_value(kind).ok().and_then(|word| word.as_str().map(str::to_owned));
        Self {
            link: format!("/api/problems#{}", word.unwrap_or_default()),
            title: kind.title(),
            status: kind.status().as_u16(),
            kind,
            detail: detail.into(),
            reason: None,
            retry_after: None,
        }
    }

    pub(crate) fn is(&self, kind: Kind) -> bool {
        self.kind == kind
    }

    pub(crate) fn not_signed_in() -> Self {
        Self::new(Kind::NotSignedIn, "sign in, or send a token that has not ended")
    }

    pub(crate) fn too_many_tries(seconds: u64) -> Self {
        let detail = format!("too many wrong passwords; try again in {seconds} s");
        Self { retry_after: Some(seconds), ..Self::new(Kind::TooManyTries, detail) }
    }

    pub(crate) fn too_much(seconds: u64) -> Self {
        let detail = format!("too much at once; try again in {seconds} s");
        Self { retry_after: Some(seconds), ..Self::new(Kind::TooMuch, detail) }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is not named in vain is refused in the present state"
    )]
    pub(crate) fn refused(refusal: &Refusal, language: Language) -> Self {
        let kind = match refusal {
            Refusal::NoAnswer => Kind::NotAnswered,
            Refusal::NoSuchAgent | Refusal::NoSuchQueue | Refusal::NoSuchContact => Kind::NotFound,
            Refusal::NoSuchSeat | Refusal::NoSuchList | Refusal::NoSuchReason => Kind::NotFound,
            Refusal::NoSuchPrompt => Kind::NotFound,
            _ => Kind::Refused,
        };
        let reason = match serde_json::to_value(refusal) {
            Ok(serde_json::Value::String(word)) => Some(word),
            Ok(serde_json::Value::Object(fields)) => fields.keys().next().cloned(),
            _ => None,
        };
        Self { reason, ..Self::new(kind, refusal.sentence(language)) }
    }

    /// Whether the same request may be made again: nothing was begun.
    pub(crate) fn is_busy(&self) -> bool {
        self.kind == Kind::Busy
    }

    pub(crate) const fn http_status(&self) -> StatusCode {
        self.kind.status()
    }

    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }
}

impl From<NotKept> for Problem {
    fn from(_: NotKept) -> Self {
        Self::new(Kind::Busy, "the database of users does not answer; try again")
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        Self::new(Kind::Denied, denied.to_string())
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        let kind = match trouble {
            Trouble::Name | Trouble::PasswordLength | Trouble::PasswordKnown => Kind::BadRequest,
            Trouble::Taken | Trouble::LastOperator => Kind::Conflict,
            Trouble::TooMuch => Kind::Denied,
            Trouble::Unknown => Kind::NotFound,
            Trouble::Newer { .. } | Trouble::Database(_) | Trouble::File { .. } | Trouble::Hash => {
                tracing::error!(%trouble, "the database of users");
                return Self::new(Kind::Busy, "the database of users does not work; the log has the reason");
            }
        };
        Self::new(kind, trouble.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, kind, retry_after) = (self.kind.status(), self.kind, self.retry_after);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if kind == Kind::NotSignedIn {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        } else if kind == Kind::Busy {
            headers.insert(RETRY_AFTER, HeaderValue::from(1));
        }
        response
    }
}
