//! Reads the challenges in WWW-Authenticate and Proxy-Authenticate values.

use crate::auth::digest::Algorithm;
use crate::auth::fields::Fields;
use crate::message::params::{Split, is_blank, is_token, trim, trim_end, trim_start};

/// Maximum number of comma-separated parts read from one header value.
const PARTS_MAX: usize = 64;

/// What a digest protects (RFC 7616, 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protection {
    /// The method and the Request-URI: qop=auth.
    Request,
    /// The body too: qop=auth-int.
    Body,
}

impl Protection {
    /// The name in `qop`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Request => "auth",
            Self::Body => "auth-int",
        }
    }

    /// The protection called `name`, in any case.
    pub(crate) fn of(name: &str) -> Option<Self> {
        [Self::Request, Self::Body].into_iter().find(|known| known.name().eq_ignore_ascii_case(name))
    }
}

/// A challenge that we can answer.
#[derive(Clone, Debug)]
pub(crate) struct Challenge {
    pub(crate) realm: String,
    /// As written, quotes included.
    pub(crate) nonce: String,
    /// As written, quotes included.
    pub(crate) opaque: Option<String>,
    pub(crate) algorithm: Algorithm,
    /// Whether the algorithm ends in `-sess`.
    pub(crate) is_session: bool,
    /// `None` in challenges by RFC 2069.
    pub(crate) protection: Option<Protection>,
    pub(crate) is_stale: bool,
}

impl Challenge {
    /// Reads one challenge. `None` if it is not Digest, or needs an algorithm or protection that we do not support:
    /// such a challenge is ignored (RFC 7616, 3.3; RFC 8760, 2.4).
    pub(crate) fn read(text: &str) -> Option<Self> {
        let fields = Fields::parse(text)?;
        let (algorithm, is_session) = Algorithm::with_session(fields.value("algorithm").as_deref())?;
        Some(Self {
            realm: fields.value("realm")?.into_owned(),
            nonce: fields.raw("nonce").filter(|nonce| !nonce.is_empty())?.to_owned(),
            opaque: fields.raw("opaque").map(str::to_owned),
            algorithm,
            is_session,
            protection: chosen(fields.value("qop").as_deref().map(trim)).ok()?,
            is_stale: fields.value("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true")),
        })
    }
}

/// Error: the server offers no protection that we support.
struct Unknown;

/// Chooses one of the offered protections. qop=auth comes first: proxies on the way may change the body.
fn chosen(offered: Option<&str>) -> Result<Option<Protection>, Unknown> {
    let Some(offered) = offered.filter(|offered| !offered.is_empty()) else { return Ok(None) };
    let known = || offered.split(',').filter_map(|word| Protection::of(trim(word)));
    let is_plain = known().any(|one| one == Protection::Request);
    if is_plain { Ok(Some(Protection::Request)) } else { known().next().map(Some).ok_or(Unknown) }
}

/// The challenges in one header value. RFC 3261 requires a header for each; some servers separate them by commas, as
/// HTTP allows.
pub(crate) fn challenges(value: &str) -> Vec<&str> {
    let begin = value.as_ptr().addr();
    let schemes = Split::new(value, b',').take(PARTS_MAX).filter(|part| begins_challenge(part));
    let starts: Vec<usize> = schemes.map(|part| part.as_ptr().addr() - begin).collect();
    let ends = starts.iter().skip(1).copied().chain([value.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| trim_end(trim(&value[*start..end]).trim_end_matches(',')))
        .collect()
}

/// Whether this part begins with a scheme: `Digest realm="x"`, or `Negotiate` alone.
fn begins_challenge(part: &str) -> bool {
    let (first, rest) = part.split_once(is_blank).unwrap_or((part, ""));
    is_token(first.as_bytes()) && !trim_start(rest).starts_with('=')
}
