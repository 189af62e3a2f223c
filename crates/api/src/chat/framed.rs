//! The chat's own page, which alone may stand in a frame of the pages that the plan lists.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::{IntoResponse as _, Response};

use crate::chat::secret::plan_of;
use crate::pages::named_page;
use crate::state::Api;

/// The chat's page.
pub(crate) async fn show(State(api): State<Arc<Api>>, method: Method, headers: HeaderMap) -> Response {
    let plan = match api.off(plan_of).await {
        Ok(Ok(plan)) => plan,
        Ok(Err(problem)) | Err(problem) => return problem.into_response(),
    };
    let mut response = named_page("chat.html", &method, &headers);
    let policy = policy(&plan.origins);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}

/// Nothing from elsewhere, and in frames of these pages alone.
fn policy(origins: &[String]) -> HeaderValue {
    let mut framing = "'self'".to_owned();
    for origin in origins {
        framing.push(' ');
        framing.push_str(origin);
    }
    let text = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; font-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors {framing}"
    );
    HeaderValue::from_str(&text)
        .unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"))
}

#[cfg(test)]
mod tests {
    use super::policy;

    #[test]
    fn the_page_stands_in_frames_of_listed_pages_alone() {
        let text = |origins: &[&str]| {
            let origins: Vec<String> = origins.iter().map(|&origin| origin.to_owned()).collect();
            policy(&origins).to_str().expect("text").to_owned()
        };
        assert!(text(&[]).ends_with("frame-ancestors 'self'"));
        assert!(text(&["https://www.example"]).ends_with("frame-ancestors 'self' https://www.example"));
        assert!(!text(&["https://www.example"]).contains("unsafe"));
    }
}
