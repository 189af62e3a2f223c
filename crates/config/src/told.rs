//! What a plan's values are in words, as its writer would put them, and what has changed between two of them.

use core::time::Duration;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use turno_ground::{Pii, Transport};
use turno_model::encryption::{SrtpWish, TlsVersion};
use turno_model::plan::{
    AcwPlan, DigestAlgorithm, Durability, IdentityHeader, NumberFrom, NumberSource, OnStop, QueueRecording,
    SoundForm,
};
use turno_model::{AfterEmergency, Language, Rule};

use crate::duration_text;

/// A value that people are told of. No derived form reaches them: a type without words does not compile.
pub(crate) trait Told: PartialEq {
    /// In words.
    fn told(&self) -> String;

    /// From one to the other.
    fn change(&self, new: &Self) -> String {
        format!("{} -> {}", self.told(), new.told())
    }

    /// What stands where there is no such value.
    fn absent() -> &'static str {
        "not set"
    }
}

macro_rules! told_as_written {
    ($($type:ty),+) => {
        $(impl Told for $type {
            fn told(&self) -> String {
                self.to_string()
            }
        })+
    };
}

told_as_written!(bool, u8, u16, u64, usize, IpAddr, SocketAddr);

/// A limit, for which a plan may say `"none"`.
impl Told for u32 {
    fn told(&self) -> String {
        self.to_string()
    }

    fn absent() -> &'static str {
        "none"
    }
}

impl Told for String {
    fn told(&self) -> String {
        format!("`{self}`")
    }
}

/// A person's number: its last digits.
impl Told for Pii<String> {
    fn told(&self) -> String {
        format!("{self:?}")
    }
}

impl Told for PathBuf {
    fn told(&self) -> String {
        format!("`{}`", self.display())
    }
}

impl Told for NumberFrom {
    fn told(&self) -> String {
        let word = |source: &NumberSource| {
            let words = NumberSource::WORDS.iter().find(|(_, known)| known == source);
            words.map_or("", |(word, _)| word)
        };
        self.0.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}

impl Told for IdentityHeader {
    fn told(&self) -> String {
        match self {
            Self::Asserted => "p-asserted-identity",
            Self::Preferred => "p-preferred-identity",
            Self::None => "none",
        }
        .to_owned()
    }
}

/// A time, for which a plan may say `"none"`.
impl Told for Duration {
    fn told(&self) -> String {
        duration_text::write(*self)
    }

    fn absent() -> &'static str {
        "none"
    }
}

impl<T: Told> Told for Option<T> {
    fn told(&self) -> String {
        self.as_ref().map_or_else(|| T::absent().to_owned(), Told::told)
    }

    fn change(&self, new: &Self) -> String {
        match (self, new) {
            (Some(old), Some(new)) => old.change(new),
            (Some(_) | None, Some(_) | None) => format!("{} -> {}", self.told(), new.told()),
        }
    }
}

impl<T: Told> Told for Vec<T> {
    fn told(&self) -> String {
        if self.is_empty() {
            return "none".to_owned();
        }
        self.iter().map(Told::told).collect::<Vec<_>>().join(", ")
    }

    fn change(&self, new: &Self) -> String {
        let beyond = |all: &Self, others: &Self| -> Vec<String> {
            all.iter().filter(|one| !others.contains(one)).map(Told::told).collect()
        };
        let (added, gone) = (beyond(new, self), beyond(self, new));
        let word = |word: &str, which: &[String]| {
            (!which.is_empty()).then(|| format!("{word} {}", which.join(", ")))
        };
        let said: Vec<String> =
            [word("added", &added), word("taken away", &gone)].into_iter().flatten().collect();
        // The same ones in another order, or one of them as often as before no more.
        if said.is_empty() { format!("{} -> {}", self.told(), new.told()) } else { said.join("; ") }
    }
}

