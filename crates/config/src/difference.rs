//! What is otherwise in a plan that was read again: one line a change, old -> new, for people.
//!
//! Every table is taken apart whole: a key that nobody tells does not compile.

use turno_model::encryption::TlsPlan;
use turno_model::plan::{DialOut, FeatureCodes, JournalPlan, MediaPlan, RoomPlan, SipPlan, TracePlan};
use turno_model::{FencePlan, Plan};

use crate::difference_lines::{Lines, keys};
use crate::difference_lists::compare_lists;
use crate::difference_names::prompt;
use crate::told::Word;

const MIB: u64 = 1 << 20;
const DAY_SECONDS: u64 = 24 * 60 * 60;

/// Every change between two plans, in the order of the sections. Passwords are never told.
pub fn differences(old: &Plan, new: &Plan) -> Vec<String> {
    let mut lines = Lines::default();
    let Plan {
        site,
        sip,
        http,
        media,
        // Told by the queues and the agents that have them.
        skills: _,
        // The lists are taken apart below.
        queues: _,
        agents: _,
        aux_reasons: _,
        trunks: _,
        numbers: _,
        menus: _,
        hours: _,
        prompts: _,
        feature_codes: _,
        dial_out: _,
        fence,
        room,
        trace,
        journal,
        keep_withheld,
    } = old;
    lines.compare("site", "name", site, &new.site);
    compare_sip(&mut lines, sip, &new.sip);
    compare_tls(&mut lines, sip.tls.as_ref(), new.sip.tls.as_ref());
    lines.compare("http", "listen", http, &new.http);
    keys!(
        lines, "media", MediaPlan, media, &new.media,
        told { bind, bind_other, advertised, advertised_other, ports, inactivity, codecs, music }
        beside {}
    );
    keys!(
        lines, "room", RoomPlan, room, &new.room,
        told { acw_considered_idle, aux_considered_idle }
        beside {}
    );
    lines.compare("privacy", "keep_withheld", keep_withheld, &new.keep_withheld);
    compare_trace(&mut lines, trace.as_ref(), new.trace.as_ref());
    compare_fence(&mut lines, fence, &new.fence);
    compare_journal(&mut lines, journal, &new.journal);
    compare_lists(&mut lines, old, new);
    compare_codes(&mut lines, old, new);
    compare_dialling(&mut lines, old, new);
    lines.0
}

fn compare_sip(lines: &mut Lines, old: &SipPlan, new: &SipPlan) {
    keys!(
        lines, "sip", SipPlan, old, new,
        told {
            listen,
            advertised,
            domain,
            digest,
            contacts_per_seat_max,
            contact_as_given,
            force_rport,
            options_interval,
            options_misses_max,
            session_expires,
            min_se,
            requests_per_source_max,
        }
        beside { expires, tls }
    );
    let ((was_min, was_max, was_default), (min, max, default)) = (old.expires, new.expires);
    lines.compare("sip", "expires_min", &was_min, &min);
    lines.compare("sip", "expires_max", &was_max, &max);
    lines.compare("sip", "expires_default", &was_default, &default);
}

fn compare_tls(lines: &mut Lines, old: Option<&TlsPlan>, new: Option<&TlsPlan>) {
    match (old, new) {
        (Some(old), Some(new)) => keys!(
            lines, "tls", TlsPlan, old, new,
            told { certificate, key, ca, oldest, handshake, handshakes_max, look_interval }
            beside {}
        ),
        (Some(_), None) => lines.0.push("tls: taken away".to_owned()),
        (None, Some(_)) => lines.0.push("tls: new".to_owned()),
        (None, None) => {}
    }
}

fn compare_trace(lines: &mut Lines, old: Option<&TracePlan>, new: Option<&TracePlan>) {
    let memory =
        |trace: Option<&TracePlan>| trace.map(|trace| Word(format!("{} MiB", in_mib(trace.bytes as u64))));
    lines.compare("trace", "memory", &memory(old), &memory(new));
    if let (Some(old), Some(new)) = (old, new) {
        keys!(lines, "trace", TracePlan, old, new, told { messages } beside { bytes });
    }
}

fn compare_fence(lines: &mut Lines, old: &FencePlan, new: &FencePlan) {
    keys!(
        lines, "fence", FencePlan, old, new,
        told { delay_max, calls_per_source_max, offences_max, ban, ban_max, never_ban }
        beside {}
    );
}

fn compare_journal(lines: &mut Lines, old: &JournalPlan, new: &JournalPlan) {
    keys!(
        lines, "journal", JournalPlan, old, new,
        told { is_kept as "keep", durability, on_stop, drain_max }
        beside { segment_bytes, facts_span }
    );
    let segment = |journal: &JournalPlan| Word(format!("{} MiB", in_mib(journal.segment_bytes)));
    lines.compare("journal", "segment", &segment(old), &segment(new));
    let days = |journal: &JournalPlan| journal.facts_span.as_secs() / DAY_SECONDS;
    lines.compare("journal", "facts_days", &days(old), &days(new));
}

const fn in_mib(bytes: u64) -> u64 {
    bytes / MIB
}

fn compare_codes(lines: &mut Lines, old: &Plan, new: &Plan) {
    let (was, is) = (&old.feature_codes, &new.feature_codes);
    keys!(
        lines, "feature_codes", FeatureCodes, was, is,
        told { log_in, log_out, ready, aux, end_acw, wrap_up }
        beside { prompts }
    );
    let keys = ["log_in", "log_out", "ready", "aux", "end_acw", "wrap_up", "refused"];
    for (key, (was, is)) in keys.iter().zip(was.prompts.iter().zip(&is.prompts)) {
        let said =
            |plan: &Plan, it: &Option<_>| it.map_or_else(|| Word("a tone".to_owned()), |it| prompt(plan, it));
        lines.compare("feature_codes.prompts", key, &said(old, was), &said(new, is));
    }
}

fn compare_dialling(lines: &mut Lines, old: &Plan, new: &Plan) {
    keys!(
        lines, "dial_out", DialOut, &old.dial_out, &new.dial_out,
        told { allow, deny }
        beside { trunk }
    );
    let trunk = |plan: &Plan| {
        let trunk = plan.dial_out.trunk?;
        plan.trunks.get(trunk.index()).map(|trunk| Word(trunk.name.clone()))
    };
    lines.compare("dial_out", "trunk", &trunk(old), &trunk(new));
}
