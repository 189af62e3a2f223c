//! The tables of a plan as TOML has them, each with its keys.

use crate::key::{Described, KeyTable};
use crate::keys::api::API;
use crate::keys::browser::BROWSER;
use crate::keys::callers::CALLER_LIST;
use crate::keys::chat::CHAT;
use crate::keys::dependencies::DEPENDENCY;
use crate::keys::dialling::{CODE_PROMPTS, DIAL_OUT, FEATURE_CODES};
use crate::keys::emergency::EMERGENCY;
use crate::keys::exports::EXPORTS;
use crate::keys::handling::WRAP_UP_CODE;
use crate::keys::history::HISTORY;
use crate::keys::hours::HOURS;
use crate::keys::knowledge::KNOWLEDGE;
use crate::keys::mail::{MAIL, MAIL_ALIAS};
use crate::keys::numbers::{MENU, NUMBER};
use crate::keys::oidc::OIDC;
use crate::keys::phones::{OUTSIDE_PHONE, PHONES};
use crate::keys::protection::FENCE;
use crate::keys::queues::QUEUE;
use crate::keys::recording::RECORDING;
use crate::keys::reports::{REPORTS, SCHEDULE, TARIFF};
use crate::keys::seats::{AGENT, AUX_REASON, DEFAULT_PASSWORD, PASSWORD, PIN, SEAT};
use crate::keys::signalling::SIP;
use crate::keys::site::{HTTP, JOURNAL, PRIVACY, ROOM, SITE, TRACE};
use crate::keys::steps::STEP;
use crate::keys::tls::{SRTP, TLS};
use crate::keys::trunks::{ADDRESSING, TRUNK, TRUST};
use crate::keys::voices::MEDIA;
use crate::keys::webhooks::WEBHOOK;
use crate::keys::whatsapp::WHATSAPP;
use crate::keys::written::{BOT, WRITTEN};

/// How often a table may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stands {
    /// `[sip]`.
    Once,
    /// `[[queue]]`.
    Often,
    /// In another one: `[feature_codes.prompts]`.
    Within,
}

/// A table of the plan.
pub(crate) struct TomlTable {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) stands: Stands,
    parts: &'static [&'static dyn KeyTable],
}

const fn once(name: &'static str, title: &'static str, parts: &'static [&'static dyn KeyTable]) -> TomlTable {
    TomlTable { name, title, stands: Stands::Once, parts }
}

const fn often(
    name: &'static str,
    title: &'static str,
    parts: &'static [&'static dyn KeyTable],
) -> TomlTable {
    TomlTable { name, title, stands: Stands::Often, parts }
}

/// Every table of the plan, in the order in which refusals list them.
pub(crate) static TABLES: [TomlTable; 45] = [
    once("site", "[site]", &[&SITE]),
    once("sip", "[sip]", &[&SIP]),
    once("http", "[http]", &[&HTTP]),
    once("media", "[media]", &[&MEDIA]),
    once("room", "[room]", &[&ROOM, &PHONES]),
    once("trace", "[trace]", &[&TRACE]),
    once("fence", "[fence]", &[&FENCE]),
    once("journal", "[journal]", &[&JOURNAL]),
    once("history", "[history]", &[&HISTORY]),
    once("knowledge", "[knowledge]", &[&KNOWLEDGE]),
    once("written", "[written]", &[&WRITTEN]),
    once("bot", "[bot]", &[&BOT]),
    once("exports", "[exports]", &[&EXPORTS]),
    once("reports", "[reports]", &[&REPORTS]),
    once("api", "[api]", &[&API]),
    once("browser", "[browser]", &[&BROWSER]),
    once("chat", "[chat]", &[&CHAT]),
    once("oidc", "[oidc]", &[&OIDC]),
    once("mail", "[mail]", &[&MAIL]),
    once("whatsapp", "[whatsapp]", &[&WHATSAPP]),
    once("queue_defaults", "[queue_defaults]", &[&QUEUE]),
    once("feature_codes", "[feature_codes]", &[&FEATURE_CODES]),
    once("dial_out", "[dial_out]", &[&DIAL_OUT]),
    once("tls", "[tls]", &[&TLS]),
    once("emergency", "[emergency]", &[&EMERGENCY]),
    once("privacy", "[privacy]", &[&PRIVACY]),
    once("recording", "[recording]", &[&RECORDING]),
    often("queue", "[[queue]]", &[&QUEUE]),
    often("agent", "[[agent]]", &[&AGENT, &OUTSIDE_PHONE, &PIN, &PASSWORD, &DEFAULT_PASSWORD, &SRTP]),
    often("seat_range", "[[seat_range]]", &[&AGENT, &PIN, &PASSWORD, &DEFAULT_PASSWORD, &SRTP]),
    often("seat", "[[seat]]", &[&SEAT, &PASSWORD, &DEFAULT_PASSWORD, &SRTP]),
    often("aux_reason", "[[aux_reason]]", &[&AUX_REASON]),
    often("webhook", "[[webhook]]", &[&WEBHOOK]),
    often("wrap_up_code", "[[wrap_up_code]]", &[&WRAP_UP_CODE]),
    often("dependency", "[[dependency]]", &[&DEPENDENCY]),
    often("trunk", "[[trunk]]", &[&TRUNK, &TRUST, &PASSWORD, &SRTP, &ADDRESSING]),
    often("number", "[[number]]", &[&NUMBER]),
    often("menu", "[[menu]]", &[&MENU]),
    often("hours", "[[hours]]", &[&HOURS]),
    often("caller_list", "[[caller_list]]", &[&CALLER_LIST]),
    TomlTable {
        name: "feature_codes.prompts",
        title: "[feature_codes.prompts]",
        stands: Stands::Within,
        parts: &[&CODE_PROMPTS],
    },
    TomlTable { name: "queue.step", title: "[[queue.step]]", stands: Stands::Within, parts: &[&STEP] },
    TomlTable { name: "mail.alias", title: "[[mail.alias]]", stands: Stands::Within, parts: &[&MAIL_ALIAS] },
    TomlTable {
        name: "reports.tariff",
        title: "[[reports.tariff]]",
        stands: Stands::Within,
        parts: &[&TARIFF],
    },
    TomlTable {
        name: "reports.schedule",
        title: "[[reports.schedule]]",
        stands: Stands::Within,
        parts: &[&SCHEDULE],
    },
];

