//! Differences between two plans: one line a change, old -> new, for people.
//!
//! The tables of keys say how each is told; every part of a plan has its table here, or it does not compile.

use turno_model::Plan;
use turno_model::encryption::TlsPlan;
use turno_model::plan::{BrowserPlan, MailPlan, OidcPlan, RecordingPlan, TracePlan, WhatsAppPlan};

use crate::difference_lines::Lines;
use crate::difference_lists::compare_lists;
use crate::keys::api::API;
use crate::keys::browser::BROWSER;
use crate::keys::chat::CHAT;
use crate::keys::dialling::{CODE_PROMPTS, DIAL_OUT, FEATURE_CODES};
use crate::keys::emergency::EMERGENCY;
use crate::keys::exports::EXPORTS;
use crate::keys::history::HISTORY;
use crate::keys::knowledge::KNOWLEDGE;
use crate::keys::mail::MAIL;
use crate::keys::oidc::OIDC;
use crate::keys::phones::PHONES;
use crate::keys::protection::FENCE;
use crate::keys::recording::RECORDING;
use crate::keys::reports::REPORTS;
use crate::keys::signalling::SIP;
use crate::keys::site::{HTTP, JOURNAL, PRIVACY, ROOM, SITE, TRACE, memory};
use crate::keys::tls::TLS;
use crate::keys::voices::MEDIA;
use crate::keys::whatsapp::WHATSAPP;
use crate::keys::written::{BOT, WRITTEN};
use crate::told::Told as _;

/// Every change between two plans, in the order of the sections. Passwords are never told.
pub fn differences(old: &Plan, new: &Plan) -> Vec<String> {
    compare(old, new).every()
}

/// Those of the changes that a turno which runs can't take: what is bound, opened or laid out at the start.
pub fn needs_start(old: &Plan, new: &Plan) -> Vec<String> {
    compare(old, new).for_a_start()
}

fn compare(old: &Plan, new: &Plan) -> Lines {
    let mut lines = Lines::default();
    let Plan {
        site: _,
        language: _,
        sip,
        http: _,
        media,
        // Told by the queues and the agents that have them.
        skills: _,
        // The lists are compared below.
        queues: _,
        agents: _,
        seats: _,
        aux_reasons: _,
        wrap_up_codes: _,
        dependencies: _,
        trunks: _,
        numbers: _,
        menus: _,
        caller_lists: _,
        webhooks: _,
        hours: _,
        prompts: _,
        feature_codes,
        dial_out,
        fence,
        room,
        trace,
        journal,
        history,
        knowledge,
        written: _,
        exports,
        reports,
        api: _,
        browser: _,
        chat: _,
        mail: _,
        whatsapp: _,
        oidc: _,
        recording,
        keep_withheld: _,
        voices: _,
        emergency,
        phones,
    } = old;
    lines.table("site", &SITE, (old, old), (new, new));
    lines.table("sip", &SIP, (old, sip), (new, &new.sip));
    compare_tls(&mut lines, (old, sip.tls.as_ref()), (new, new.sip.tls.as_ref()));
    lines.table("http", &HTTP, (old, old), (new, new));
    lines.table("media", &MEDIA, (old, media), (new, &new.media));
    lines.table("room", &ROOM, (old, room), (new, &new.room));
    lines.table("room", &PHONES, (old, phones), (new, &new.phones));
    lines.table("emergency", &EMERGENCY, (old, emergency), (new, &new.emergency));
    lines.table("privacy", &PRIVACY, (old, old), (new, new));
    compare_trace(&mut lines, (old, trace.as_ref()), (new, new.trace.as_ref()));
    compare_recording(&mut lines, (old, recording.as_ref()), (new, new.recording.as_ref()));
    lines.table("fence", &FENCE, (old, fence), (new, &new.fence));
    lines.table("journal", &JOURNAL, (old, journal), (new, &new.journal));
    lines.table("history", &HISTORY, (old, history), (new, &new.history));
    lines.table("knowledge", &KNOWLEDGE, (old, knowledge), (new, &new.knowledge));
    lines.table("exports", &EXPORTS, (old, exports), (new, &new.exports));
    lines.table("reports", &REPORTS, (old, reports), (new, &new.reports));
    compare_optional(&mut lines, old, new);
    compare_lists(&mut lines, old, new);
    lines.table("feature_codes", &FEATURE_CODES, (old, feature_codes), (new, &new.feature_codes));
    lines.table("feature_codes.prompts", &CODE_PROMPTS, (old, feature_codes), (new, &new.feature_codes));
    lines.table("dial_out", &DIAL_OUT, (old, dial_out), (new, &new.dial_out));
    lines
}

