//! The names of the plan that pages need: queues with their targets, reasons, codes, the directory.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use turno_access::{Deed, Principal, View};
use turno_model::plan::{AcwPlan, AgentPlan, AuxReasonPlan, FeatureCodes, QueuePlan, SeatPlan};
use turno_model::{Observing, Plan};
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::state::Api;
use crate::who::Who;

/// What a page needs of the plan.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SiteForm {
    /// The site's name.
    site: String,
    /// The language of the site's people, `es` or `en`; `null`: that of who reads.
    language: Option<&'static str>,
    /// The queues that may be seen, in the plan's order.
    queues: Vec<SiteQueue>,
    /// The reasons of AUX.
    aux_reasons: Vec<SiteReason>,
    /// Wrap-up codes; none: any code is taken.
    wrap_up_codes: Vec<SiteCode>,
    /// The agents, in the plan's order.
    agents: Vec<SiteAgent>,
    /// Lines outside to which callers are passed on.
    dependencies: Vec<SiteDependency>,
    /// The seats where agents sit down.
    seats: Vec<SiteSeat>,
    /// What an agent's phone dials.
    codes: SiteCodes,
    /// Whether talks may be recorded here.
    records: bool,
    /// Whether outside numbers may be dialled.
    dials_out: bool,
    /// The lists of callers; empty for who may not see them.
    caller_lists: Vec<String>,
    /// The prompts that may be announced; empty for who may not announce.
    prompts: Vec<String>,
}

/// A queue of the plan.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SiteQueue {
    /// Its name in the plan.
    name: String,
    /// Its name for people.
    display: String,
    /// The handling target (talk and hold), in seconds.
    handling_target: f64,
    /// How long before the target agents are warned, in seconds.
    handling_warning: f64,
    /// Marks after the target, as percentages of it.
    handling_marks: Vec<u16>,
    /// The wait target of the service level, in seconds.
    wait_target: f64,
    /// The longest hold before the agent is recalled, in seconds.
    hold_max: f64,
    /// How long an offer rings, in seconds.
    ring: f64,
    /// After-call work in seconds; `null`: until the agent ends it.
    acw: Option<f64>,
    /// Whether after-call work goes on until there is a wrap-up code.
    wrap_up_required: bool,
    /// How an expert helps: `whisper` or `barge`.
    help_as: &'static str,
    /// Whether people are called back, and whether callers leave messages.
    calls_back: bool,
    takes_messages: bool,
}

/// A reason of AUX.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SiteReason {
    /// Its name.
    name: String,
    /// The digit after the code of AUX.
    digit: u8,
    /// Agents take turns for it: they ask, and are told when.
    in_turns: bool,
    /// How long it is in seconds, if it is in turns.
    span: Option<f64>,
    /// How many may be away at once, if it is in turns.
    at_once: Option<u32>,
    /// A queue may call agents back from it.
    interruptible: bool,
}

/// A wrap-up code.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SiteCode {
    /// The digits.
    code: String,
    /// The name for people.
    name: String,
    /// The handling target of contacts with this code, in seconds.
    handling_target: Option<f64>,
}

/// An agent of the plan.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SiteAgent {
    /// The extension.
    extension: String,
    /// The name in the plan.
    name: String,
    /// The name for people.
    display: String,
    /// The queues that the agent serves by the plan, of those that may be seen.
    queues: Vec<String>,
    /// May observe others.
    supervises: bool,
    /// May be called for help.
    helps: bool,
}

/// A seat: a phone where an agent sits down.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SiteSeat {
    /// The extension.
    extension: String,
    /// The name for people.
    display: String,
}

/// A line outside.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SiteDependency {
    /// Its name.
    name: String,
    /// What an agent dials.
    extension: String,
    /// The wrap-up code that a contact gets there.
    outcome: Option<String>,
}

/// What an agent's phone dials.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SiteCodes {
    /// Log in.
    log_in: String,
    /// Log out.
    log_out: String,
    /// Ready.
    ready: String,
    /// AUX, before the digit of the reason.
    aux: String,
    /// End after-call work.
    end_acw: String,
    /// Make after-call work longer.
    extend_acw: String,
    /// Wrap-up, before the code.
    wrap_up: String,
    /// Back to the front of the queue.
    to_front: String,
    /// The survey of the queue.
    survey: String,
    /// Sit down by extension and PIN.
    sit: String,
}

