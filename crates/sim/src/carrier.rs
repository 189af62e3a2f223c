//! A carrier that turno registers with. It challenges, restarts, falls silent, has other phones of the same account,
//! sends calls to our Contact, and rejects a wrong identity. It has its own digest code, so that ours is checked by
//! another implementation.

use core::fmt::Write as _;
use core::time::Duration;
use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use turno_ground::{Moment, Rng};
use turno_model::Plan;
use turno_model::plan::TrunkTrust;
use turno_phone::PhoneEvent;

use crate::draws::SPAN_MICROS;
use crate::person::Who;

/// The shortest registration that it accepts, which is also what it grants, in seconds.
pub(crate) const GRANTED: u64 = 90;

/// A carrier.
#[derive(Debug)]
pub(crate) struct Carrier {
    pub(crate) address: SocketAddr,
    account: String,
    password: String,
    /// When it sends no answers.
    silences: Vec<(Moment, Moment)>,
    /// When it restarts and forgets registrations and nonces.
    restarts: Vec<Moment>,
    life: usize,
    registered_until: Moment,
}

impl Carrier {
    /// The carrier of the first trunk that registers, if there is one. It has an Rng of its own.
    pub(crate) fn of(plan: &Plan, seed: u64, begin: Moment) -> Option<Self> {
        let (trunk, account, password) = plan.trunks.iter().find_map(|trunk| match &trunk.trust {
            TrunkTrust::Registration { username, password, .. } => Some((trunk, username, password)),
            TrunkTrust::Addresses(_) | TrunkTrust::Digest { .. } => None,
        })?;
        let ip: IpAddr = trunk.host.as_ref()?.parse().ok()?;
        let mut rng = Rng::new(seed ^ 0x6361_7272);
        let mut moment = || begin + Duration::from_micros(rng.below(SPAN_MICROS));
        let restarts = vec![moment(), moment()];
        let silent = moment();
        let silences = vec![(silent, silent + Duration::from_micros(rng.below(SPAN_MICROS / 2)))];
        Some(Self {
            address: SocketAddr::new(ip, trunk.port.unwrap_or(5060)),
            account: account.clone(),
            password: password.reveal().to_owned(),
            silences,
            restarts,
            life: 0,
            registered_until: Moment::default(),
        })
    }

    /// Whether this caller withholds the number.
    pub(crate) const fn is_withheld(caller: u32) -> bool {
        caller.is_multiple_of(2)
    }

    /// From now on it works without faults.
    pub(crate) fn heals(&mut self) {
        self.silences.clear();
        self.restarts.clear();
    }

    pub(crate) fn knows_us(&self, now: Moment) -> bool {
        self.registered_until > now
    }

    /// A person's message as it arrives at turno.
    pub(crate) fn led(carrier: Option<&Self>, who: Who, bytes: Bytes) -> Bytes {
        match (carrier, who) {
            (Some(carrier), Who::Caller(caller)) => carrier.leads(&bytes, caller),
            (Some(_) | None, Who::Agent(_) | Who::Page(_) | Who::Caller(_) | Who::Citizen) => bytes,
        }
    }

    /// Checks that no caller is refused with 404: callers dial only numbers of the plan.
    pub(crate) fn leads_to_a_number(who: Who, event: &PhoneEvent) {
        let is_unknown = matches!(event, PhoneEvent::Refused { status: 404, .. });
        let is_led = matches!(who, Who::Caller(_));
        assert!(!is_unknown || !is_led, "a caller who dialled a number of the plan hears that there is none");
    }

    /// A caller's message as turno gets it: the INVITE goes to the registered Contact, with the number in To, and says
    /// whether the caller withholds it.
    fn leads(&self, bytes: &Bytes, caller: u32) -> Bytes {
        let Ok(text) = core::str::from_utf8(bytes) else { return bytes.clone() };
        let Some((first, rest)) = text.split_once("\r\n").filter(|(first, _)| first.starts_with("INVITE "))
        else {
            return bytes.clone();
        };
        let is_first = header(rest, "To").is_some_and(|to| !to.contains("tag="));
        let place = first.split(['@', ' ']).nth(2).filter(|_| is_first && first.contains('@'));
        let Some(place) = place else { return bytes.clone() };
        let privacy = if Self::is_withheld(caller) { "Privacy: id\r\n" } else { "" };
        Bytes::from(format!("INVITE sip:{}@{place} SIP/2.0\r\n{privacy}{rest}", self.account))
    }