impl TomlTable {
    /// The names of its keys.
    pub(crate) fn keys(&self) -> Vec<&'static str> {
        self.described().iter().map(|key| key.name).collect()
    }

    /// Its keys: those of its parts that do not stand in another table alone.
    pub(crate) fn described(&self) -> Vec<Described> {
        let keys = self.parts.iter().flat_map(|part| part.described());
        keys.filter(|key| key.only.is_none_or(|only| only == self.name)).collect()
    }
}

/// The table of this name.
pub(crate) fn table(name: &str) -> &'static TomlTable {
    TABLES.iter().find(|table| table.name == name).expect("the readers ask for tables that there are")
}

/// The tables of docs/CONFIG.md, by the names that its marks have: neighbours stand together there.
pub(crate) static PAGE: [(&str, &[&dyn KeyTable]); 44] = [
    ("site", &[&SITE]),
    ("sip", &[&SIP]),
    ("tls", &[&TLS]),
    ("srtp", &[&SRTP]),
    ("http", &[&HTTP]),
    ("media", &[&MEDIA]),
    ("trace", &[&TRACE]),
    ("fence", &[&FENCE]),
    ("journal", &[&JOURNAL]),
    ("history", &[&HISTORY]),
    ("knowledge", &[&KNOWLEDGE]),
    ("written", &[&WRITTEN]),
    ("bot", &[&BOT]),
    ("exports", &[&EXPORTS]),
    ("reports", &[&REPORTS]),
    ("reports.tariff", &[&TARIFF]),
    ("reports.schedule", &[&SCHEDULE]),
    ("api", &[&API]),
    ("browser", &[&BROWSER]),
    ("chat", &[&CHAT]),
    ("oidc", &[&OIDC]),
    ("mail", &[&MAIL]),
    ("mail.alias", &[&MAIL_ALIAS]),
    ("webhook", &[&WEBHOOK]),
    ("whatsapp", &[&WHATSAPP]),
    ("queue", &[&QUEUE]),
    ("queue.step", &[&STEP]),
    ("agent", &[&AGENT, &OUTSIDE_PHONE, &PIN, &PASSWORD, &DEFAULT_PASSWORD]),
    ("seat", &[&SEAT]),
    ("aux_reason", &[&AUX_REASON]),
    ("wrap_up_code", &[&WRAP_UP_CODE]),
    ("dependency", &[&DEPENDENCY]),
    ("room", &[&ROOM, &PHONES]),
    ("number", &[&NUMBER]),
    ("menu", &[&MENU]),
    ("hours", &[&HOURS]),
    ("caller_list", &[&CALLER_LIST]),
    ("emergency", &[&EMERGENCY]),
    ("trunk", &[&TRUNK, &TRUST, &ADDRESSING]),
    ("privacy", &[&PRIVACY]),
    ("recording", &[&RECORDING]),
    ("dial_out", &[&DIAL_OUT]),
    ("feature_codes", &[&FEATURE_CODES]),
    ("feature_codes.prompts", &[&CODE_PROMPTS]),
];
