//! The services that read facts or tell them: the HTTP API, the history, the queue log, webhooks, written channels, reports.

use crate::api::past::Past;
use crate::api::site::RunningSite;
use crate::api::{USERS, serving};
use crate::control::api::ControlApi;
use crate::conversations;
use crate::conversations::connectors::{self, Connectors};
use crate::conversations::{Means, Office};
use crate::history::opening;
use crate::history::opening::Place;
use crate::metrics::api::ApiMeters;
use crate::metrics::conversations::WrittenMeters;
use crate::metrics::history::HistoryMeters;
use crate::metrics::reports::ReportsMeters;
use crate::metrics::webhooks::WebhookMeters;
use crate::queue_log::opening as log_opening;
use crate::refusal::StartRefused;
use crate::reports as scheduled;
use crate::run::made::{Made, Stop};
use crate::webhooks;
use std::sync::Arc;
use turno_access::Access;
use turno_api::{Keeper, Over};
use turno_ground::Transport;

/// Without [api] there is no listener. Without a folder for the users nobody could sign in.
pub(crate) fn api(made: &mut Made) -> Result<Stop, StartRefused> {
    let Some((listener, plan)) = made.api.take().zip(made.plan.api) else { return Ok(Stop::WithTasks) };
    let Some(folder) = made.state.as_deref() else {
        tracing::error!("the HTTP API is not served: its users need a folder; start turno with --state");
        return Ok(Stop::WithTasks);
    };
    let access = match Access::open(&folder.join(USERS)) {
        Ok(access) => access,
        Err(why) => {
            tracing::error!("the HTTP API is not served: {why}");
            return Ok(Stop::WithTasks);
        }
    };
    let (keeper, thread) =
        Keeper::start(access).map_err(|error| StartRefused::Thread { name: "turno-access", error })?;
    let answering = ControlApi::new(made.kept.clone(), &made.hand_overs, made.reload.clone());
    let procedures = made.reload.in_place.procedures.clone();
    procedures.begin(&made.plan);
    let past = Past::of(&made.plan, made.state.as_deref());
    let office = office(made);
    let whatsapp = made.whatsapp.as_ref().map(|(whatsapp, _)| Arc::clone(whatsapp));
    let site = Arc::new(RunningSite::new(
        (answering, Arc::clone(&made.facts)),
        (past, procedures),
        (office, whatsapp),
        ApiMeters::new(&made.registry),
        (made.streams.clone(), if plan.is_over_tls { Transport::Wss } else { Transport::Ws }),
    ));
    let over = if plan.is_over_tls { Over::Tls } else { Over::Loopback };
    let tls = made.reload.in_place.tls.clone().filter(|_| plan.is_over_tls);
    let router = turno_api::router(Arc::new(turno_api::Api::new(site, keeper, over)));
    made.handle.spawn(serving::serve(listener, router, tls));
    Ok(Stop::Threads(vec![thread]))
}

/// It stops when all facts have come. Without a database there is no thread.
pub(crate) fn history(made: &mut Made) -> Result<Stop, StartRefused> {
    let Some(place) = Place::of(&made.plan, made.state.as_deref()) else { return Ok(Stop::WithTasks) };
    let store = match opening::writing_store(&place, &made.plan) {
        Ok(store) => store,
        Err(why) => {
            tracing::error!("turno goes on without a history: {why}");
            return Ok(Stop::WithTasks);
        }
    };
    let of_facts = (Arc::clone(made.facts.stream()), made.reload.in_place.in_force.clone());
    let meters = HistoryMeters::new(&made.registry);
    let into = (store, made.state.as_deref());
    let running = opening::start(into, of_facts, (made.clock, made.handle.clone()), meters)?;
    Ok(Stop::Call(Box::new(move || running.stop())))
}

