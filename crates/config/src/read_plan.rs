//! Reads a whole plan from its files.

use std::net::SocketAddr;

use turno_model::plan::{
    ApiPlan, DialOut, MediaPlan, QueuePlan, QueueRecording, RecordingPlan, SipPlan, Treatment,
};
use turno_model::{Language, Plan};

use crate::fault::{FaultKind, Notice, PlanRefused};
use crate::keys::site::SITE;
use crate::read_addressing::read_privacy;
use crate::read_api::read_api;
use crate::read_browser::read_browser;
use crate::read_callers::read_caller_lists;
use crate::read_chat::read_chat;
use crate::read_codes::{read_aux_reasons, read_feature_codes, read_room};
use crate::read_dependencies::{Beside, read_dependencies};
use crate::read_emergency::read_emergency;
use crate::read_exports::read_exports;
use crate::read_fence::read_fence;
use crate::read_handling::read_wrap_up_codes;
use crate::read_history::read_history;
use crate::read_hours::read_hours;
use crate::read_journal::read_journal;
use crate::read_knowledge::read_knowledge;
use crate::read_languages::read_languages;
use crate::read_mail::read_mail;
use crate::read_media::read_media;
use crate::read_menus::{notice_unreached, read_menus};
use crate::read_numbers::read_numbers;
use crate::read_oidc::read_oidc;
use crate::read_phones::read_phones;
use crate::read_queues::{Queues, read_queues};
use crate::read_recording::read_recording;
use crate::read_reports::read_reports;
use crate::read_seats::{Seats, read_seats};
use crate::read_signalling::{is_loopback_only, read_http, read_sip};
use crate::read_trace::read_trace;
use crate::read_trunks::{read_dial_out, read_trunks};
use crate::read_webhooks::read_webhooks;
use crate::read_whatsapp::read_whatsapp;
use crate::read_written::read_written;
use crate::reading::{Origin, Reading};
use crate::tables::Tables;

/// The plan, or everything that is wrong with it.
pub(crate) fn read_plan(origin: Origin<'_>) -> Result<(Plan, Vec<Notice>), PlanRefused> {
    let mut reading = Reading::new(origin);
    let mut plan = read_tables(&mut reading);
    let (faults, notices, prompts) = reading.finish();
    if !faults.is_empty() {
        return Err(PlanRefused { faults });
    }
    plan.prompts = prompts;
    Ok((plan, notices))
}

fn read_tables(reading: &mut Reading<'_>) -> Plan {
    let tables = Tables::gather(reading);
    let (site, language) = read_site(reading, &tables);
    let (sip, http, api, media) = read_network(reading, &tables);
    let recording = read_recording(reading, &tables);
    let queues = read_queues(reading, &tables, (language, recording.as_ref()));
    notice_recording(reading, recording.as_ref(), &queues);
    let seats = read_seats(reading, &tables, &queues.skills, is_loopback_only(&sip));
    notice_unserved(reading, &queues, &seats);
    let (trunks, trunk_names) = read_trunks(reading, &tables, &sip);
    let dial_out = read_dial_out(reading, &tables, &trunks, &trunk_names);
    let (hours, hours_names) = read_hours(reading, &tables);
    let knowledge = read_knowledge(reading, &tables);
    let (menus, menu_names) = read_menus(reading, &tables, &queues.names, &knowledge);
    let mut feature_codes = read_feature_codes(reading, &tables, (&seats.extensions, language));
    let aux_reasons = read_aux_reasons(reading, &tables, &hours_names, &mut feature_codes);
    let numbers = read_numbers(reading, &tables, &queues.names, &menu_names, &hours_names, &seats);
    notice_unreached(reading, (&menus, &menu_names), &numbers);
    check_dial_out(reading, &dial_out, &queues);
    let wrap_up_codes = read_wrap_up_codes(reading, &tables);
    let (extensions, codes) = (&seats.extensions, &feature_codes);
    let beside = Beside { extensions, codes, dial_out: &dial_out, wrap_up_codes: &wrap_up_codes };
    let dependencies = read_dependencies(reading, &tables, &beside);
    let reports = read_reports(reading, &tables, (&seats.agents, &aux_reasons, &numbers));
    let voices = read_languages(reading, (&menus, &menu_names), &queues.plans);
    Plan {
        browser: read_browser(reading, &tables, (&sip, &media), api.is_some()),
        chat: read_chat(reading, &tables, api.is_some()),
        phones: read_phones(reading, &tables, (&seats.agents, &numbers, &dial_out), &feature_codes),
        site,
        language,
        sip,
        http,
        media,
        skills: queues.skills.iter().map(str::to_owned).collect(),
        feature_codes,
        dial_out,
        fence: read_fence(reading, &tables),
        aux_reasons,
        wrap_up_codes,
        dependencies,
        room: read_room(reading, &tables),
        trace: read_trace(reading, &tables),
        journal: read_journal(reading, &tables),
        history: read_history(reading, &tables),
        knowledge,
        mail: read_mail(reading, &tables, (&queues.names, &hours_names)),
        whatsapp: read_whatsapp(reading, &tables, api.is_some()),
        written: read_written(reading, &tables, &queues.names),
        oidc: read_oidc(reading, &tables, api.is_some()),
        exports: read_exports(reading, &tables),
        reports,
        api,
        webhooks: read_webhooks(reading, &tables),
        recording,
        keep_withheld: read_privacy(reading, &tables),
        queues: queues.plans,
        agents: seats.agents,
        seats: seats.plans,
        trunks,
        numbers,
        menus,
        voices,
        emergency: read_emergency(reading, &tables),
        caller_lists: read_caller_lists(reading, &tables, language),
        hours,
        prompts: Vec::new(),
    }
}

