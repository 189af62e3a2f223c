//! The issuer: what it says of itself, where people are sent, and what comes back.

use core::fmt;
use core::pin::Pin;
use core::time::Duration;
use std::sync::Arc;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AsyncHttpClient, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    IdTokenFields, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    Scope, StandardErrorResponse, StandardTokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use turno_model::plan::OidcPlan;

use crate::oidc::waiting::OnTheWay;

/// How long the issuer may take.
const ANSWER_SPAN: Duration = Duration::from_secs(10);

/// Longest answer of the issuer.
const ANSWER_BYTES_MAX: usize = 256 * 1_024;

/// How many seconds what the issuer says of itself is used: its keys change now and then.
const KNOWN_SPAN: u64 = 3_600;

/// All claims that are not in the standard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Others(Map<String, Value>);

impl AdditionalClaims for Others {}

type Answer = StandardTokenResponse<
    IdTokenFields<
        Others,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

type Client = openidconnect::Client<
    Others,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Answer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why somebody has not proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotProved {
    /// The issuer can't be asked now.
    Unreachable(String),
    /// What it says does not hold.
    Untrue(String),
}

impl fmt::Display for NotProved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) | Self::Untrue(why) => f.write_str(why),
        }
    }
}

/// The issuer of a plan.
#[derive(Debug)]
pub(crate) struct Issuer {
    pub(crate) plan: OidcPlan,
    http: Asks,
    /// What it says of itself, and until when that is used.
    known: Mutex<Option<(Arc<Client>, u64)>>,
}

impl Issuer {
    /// The issuer of this plan.
    ///
    /// # Errors
    /// There is no HTTP client.
    pub(crate) fn new(plan: OidcPlan) -> Result<Self, String> {
        let http = reqwest::Client::builder()
            // A redirect could lead the secret elsewhere.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(ANSWER_SPAN)
            .build()
            .map_err(|why| why.to_string())?;
        Ok(Self { plan, http: Asks(http), known: Mutex::default() })
    }

    /// Where somebody is sent.
    pub(crate) async fn place(&self, state: &str, who: &OnTheWay, now: u64) -> Result<String, NotProved> {
        let client = self.client(now).await?;
        let verifier = PkceCodeVerifier::new(who.verifier.clone());
        let (state, nonce) = (state.to_owned(), who.nonce.clone());
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        for scope in &self.plan.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        Ok(request.url().0.to_string())
    }

    /// Who came back with this code: the subject and all claims.
    pub(crate) async fn proves(
        &self,
        code: String,
        who: &OnTheWay,
        now: u64,
    ) -> Result<(String, Map<String, Value>), NotProved> {
        let client = self.client(now).await?;
        let exchange = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|why| NotProved::Unreachable(why.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(who.verifier.clone()));
        let answer = exchange.request_async(&self.http).await.map_err(|why| match why {
            RequestTokenError::Request(why) => NotProved::Unreachable(why.to_string()),
            why @ (RequestTokenError::ServerResponse(_)
            | RequestTokenError::Parse(..)
            | RequestTokenError::Other(_)) => {
                NotProved::Untrue(format!("the issuer refuses the code: {why}"))
            }
        })?;
        let token = answer.extra_fields().id_token();
        let token = token.ok_or_else(|| NotProved::Untrue("the issuer gave no ID token".to_owned()))?;
        let verifier = client.id_token_verifier().set_time_fn(move || time(now));
        let claims = token
            .claims(&verifier, &Nonce::new(who.nonce.clone()))
            .map_err(|why| NotProved::Untrue(format!("the ID token does not hold: {why}")))?;
        let subject = claims.subject().as_str().to_owned();
        match serde_json::to_value(claims) {
            Ok(Value::Object(all)) => Ok((subject, all)),
            Ok(_) | Err(_) => Err(NotProved::Untrue("the claims can't be read".to_owned())),
        }
    }

    async fn client(&self, now: u64) -> Result<Arc<Client>, NotProved> {
        let mut known = self.known.lock().await;
        if let Some((client, until)) = &*known
            && *until > now
        {
            return Ok(Arc::clone(client));
        }
        let unusable =
            |why: &dyn fmt::Display| NotProved::Unreachable(format!("the issuer can't be asked: {why}"));
        let issuer = IssuerUrl::new(self.plan.issuer.clone()).map_err(|why| unusable(&why))?;
        let said =
            CoreProviderMetadata::discover_async(issuer, &self.http).await.map_err(|why| unusable(&why))?;
        let secret = self.plan.secret.reveal();
        let secret = (!secret.is_empty()).then(|| ClientSecret::new(secret.to_owned()));
        let back = RedirectUrl::new(self.plan.back.clone()).map_err(|why| unusable(&why))?;
        let id = ClientId::new(self.plan.client.clone());
        let client = Arc::new(Client::from_provider_metadata(said, id, secret).set_redirect_uri(back));
        *known = Some((Arc::clone(&client), now + KNOWN_SPAN));
        Ok(client)
    }
}

/// Asks the issuer.
#[derive(Debug)]
struct Asks(reqwest::Client);

impl Asks {
    /// Reads no more than it may say.
    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, AskFailed> {
        let failed = |why: reqwest::Error| AskFailed(why.without_url().to_string());
        let request = reqwest::Request::try_from(request).map_err(failed)?;
        let mut answer = self.0.execute(request).await.map_err(failed)?;
        let mut response = HttpResponse::new(Vec::new());
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        while let Some(piece) = answer.chunk().await.map_err(failed)? {
            let body = response.body_mut();
            if body.len() + piece.len() > ANSWER_BYTES_MAX {
                return Err(AskFailed(format!("its answer is longer than {ANSWER_BYTES_MAX} bytes")));
            }
            body.extend_from_slice(&piece);
        }
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Asks {
    type Error = AskFailed;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, AskFailed>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

/// The issuer did not answer.
#[derive(Debug)]
pub(crate) struct AskFailed(String);

impl fmt::Display for AskFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for AskFailed {}

fn time(seconds: u64) -> chrono::DateTime<chrono::Utc> {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    chrono::DateTime::from_timestamp(seconds, 0).unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC)
}