impl SiteForm {
    fn new(plan: &Plan, who: &Principal) -> Self {
        let leads = who.may(&Deed::See(View::Lists)).is_ok();
        let seen = || plan.queues.iter().filter(|queue| who.sees_queue(&queue.name));
        let agents = plan.agents.iter().filter(|agent| !agent.is_retired);
        Self {
            site: plan.site.clone(),
            language: plan.language.map(turno_model::Language::code),
            queues: seen().map(SiteQueue::new).collect(),
            aux_reasons: plan.aux_reasons.iter().map(SiteReason::new).collect(),
            wrap_up_codes: plan
                .wrap_up_codes
                .iter()
                .map(|code| SiteCode {
                    code: code.code.clone(),
                    name: code.name.clone(),
                    handling_target: code.handling_target.map(|span| span.as_secs_f64()),
                })
                .collect(),
            agents: agents.map(|agent| SiteAgent::new(agent, seen())).collect(),
            dependencies: plan
                .dependencies
                .iter()
                .map(|line| SiteDependency {
                    name: line.name.clone(),
                    extension: line.extension.clone(),
                    outcome: line.outcome.clone(),
                })
                .collect(),
            seats: plan.seats.iter().filter(|seat| !seat.is_retired).map(SiteSeat::new).collect(),
            codes: SiteCodes::new(&plan.feature_codes),
            records: plan.recording.is_some(),
            dials_out: plan.dial_out.trunk.is_some(),
            caller_lists: plan.caller_lists.iter().filter(|_| leads).map(|list| list.name.clone()).collect(),
            prompts: plan.prompts.iter().filter(|_| leads).map(|prompt| prompt.name.clone()).collect(),
        }
    }
}

impl SiteQueue {
    fn new(queue: &QueuePlan) -> Self {
        Self {
            name: queue.name.clone(),
            display: queue.display.clone(),
            handling_target: queue.handling_target.as_secs_f64(),
            handling_warning: queue.handling_warning.as_secs_f64(),
            handling_marks: queue.handling_marks.clone(),
            wait_target: queue.wait_target.as_secs_f64(),
            hold_max: queue.hold_max.as_secs_f64(),
            ring: queue.ring.as_secs_f64(),
            acw: match queue.acw {
                AcwPlan::Timed(span) => Some(span.as_secs_f64()),
                AcwPlan::Manual => None,
            },
            wrap_up_required: queue.wrap_up_required,
            help_as: match queue.help_as {
                Observing::Listen => "listen",
                Observing::Whisper => "whisper",
                Observing::Barge => "barge",
            },
            calls_back: queue.callback.is_some(),
            takes_messages: queue.voicemail.is_some(),
        }
    }
}

impl SiteReason {
    fn new(reason: &AuxReasonPlan) -> Self {
        Self {
            name: reason.name.clone(),
            digit: reason.digit,
            in_turns: reason.turns.is_some(),
            span: reason.turns.map(|turns| turns.span.as_secs_f64()),
            at_once: reason.turns.map(|turns| turns.at_once),
            interruptible: reason.is_interruptible,
        }
    }
}

impl SiteAgent {
    fn new<'a>(agent: &AgentPlan, queues: impl Iterator<Item = &'a QueuePlan>) -> Self {
        let serves = |queue: &&QueuePlan| agent.skills.iter().any(|&(skill, _)| skill == queue.skill);
        Self {
            extension: agent.extension.clone(),
            name: agent.name.clone(),
            display: agent.display.clone(),
            queues: queues.filter(serves).map(|queue| queue.name.clone()).collect(),
            supervises: agent.supervises,
            helps: agent.helps,
        }
    }
}

impl SiteSeat {
    fn new(seat: &SeatPlan) -> Self {
        Self { extension: seat.extension.clone(), display: seat.display.clone() }
    }
}

impl SiteCodes {
    fn new(codes: &FeatureCodes) -> Self {
        Self {
            log_in: codes.log_in.clone(),
            log_out: codes.log_out.clone(),
            ready: codes.ready.clone(),
            aux: codes.aux.clone(),
            end_acw: codes.end_acw.clone(),
            extend_acw: codes.extend_acw.clone(),
            wrap_up: codes.wrap_up.clone(),
            to_front: codes.to_front.clone(),
            survey: codes.survey.clone(),
            sit: codes.sit.clone(),
        }
    }
}

/// The names that pages need: queues with their targets, reasons of AUX, wrap-up codes, the directory, what a phone dials.
#[utoipa::path(get, path = "/api/v1/site", tag = "room", responses(
    (status = 200, body = SiteForm), (status = 304), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 503, body = Problem)))]
pub(crate) async fn site(State(api): State<Arc<Api>>, who: Who) -> Result<Json<SiteForm>, Problem> {
    who.may_see(&api, View::Room).await?;
    let principal = who.principal.clone();
    Ok(Json(api.off(move |site| SiteForm::new(&site.plan(), &principal)).await?))
}