    /// Its answer to a message of turno's.
    pub(crate) fn hears(&mut self, bytes: &Bytes, now: Moment) -> Option<Bytes> {
        let life = self.restarts.iter().filter(|at| **at <= now).count();
        if life > self.life {
            (self.life, self.registered_until) = (life, Moment::default());
        }
        if self.silences.iter().any(|&(from, to)| from <= now && now < to) {
            return None;
        }
        let text = core::str::from_utf8(bytes).ok()?;
        let method = text.split(' ').next()?;
        match method {
            "OPTIONS" => Some(answer(text, "200 OK", "")),
            "REGISTER" => Some(self.registers(text, now)),
            "INVITE" => Some(self.is_called(text)),
            _ if method.starts_with("SIP/") || method == "ACK" => None,
            _ => Some(answer(text, "481 No Such Call", "")),
        }
    }

    fn registers(&mut self, text: &str, now: Moment) -> Bytes {
        if !self.is_proven(text, "REGISTER", "Authorization") {
            return answer(text, "401 Unauthorized", &self.challenges("WWW-Authenticate"));
        }
        let asked: u64 = header(text, "Expires").and_then(|span| span.parse().ok()).unwrap_or(0);
        if asked == 0 {
            self.registered_until = Moment::default();
            return answer(text, "200 OK", "");
        }
        if asked < GRANTED {
            return answer(text, "423 Interval Too Brief", &format!("Min-Expires: {GRANTED}\r\n"));
        }
        self.registered_until = now + Duration::from_secs(GRANTED);
        let (ours, account) = (header(text, "Contact").unwrap_or_default(), &self.account);
        let others = format!("Contact: <sip:{account}@192.0.2.77:5060>;expires=3600\r\n");
        answer(text, "200 OK", &format!("{others}Contact: {ours};expires={GRANTED}\r\n"))
    }

    /// A call from turno: From must name the account, and the digest must prove it. The called party is then busy.
    fn is_called(&self, text: &str) -> Bytes {
        let own = format!("<sip:{}@{}>", self.account, self.address.ip());
        let from = header(text, "From").unwrap_or_default();
        assert!(from.contains(&own), "a call to the carrier is from {from} and not from its account");
        if self.is_proven(text, "INVITE", "Proxy-Authorization") {
            answer(text, "486 Busy Here", "")
        } else {
            answer(text, "407 Proxy Authentication Required", &self.challenges("Proxy-Authenticate"))
        }
    }

    /// Two challenges: an algorithm that turno does not know, and one that it must (RFC 8760, 2.4).
    fn challenges(&self, name: &str) -> String {
        let one = |hash: &str| {
            format!(
                "{name}: Digest realm=\"carrier\", nonce=\"n{}\", qop=\"auth\", algorithm={hash}\r\n",
                self.life
            )
        };
        one("SHA3-512") + &one("SHA-256")
    }

    fn is_proven(&self, text: &str, method: &str, name: &str) -> bool {
        let Some(said) = header(text, name) else { return false };
        let of = |name: &str| field(said, name).unwrap_or_default();
        let secret = hash(&[&self.account, "carrier", &self.password]);
        let what = hash(&[method, of("uri")]);
        let proof = hash(&[&secret, of("nonce"), of("nc"), of("cnonce"), "auth", &what]);
        of("nonce") == format!("n{}", self.life) && of("username") == self.account && of("response") == proof
    }
}

fn answer(request: &str, status: &str, headers: &str) -> Bytes {
    let mut text = format!("SIP/2.0 {status}\r\n");
    for line in request.lines().skip(1).take_while(|line| !line.is_empty()) {
        let name = line.split(':').next().unwrap_or_default();
        if ["Via", "From", "Call-ID", "CSeq"].contains(&name) {
            text += &format!("{line}\r\n");
        } else if name == "To" {
            text += &format!("{line};tag=carrier\r\n");
        }
    }
    Bytes::from(text + headers + "Content-Length: 0\r\n\r\n")
}

fn header<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let head = text.split("\r\n\r\n").next()?;
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}

fn field<'a>(said: &'a str, name: &str) -> Option<&'a str> {
    let found = said.split([' ', ',']).find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    found.map(|value| value.trim_matches('"'))
}

fn hash(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join(":").as_bytes());
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
