//! Sends one message: HTTPS, no redirect, no inner address unless the plan says so.

use std::net::{IpAddr, SocketAddr};

use core::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use turno_model::plan::WebhookPlan;
use turno_webhooks::Letter;
use turno_webhooks::event::CONTENT_TYPE as EVENT_TYPE;
use turno_webhooks::signing::{key, signature};
use turno_webhooks::target::is_inner;

/// How long a connection may take.
const CONNECT_SPAN: Duration = Duration::from_secs(5);

/// How long a receiver may take to answer, as Standard Webhooks advises at least.
const ANSWER_SPAN: Duration = Duration::from_secs(15);

/// Addresses of a name that are tried.
const ADDRESSES_MAX: usize = 8;

/// What came of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The receiver has confirmed it (2xx).
    Arrived,
    /// It has not.
    Failed {
        /// Why, without anything secret.
        why: String,
        /// The pause that the receiver asks for.
        asked: Option<Duration>,
    },
}

/// Sends to one program.
#[derive(Clone)]
pub(crate) struct Sender {
    client: Client,
    url: Url,
    key: Vec<u8>,
}

impl Sender {
    /// The sender of a webhook.
    ///
    /// # Errors
    /// Why there can't be one.
    pub(crate) fn new(hook: &WebhookPlan) -> Result<Self, String> {
        let key = key(hook.secret.reveal()).ok_or_else(|| {
            format!("{} does not hold `whsec_` and 24 to 64 bytes in base64", hook.secret_file.display())
        })?;
        let url = Url::parse(&hook.url).map_err(|why| format!("{} is no address: {why}", hook.url))?;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        if !hook.is_inner && host.parse::<IpAddr>().is_ok_and(is_inner) {
            return Err(format!("{} is an inner address; `inner = true` allows it", hook.url));
        }
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_SPAN)
            .timeout(ANSWER_SPAN)
            .user_agent(concat!("turno/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(std::sync::Arc::new(Resolver { is_inner_fit: hook.is_inner }))
            .build()
            .map_err(|why| format!("no HTTP client: {why}"))?;
        Ok(Self { client, url, key })
    }

    /// Sends a message, at this second.
    pub(crate) async fn send(&self, letter: &Letter, seconds: u64) -> Outcome {
        let signed = signature(&self.key, &letter.id, seconds, letter.body.as_bytes());
        let request = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, EVENT_TYPE)
            .header("webhook-id", &letter.id)
            .header("webhook-timestamp", seconds.to_string())
            .header("webhook-signature", signed)
            .body(letter.body.clone());
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return Outcome::Failed { why: reason(&error), asked: None },
        };
        let status = answer.status();
        if status.is_success() {
            return Outcome::Arrived;
        }
        let asked = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let asked = asked.map(Duration::from_secs);
        let why = if status.is_redirection() {
            format!("{} is a redirect, which is not followed", status.as_u16())
        } else {
            format!("answered {}", status.as_u16())
        };
        Outcome::Failed { why, asked }
    }
}

/// What went wrong, from the innermost cause: the address is known already.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

/// Resolves names, and hides inner addresses: a name may lead anywhere, today here and tomorrow there.
struct Resolver {
    is_inner_fit: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let is_inner_fit = self.is_inner_fit;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let fit = found.filter(|address| is_inner_fit || !is_inner(address.ip()));
            let fit: Vec<SocketAddr> = fit.take(ADDRESSES_MAX).collect();
            if fit.is_empty() {
                return Err("the name leads to inner addresses; `inner = true` allows them".into());
            }
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}
