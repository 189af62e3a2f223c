//! Reads and checks a REGISTER before any binding changes.

use core::time::Duration;

use turno_ground::{Flow, Moment};

use crate::message::check::Refusal;
use crate::message::header::Name;
use crate::message::name_addr::NameAddr;
use crate::message::received::Message;
use crate::registrar::binding::{Binding, FULL_PREFERENCE, instance_of};
use crate::registrar::limits::RegistrarLimits;

/// Maximum number of Path values kept for one contact.
const PATH_VALUES_MAX: usize = 8;

/// What a REGISTER asks for.
pub(crate) enum RegisterRequest<'a> {
    /// Only the list of bindings.
    List,
    /// Removal of all bindings: `Contact: *`.
    RemoveAll,
    /// Bindings to add, refresh or, with a lifetime of zero, remove.
    Bind(Vec<Wanted<'a>>),
}

/// One contact and its lifetime.
pub(crate) struct Wanted<'a> {
    pub(crate) contact: NameAddr<'a>,
    pub(crate) reg_id: Option<u32>,
    /// The lifetime; zero removes the binding.
    pub(crate) span: Duration,
}

impl<'a> RegisterRequest<'a> {
    /// Reads `request`.
    ///
    /// # Errors
    /// The refusal by RFC 3261, 10.3: 400 for an invalid contact, 403 for too many contacts, 423 for too short a
    /// lifetime.
    pub(crate) fn read(request: &'a Message, limits: &RegistrarLimits) -> Result<Self, Refusal> {
        let contacts: Vec<NameAddr<'a>> = request.contacts().collect::<Result<_, _>>()?;
        let header = request.header(Name::Expires).and_then(seconds);
        if contacts.iter().any(NameAddr::is_star) {
            // `*` must be the only contact, with Expires: 0 (RFC 3261, 10.2.2).
            let alone = contacts.len() == 1 && header == Some(0);
            return if alone { Ok(Self::RemoveAll) } else { Err(Refusal::new(400, "Bad Contact")) };
        }
        if contacts.is_empty() {
            return Ok(Self::List);
        }
        let is_outbound = request.lists(Name::Supported, "outbound");
        let mut wanted = Vec::with_capacity(contacts.len());
        for contact in contacts {
            if !contact.uri()?.is_sip() {
                return Err(Refusal::new(400, "Unsupported Contact Scheme"));
            }
            let reg_id = contact.param("reg-id").and_then(|text| text.parse().ok());
            let reg_id = reg_id.filter(|id| is_outbound && *id > 0 && instance_of(&contact).is_some());
            let asked = contact.param("expires").and_then(seconds).or(header);
            wanted.push(Wanted { contact, reg_id, span: span(asked, limits)? });
        }
        if wanted.iter().filter(|one| !one.span.is_zero()).count() > limits.contacts_per_aor_max {
            return Err(Refusal::new(403, "Too Many Contacts"));
        }
        Ok(Self::Bind(wanted))
    }
}

impl Wanted<'_> {
    /// The binding that this contact becomes.
    pub(crate) fn binding(
        &self,
        request: &Message,
        cseq: u32,
        source: Flow,
        as_given: bool,
        now: Moment,
    ) -> Binding {
        let given = if as_given && !source.transport.is_web() {
            self.contact.uri().ok().and_then(|uri| uri.socket_addr())
        } else {
            None
        };
        Binding {
            uri: self.contact.uri.to_owned(),
            flow: Flow { remote: given.unwrap_or(source.remote), ..source },
            source,
            path: request.values(Name::Path).take(PATH_VALUES_MAX).map(str::to_owned).collect(),
            instance: instance_of(&self.contact),
            reg_id: self.reg_id,
            preference: self.contact.param("q").and_then(thousandths).unwrap_or(FULL_PREFERENCE),
            expires_at: now + self.span,
            call_id: request.call_id().to_owned(),
            cseq,
            user_agent: request.header(Name::UserAgent).unwrap_or("").to_owned(),
        }
    }
}

/// The lifetime of a contact that asks for `asked` seconds.
fn span(asked: Option<u32>, limits: &RegistrarLimits) -> Result<Duration, Refusal> {
    let Some(asked) = asked else { return Ok(limits.expires_default) };
    let span = Duration::from_secs(asked.into());
    if span.is_zero() {
        return Ok(span);
    }
    if span < limits.expires_min {
        let mut refusal = Refusal::new(423, "Interval Too Brief");
        refusal.headers.push((Name::MinExpires, limits.expires_min.as_secs().to_string()));
        return Err(refusal);
    }
    Ok(span.min(limits.expires_max))
}

/// Reads seconds. A number too large reads as `u32::MAX`, text that is not a number as absent (RFC 3261, 10.2.1.1).
fn seconds(text: &str) -> Option<u32> {
    // Some phones quote the number.
    let text = text.trim_matches('"');
    let legal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    legal.then(|| text.parse().unwrap_or(u32::MAX))
}

/// Reads a q value (RFC 3261, 25.1) in thousandths.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let legal =
        matches!(whole, "0" | "1") && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let sum = whole.parse::<u16>().ok()? * 1_000 + format!("{part:0<3}").parse::<u16>().ok()?;
    (legal && sum <= FULL_PREFERENCE).then_some(sum)
}