/// A word of the plan's own, without quotes: a name, or several of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said(pub(crate) String);

impl Told for Said {
    fn told(&self) -> String {
        self.0.clone()
    }
}

/// A pair whose first part stays: a skill with its level, a key with its queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pairs(pub(crate) Vec<(String, String)>);

impl Pairs {
    fn get(&self, first: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == first).map(|(_, second)| second.as_str())
    }
}

impl Told for Pairs {
    fn told(&self) -> String {
        if self.0.is_empty() {
            return "none".to_owned();
        }
        self.0.iter().map(|(first, second)| format!("{first} {second}")).collect::<Vec<_>>().join(", ")
    }

    fn change(&self, new: &Self) -> String {
        let mut said = Vec::new();
        for (first, second) in &self.0 {
            match new.get(first) {
                None => said.push(format!("{first} {second} taken away")),
                Some(now) if now != second => said.push(format!("{first} {second} -> {now}")),
                Some(_) => {}
            }
        }
        for (first, second) in new.0.iter().filter(|(first, _)| self.get(first).is_none()) {
            said.push(format!("{first} {second} added"));
        }
        if said.is_empty() { format!("{} -> {}", self.told(), new.told()) } else { said.join("; ") }
    }
}

/// A network: an address alone where it is one.
impl Told for (IpAddr, u8) {
    fn told(&self) -> String {
        let (address, bits) = self;
        let all = if address.is_ipv4() { 32 } else { 128 };
        if *bits == all { address.to_string() } else { format!("{address}/{bits}") }
    }
}

/// A listening address.
impl Told for (Transport, SocketAddr) {
    fn told(&self) -> String {
        format!("{}:{}", self.0.uri_name(), self.1)
    }
}

/// The first and the last port.
impl Told for (u16, u16) {
    fn told(&self) -> String {
        format!("{} to {}", self.0, self.1)
    }
}

macro_rules! told_in_words {
    ($($type:ty { $($variant:pat => $word:expr),+ $(,)? })+) => {
        $(impl Told for $type {
            fn told(&self) -> String {
                match self { $($variant => $word.to_owned()),+ }
            }
        })+
    };
}

told_in_words! {
    Transport {
        Self::Udp => "udp",
        Self::Tcp => "tcp",
        Self::Tls => "tls",
        Self::Ws => "ws",
        Self::Wss => "wss",
    }
    DigestAlgorithm {
        Self::Md5 => "md5",
        Self::Sha256 => "sha256",
    }
    Rule {
        Self::UcdMia => "ucd-mia",
        Self::EadMia => "ead-mia",
        Self::UcdLoa => "ucd-loa",
        Self::EadLoa => "ead-loa",
        Self::GreatestNeed => "greatest need",
        Self::LastAgent => "last agent",
        Self::Pulled => "pulled",
        Self::Direct => "direct",
    }
    AcwPlan {
        Self::Timed(span) => duration_text::write(*span),
        Self::Manual => "manual",
    }
    SrtpWish {
        Self::ByTransport => "offered over TLS",
        Self::Never => "never",
        Self::Offered => "offered",
        Self::Required => "required",
    }
    Language {
        Self::English => "en",
        Self::Spanish => "es",
    }
    TlsVersion {
        Self::Tls12 => "1.2",
        Self::Tls13 => "1.3",
    }
    Durability {
        Self::Process => "process",
        Self::Power => "power",
    }
    AfterEmergency {
        AfterEmergency::GoOn => "go_on",
        AfterEmergency::End => "end",
    }
    SoundForm {
        Self::Opus => "opus",
        Self::Wav => "wav",
    }
    QueueRecording {
        Self::Never => "never",
        Self::Demand => "demand",
        Self::Percent(percent) => format!("{percent} in a hundred"),
    }
    OnStop {
        Self::EndCalls => "end_calls",
        Self::Drain => "drain",
        Self::KeepCalls => "keep_calls",
    }
}
