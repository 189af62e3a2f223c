//! Who is to be called back, and who takes a break.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "an answer that does not belong to the question is one fault, whichever it is"
)]

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use turno_access::{Deed, Principal, Role, View};
use turno_control::{Answer, BreakRow, CallbackRow, Request};
use turno_ledger::{AgentNow, ContactNow, ContactStage, Snapshot};
use turno_model::{AgentState, Channel, Plan};
use turno_trace::Numbers;
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::routes::room::unexpected;
use crate::routes::room_form::{due, state_words};
use crate::state::Api;
use crate::who::Who;

/// Somebody who is to be called back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CallbackForm {
    /// The contact's number.
    contact: u64,
    /// The queue.
    queue: String,
    /// The number as it is dialled: whole for who may see numbers, else the last two signs.
    number: String,
    /// `later`: not before `due`; `waits`: for an agent; `agent-rings`, `person-rings`; `greeted`: somebody has answered, it is not
    /// clear yet who; `on-phone`: the person is on the phone and waits for an agent.
    stage: String,
    /// Why it was offered: `waited`, `long-wait`, `full` or `key`; `order`: a program or a person put it in the queue.
    why: String,
    /// How often the person was dialled.
    dials: u8,
    /// Since when the person waits, in microseconds since 1970 (UTC).
    since: u64,
    /// Nobody is offered it before, in microseconds since 1970 (UTC).
    due: Option<u64>,
    /// When it ends if nobody was reached, in microseconds since 1970 (UTC).
    until: Option<u64>,
    /// The extension of the agent who is rung for it.
    agent: Option<String>,
}

/// Who is away, and who is next.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct BreaksForm {
    /// The breaks that are taken in turns.
    turns: Vec<TurnsForm>,
    /// Who is in AUX, the longest first.
    away: Vec<AwayForm>,
    /// Who will go: whose turn has come, who goes after the present contact, then those with a promised time.
    next: Vec<NextForm>,
}

/// A break that is taken in turns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct TurnsForm {
    /// The reason's name.
    reason: String,
    /// How long the break is, in minutes.
    minutes: u64,
    /// How many agents may be on it at once.
    at_once: u32,
    /// How many are on it, or are about to go.
    taken: usize,
}

/// Who is away.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct AwayForm {
    /// The extension.
    agent: String,
    /// The name for people.
    display: String,
    /// The reason of AUX.
    reason: Option<String>,
    /// Since when, in microseconds since 1970 (UTC).
    since: u64,
    /// When the break should be over, in microseconds since 1970 (UTC); `null`: it is not in turns.
    due: Option<u64>,
    /// It lasts longer than its span.
    is_over: bool,
    /// Breaks of today that were longer than their span.
    overstays: u64,
    /// Seconds in AUX since local midnight.
    today: f64,
}

/// Who will go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct NextForm {
    /// The extension.
    agent: String,
    /// The name for people.
    display: String,
    /// The reason.
    reason: String,
    /// `granted`: the turn has come, and is kept until `at`; `leaving`: goes after the present contact; `promised`: the turn comes at `at`.
    stand: String,
    /// In microseconds since 1970 (UTC).
    at: Option<u64>,
    /// How long the break will be, in minutes.
    minutes: u64,
}

/// Those of the queues that this user sees: agents those that they serve.
fn sees(who: &Principal, plan: &Plan, name: &str) -> bool {
    let is_served = || {
        let own = who.scope.agent.as_deref().and_then(|own| plan.agent_by_extension(own));
        let own = own.and_then(|own| plan.agents.get(own.index()));
        let queue = plan.queues.iter().find(|queue| queue.name == name);
        own.zip(queue).is_some_and(|(own, queue)| own.skills.iter().any(|&(skill, _)| skill == queue.skill))
    };
    who.sees_queue(name) && (who.scope.role != Role::Agent || is_served())
}

fn agent_of(contact: &ContactNow, plan: &Plan) -> Option<String> {
    let ContactStage::Ringing(agent) = contact.stage else { return None };
    Some(plan.agents.get(agent.index())?.extension.clone())
}

impl CallbackForm {
    /// The contact's number.
    pub(crate) const fn contact(&self) -> u64 {
        self.contact
    }

    fn new(row: CallbackRow, room: &Snapshot, plan: &Plan) -> Self {
        let CallbackRow { contact, queue, number, why, step, dials, since, due, until } = row;
        let is_later = step == "waits" && due.is_some_and(|due| due > room.at.as_micros());
        let stage = match step.as_str() {
            _ if is_later => "later".to_owned(),
            "in-line" => "on-phone".to_owned(),
            _ => step,
        };
        let now = room.contacts.iter().find(|now| now.contact.0 == contact);
        let agent = now.and_then(|now| agent_of(now, plan));
        Self { contact, queue, number, stage, why, dials, since, due, until, agent }
    }

    /// A contact of the channel `callback`, which no agent has yet.
    fn of_order(now: &ContactNow, plan: &Plan, sees_numbers: bool) -> Option<Self> {
        let stage = match now.stage {
            ContactStage::Arrived | ContactStage::Waiting => "waits",
            ContactStage::Ringing(_) => "agent-rings",
            ContactStage::Talking(_) | ContactStage::Holding(_) | ContactStage::Leaving => return None,
        };
        Some(Self {
            contact: now.contact.0,
            queue: plan.queues.get(now.queue?.index())?.name.clone(),
            number: if sees_numbers { now.from.0.to_string() } else { format!("{:?}", now.from) },
            stage: stage.to_owned(),
            why: "order".to_owned(),
            dials: 0,
            since: now.arrived.as_micros(),
            due: None,
            until: None,
            agent: agent_of(now, plan),
        })
    }