/// It stops when all facts have come. Without `queue_log` in [exports] there is no thread.
pub(crate) fn queue_log(made: &mut Made) -> Result<Stop, StartRefused> {
    let Some(path) = log_opening::place_of(&made.plan, made.state.as_deref()) else {
        return Ok(Stop::WithTasks);
    };
    let of_facts = (Arc::clone(made.facts.stream()), made.reload.in_place.in_force.clone());
    let running = log_opening::start(path, of_facts, made.handle.clone())?;
    Ok(Stop::Call(Box::new(move || running.stop())))
}

/// What the written channels share, opened by the first who asks. `None`: the plan has none, or the log says why.
fn office(made: &mut Made) -> Option<Arc<Office>> {
    if made.office.is_none() {
        let office = opened(made);
        made.whatsapp = office.as_ref().and_then(|office| connectors::whatsapp(&made.plan, office));
        made.office = Some(office);
    }
    made.office.clone().flatten()
}

fn opened(made: &Made) -> Option<Arc<Office>> {
    if !made.plan.written.is_on() {
        return None;
    }
    let Some(state) = made.state.as_deref() else {
        tracing::error!("no written channel works: conversations need a folder; start turno with --state");
        return None;
    };
    let procedures = made.reload.in_place.procedures.clone();
    if made.plan.api.is_none() {
        // The API has read them already.
        procedures.begin(&made.plan);
    }
    let means = Means {
        in_force: made.reload.in_place.in_force.clone(),
        procedures,
        facts: Arc::clone(&made.facts),
        clock: made.clock,
        inbox: made.inbox.clone(),
        hand_overs: made.hand_overs.clone(),
        meters: WrittenMeters::new(&made.registry),
    };
    conversations::open(&made.plan, state, means)
}

/// Without a queue in [written] there is no thread and no file.
pub(crate) fn written(made: &mut Made) -> Result<Stop, StartRefused> {
    let Some(office) = office(made) else { return Ok(Stop::WithTasks) };
    let Some(folder) = made.state.as_deref() else { return Ok(Stop::WithTasks) };
    let stream = Arc::clone(made.facts.stream());
    let running = conversations::start(Arc::clone(&office), stream, made.handle.clone())?;
    let means = (made.handle.clone(), &made.registry);
    let connectors = Connectors::start(&office, (&made.plan, folder), made.whatsapp.take(), means);
    Ok(Stop::Call(Box::new(move || {
        connectors.stop();
        running.stop();
    })))
}

/// A thread for each webhook of the plan.
pub(crate) fn webhooks(made: &mut Made) -> Result<Stop, StartRefused> {
    if made.plan.webhooks.is_empty() {
        return Ok(Stop::WithTasks);
    }
    let Some(state) = made.state.as_deref() else {
        tracing::error!("no webhook is sent: what waits needs a folder; start turno with --state");
        return Ok(Stop::WithTasks);
    };
    let meters = WebhookMeters::new(&made.registry, &made.plan.webhooks);
    let of_facts = (made.facts.stream(), &made.reload.in_place.in_force);
    let running = webhooks::start(&made.plan, state, of_facts, (made.clock, &made.handle), &meters)?;
    Ok(Stop::Call(Box::new(move || running.stop())))
}

/// Without a schedule there is no thread.
pub(crate) fn reports(made: &mut Made) -> Result<Stop, StartRefused> {
    if made.plan.reports.schedule.is_empty() {
        return Ok(Stop::WithTasks);
    }
    let Some(place) = Place::of(&made.plan, made.state.as_deref()) else {
        tracing::error!("no scheduled report is written: there is no history, look at [history] and --state");
        return Ok(Stop::WithTasks);
    };
    let store = match place.store(&made.plan) {
        Ok(store) => store,
        Err(why) => {
            tracing::error!("no scheduled report is written: {why}");
            return Ok(Stop::WithTasks);
        }
    };
    let in_force = made.reload.in_place.in_force.clone();
    let meters = ReportsMeters::new(&made.registry);
    let running = scheduled::start(store, in_force, (made.clock, made.handle.clone()), meters)?;
    Ok(Stop::Call(Box::new(move || running.stop())))
}