/// The tables without which something is off, and what the written channels share.
fn compare_optional(lines: &mut Lines, old: &Plan, new: &Plan) {
    match (&old.api, &new.api) {
        (None, None) => {}
        (Some(was), Some(is)) => lines.table("api", &API, (old, was), (new, is)),
        (Some(_), None) => lines.start("api: taken away".to_owned()),
        (None, Some(_)) => lines.start("api: new".to_owned()),
    }
    lines.table("written", &WRITTEN, (old, &old.written), (new, &new.written));
    lines.table("bot", &BOT, (old, &old.written.bot), (new, &new.written.bot));
    compare_browser(lines, (old, old.browser.as_ref()), (new, new.browser.as_ref()));
    match (&old.chat, &new.chat) {
        (Some(was), Some(is)) => lines.table("chat", &CHAT, (old, was), (new, is)),
        (was, is) => lines.compare("chat", "is there", &was.is_some(), &is.is_some()),
    }
    compare_oidc(lines, (old, old.oidc.as_ref()), (new, new.oidc.as_ref()));
    compare_mail(lines, (old, old.mail.as_ref()), (new, new.mail.as_ref()));
    compare_whatsapp(lines, (old, old.whatsapp.as_ref()), (new, new.whatsapp.as_ref()));
}

fn compare_browser(
    lines: &mut Lines,
    (old, was): (&Plan, Option<&BrowserPlan>),
    (new, is): (&Plan, Option<&BrowserPlan>),
) {
    match (was, is) {
        (None, None) => {}
        (Some(was), Some(is)) => lines.table("browser", &BROWSER, (old, was), (new, is)),
        (Some(_), None) => lines.start("browser: taken away".to_owned()),
        (None, Some(_)) => lines.start("browser: new".to_owned()),
    }
}

fn compare_mail(
    lines: &mut Lines,
    (old, was): (&Plan, Option<&MailPlan>),
    (new, is): (&Plan, Option<&MailPlan>),
) {
    match (was, is) {
        (None, None) => {}
        (Some(was), Some(is)) => lines.table("mail", &MAIL, (old, was), (new, is)),
        (Some(_), None) => lines.start("mail: taken away".to_owned()),
        (None, Some(_)) => lines.start("mail: new".to_owned()),
    }
}

fn compare_whatsapp(
    lines: &mut Lines,
    (old, was): (&Plan, Option<&WhatsAppPlan>),
    (new, is): (&Plan, Option<&WhatsAppPlan>),
) {
    match (was, is) {
        (None, None) => {}
        (Some(was), Some(is)) => lines.table("whatsapp", &WHATSAPP, (old, was), (new, is)),
        (Some(_), None) => lines.start("whatsapp: taken away".to_owned()),
        (None, Some(_)) => lines.start("whatsapp: new".to_owned()),
    }
}

fn compare_oidc(
    lines: &mut Lines,
    (old, was): (&Plan, Option<&OidcPlan>),
    (new, is): (&Plan, Option<&OidcPlan>),
) {
    match (was, is) {
        (None, None) => {}
        (Some(was), Some(is)) => lines.table("oidc", &OIDC, (old, was), (new, is)),
        (Some(_), None) => lines.start("oidc: taken away".to_owned()),
        (None, Some(_)) => lines.start("oidc: new".to_owned()),
    }
}

fn compare_tls(
    lines: &mut Lines,
    (old, was): (&Plan, Option<&TlsPlan>),
    (new, is): (&Plan, Option<&TlsPlan>),
) {
    match (was, is) {
        (Some(was), Some(is)) => lines.table("tls", &TLS, (old, was), (new, is)),
        (Some(_), None) => lines.start("tls: taken away".to_owned()),
        (None, Some(_)) => lines.start("tls: new".to_owned()),
        (None, None) => {}
    }
}

fn compare_recording(
    lines: &mut Lines,
    (old, was): (&Plan, Option<&RecordingPlan>),
    (new, is): (&Plan, Option<&RecordingPlan>),
) {
    match (was, is) {
        (Some(was), Some(is)) => lines.table("recording", &RECORDING, (old, was), (new, is)),
        (Some(_), None) => lines.start("recording: taken away".to_owned()),
        (None, Some(_)) => lines.start("recording: new".to_owned()),
        (None, None) => {}
    }
}

fn compare_trace(
    lines: &mut Lines,
    (old, was): (&Plan, Option<&TracePlan>),
    (new, is): (&Plan, Option<&TracePlan>),
) {
    match (was, is) {
        (Some(was), Some(is)) => lines.table("trace", &TRACE, (old, was), (new, is)),
        (Some(was), None) => lines.start(format!("trace: memory {} -> none", memory(was).told())),
        (None, Some(is)) => lines.start(format!("trace: memory none -> {}", memory(is).told())),
        (None, None) => {}
    }
}