    /// Those whom this user sees: first those who wait, by the time when they may be offered.
    fn all(rows: Vec<CallbackRow>, (room, plan): (&Snapshot, &Plan), who: &Principal) -> Vec<Self> {
        let sees_numbers = who.may(&Deed::See(View::Numbers)).is_ok();
        let promised = rows.into_iter().map(|row| Self::new(row, room, plan));
        let silent = room.contacts.iter().filter(|now| now.channel == Channel::Callback);
        let ordered = silent.filter_map(|now| Self::of_order(now, plan, sees_numbers));
        let mut forms: Vec<Self> = promised.chain(ordered).filter(|it| sees(who, plan, &it.queue)).collect();
        forms.sort_by_key(|it| (it.due.unwrap_or(it.since).max(it.since), it.contact));
        forms
    }
}

impl BreaksForm {
    fn new(rows: &[BreakRow], room: &Snapshot, plan: &Plan) -> Self {
        let minutes = |reason: &str| {
            let planned = plan.aux_reasons.iter().find(|planned| planned.name == reason);
            planned.and_then(|it| it.turns.as_ref()).map_or(0, |turns| turns.span.as_secs() / 60)
        };
        let mut away: Vec<AwayForm> =
            room.agents.iter().filter_map(|now| AwayForm::new(now, room, plan)).collect();
        away.sort_by_key(|it| it.since);
        let mut next: Vec<NextForm> = rows
            .iter()
            .filter(|row| row.stand != "away")
            .filter_map(|row| {
                let agent = plan.agents.get(plan.agent_by_extension(&row.agent)?.index())?;
                let (agent, display) = (agent.extension.clone(), agent.display.clone());
                let (reason, stand) = (row.reason.clone(), row.stand.clone());
                Some(NextForm { agent, display, minutes: minutes(&reason), reason, stand, at: row.at })
            })
            .collect();
        next.sort_by_key(|it| (it.stand == "promised", it.at));
        let turns = plan.aux_reasons.iter().filter_map(|planned| {
            let turns = planned.turns.as_ref().filter(|_| planned.digit <= 9)?;
            let is_taken = |row: &&BreakRow| row.reason == planned.name && row.stand != "promised";
            Some(TurnsForm {
                reason: planned.name.clone(),
                minutes: turns.span.as_secs() / 60,
                at_once: turns.at_once,
                taken: rows.iter().filter(is_taken).count(),
            })
        });
        Self { turns: turns.collect(), away, next }
    }
}

impl AwayForm {
    fn new(now: &AgentNow, room: &Snapshot, plan: &Plan) -> Option<Self> {
        let planned = plan.agents.get(now.agent.index()).filter(|agent| !agent.is_retired)?;
        let AgentState::Aux(_) = now.state else { return None };
        let due = due(now, plan);
        Some(Self {
            agent: planned.extension.clone(),
            display: planned.display.clone(),
            reason: state_words(now.state, plan).1,
            since: now.since.as_micros(),
            due: due.map(turno_ground::Moment::as_micros),
            is_over: due.is_some_and(|due| due < room.at),
            overstays: now.today.overstays,
            today: now.times.aux_all().as_secs_f64(),
        })
    }
}

/// Who is to be called back, when, and how often they were dialled. Agents see those of the queues that they serve.
#[utoipa::path(get, path = "/api/v1/callbacks", tag = "room", responses(
    (status = 200, body = [CallbackForm]), (status = 304), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 503, body = Problem), (status = 504, body = Problem)))]
pub(crate) async fn callbacks(
    State(api): State<Arc<Api>>,
    who: Who,
) -> Result<Json<Vec<CallbackForm>>, Problem> {
    who.may_see(&api, View::Room).await?;
    callbacks_of(&api, &who).await.map(Json)
}

/// The callbacks that this user sees.
pub(crate) async fn callbacks_of(api: &Api, who: &Who) -> Result<Vec<CallbackForm>, Problem> {
    let principal = who.principal.clone();
    let told = api.off(move |site| {
        let sees_numbers = principal.may(&Deed::See(View::Numbers)).is_ok();
        let numbers = if sees_numbers { Numbers::Full } else { Numbers::Short };
        match site.ask(Request::Callbacks(numbers)) {
            Answer::Callbacks(rows) => {
                Ok(CallbackForm::all(rows, (&site.snapshot(), &site.plan()), &principal))
            }
            other => Err(Box::new(other)),
        }
    });
    told.await?.map_err(|other| unexpected(&other, who.language))
}

/// Who is away and until when, who is next and when, and the breaks that are taken in turns.
#[utoipa::path(get, path = "/api/v1/breaks", tag = "room", responses(
    (status = 200, body = BreaksForm), (status = 304), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 503, body = Problem), (status = 504, body = Problem)))]
pub(crate) async fn breaks(State(api): State<Arc<Api>>, who: Who) -> Result<Json<BreaksForm>, Problem> {
    who.may_see(&api, View::Room).await?;
    let told = api.off(|site| match site.ask(Request::Breaks) {
        Answer::Breaks(rows) => Ok(BreaksForm::new(&rows, &site.snapshot(), &site.plan())),
        other => Err(Box::new(other)),
    });
    told.await?.map(Json).map_err(|other| unexpected(&other, who.language))
}