/// What listens on addresses, which are compared with one another.
fn read_network(
    reading: &mut Reading<'_>,
    tables: &Tables,
) -> (SipPlan, SocketAddr, Option<ApiPlan>, MediaPlan) {
    let sip = read_sip(reading, tables);
    let http = read_http(reading, tables, &sip);
    let api = read_api(reading, tables, &sip, http);
    let media = read_media(reading, tables, &sip);
    (sip, http, api, media)
}

fn read_site(reading: &mut Reading<'_>, tables: &Tables) -> (String, Option<Language>) {
    let site = tables.single(reading, "site");
    (SITE.name.read(reading, site), SITE.language.read(reading, site))
}

fn check_dial_out(reading: &mut Reading<'_>, dial_out: &DialOut, queues: &Queues) {
    notice_callbacks(reading, dial_out, queues);
    refuse_sending_nowhere(reading, dial_out, queues);
}

/// A step that sends contacts outside needs a trunk.
fn refuse_sending_nowhere(reading: &mut Reading<'_>, dial_out: &DialOut, queues: &Queues) {
    if dial_out.trunk.is_none() {
        for place in &queues.send_to {
            let found = "a step sends contacts outside, and the plan has no trunk for it";
            reading.fault(FaultKind::Conflict, *place, found, "[dial_out] with a `trunk`");
        }
    }
}

/// Says which queues nobody can serve, and which limits have no effect.
fn notice_unserved(reading: &mut Reading<'_>, queues: &Queues, seats: &Seats) {
    if reading.is_partial {
        return;
    }
    for queue in &queues.plans {
        let place = queues.names.place(&queue.name).unwrap_or_default();
        let is_served =
            seats.agents.iter().any(|agent| agent.skills.iter().any(|&(skill, _)| skill == queue.skill));
        if !is_served {
            let skill = &queues.skills.iter().nth(queue.skill.index()).unwrap_or_default();
            reading.notice(
                place,
                format!("nobody has the skill `{skill}`: queue `{}` is served by nobody", queue.name),
            );
        }
        if waits_beyond_its_limit(queue) {
            let text = format!("queue `{}` has a `wait_max`, and `when_waited` goes on waiting", queue.name);
            reading.notice(place, text);
        }
    }
}

/// Says which queues may be recorded while their callers are not told.
fn notice_recording(reading: &mut Reading<'_>, recording: Option<&RecordingPlan>, queues: &Queues) {
    for queue in &queues.plans {
        let is_recorded = recording.is_some() && queue.recording != QueueRecording::Never;
        if is_recorded && queue.recording_notice.is_none() {
            let place = queues.names.place(&queue.name).unwrap_or_default();
            let text = format!("queue `{}` may be recorded and has no `recording_notice`", queue.name);
            reading.notice(place, text);
        }
    }
}

/// Says which queues would call back and have no trunk for it.
fn notice_callbacks(reading: &mut Reading<'_>, dial_out: &DialOut, queues: &Queues) {
    for queue in queues.plans.iter().filter(|queue| queue.callback.is_some() && dial_out.trunk.is_none()) {
        let place = queues.names.place(&queue.name).unwrap_or_default();
        let text = format!(
            "queue `{}` has `callback`, and [dial_out] has no `trunk`: nobody is called back",
            queue.name
        );
        reading.notice(place, text);
    }
}

fn waits_beyond_its_limit(queue: &QueuePlan) -> bool {
    queue.wait_max.is_some() && queue.when_waited == Treatment::Wait
}
