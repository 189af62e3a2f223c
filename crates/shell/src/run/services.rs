//! The services beside the engine, in one list: name, start, stop, and the order of both.
//!
//! A service starts after those above it in [`SERVICES`]. When the engine has ended, the services stop in reverse
//! order, so each stops before the services that it uses. A new service needs a line in the list, the function that
//! starts it and, if a part of it is made before the start, a field in [`Made`]. Parts that can make a start fail (an
//! address, a thread) are made in `run/starting`, while another turno may still serve. If a service does not start
//! here, the log says so, and calls go on.

use crate::control::api::ControlApi;
use crate::control::socket;
use crate::disk::{JournalSign, Standing};
use crate::facts::remembering::remember;
use crate::metrics::media::MediaMeters;
use crate::metrics::process::ProcessMeters;
use crate::metrics::recording::RecorderMeters;
use crate::metrics::web;
use crate::process::signals;
use crate::process::threads::thread;
use crate::recording::working::{TAPE_PIECES_MAX, Working};
use crate::refusal::StartRefused;
use crate::run::made::{Made, Stop};
use crate::run::readers::{api, history, queue_log, reports, webhooks, written};
use core::time::Duration;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use turno_media::tape;
use turno_model::Plan;
use turno_model::plan::OnStop;
use turno_recording::key::SiteKeys;

/// How long connections and pages may take for their last bytes after the engine has ended.
const LAST_BYTES_SPAN: Duration = Duration::from_millis(50);

/// One service.
pub(crate) struct Service {
    /// Its name for people.
    pub(crate) name: &'static str,
    /// What does not work without it, and what to do.
    without: &'static str,
    /// Starts it and returns how it is stopped.
    start: fn(&mut Made) -> Result<Stop, StartRefused>,
}

/// All services in the order of their start. The voices come first, so that all their users stop before them. The thread with
/// the users of the API ends when the tasks have, which ask it.
pub(crate) const SERVICES: [Service; 17] = [
    Service { name: "the voices", without: "no call is heard", start: voices },
    Service {
        name: "the recorder",
        without: "nothing is recorded; look at [recording] and start turno again",
        start: recorder,
    },
    Service {
        name: "the control socket's place",
        without: "turno trace can't ask; start turno again",
        start: place,
    },
    Service {
        name: "the HTTP API",
        without: "programs and pages are not answered; start turno again",
        start: api,
    },
    Service { name: "the tasks", without: "nobody is reached but by UDP; start turno again", start: tasks },
    Service { name: "metrics and health", without: "nobody sees how turno is; start it again", start: pages },
    Service {
        name: "the control socket",
        without: "turno trace and turno reload are not answered; start turno again",
        start: control,
    },
    Service { name: "the signals", without: "a stop is not polite; use turno reload", start: signals },
    Service {
        name: "the journal",
        without: "its folder grows, and is not looked after; start turno again",
        start: journal,
    },
    Service {
        name: "the memory of the past",
        without: "turno trace does not know what happened before this start; read it with turno journal show",
        start: past,
    },
    Service { name: "the word to systemd", without: "systemd may end turno; start it again", start: systemd },
    Service {
        name: "the history",
        without: "no facts are written to the database; start turno again, which writes what is missing then",
        start: history,
    },
    Service {
        name: "the webhooks",
        without: "other programs are told nothing; start turno again, which sends them what is missing then",
        start: webhooks,
    },
    Service {
        name: "the written channels",
        without: "nobody answers who writes; start turno again, which goes on with all that was written",
        start: written,
    },
    Service {
        name: "the queue log",
        without: "its file is not written; start turno again, which writes what is missing then",
        start: queue_log,
    },
    Service {
        name: "the reports",
        without: "no scheduled report is written; start turno again, which writes what is missing then",
        start: reports,
    },
    Service { name: "the facts", without: "no figure is right; start turno again", start: facts },
];

/// The services that are running.
#[derive(Default)]
pub(crate) struct Services {
    working: Vec<(&'static str, Stop)>,
    /// For tests, which take the place of connectors.
    #[cfg(test)]
    pub(crate) office: Option<std::sync::Arc<crate::conversations::Office>>,
}

impl Services {
    /// Starts all of them, in order.
    pub(crate) fn start(mut made: Made) -> Self {
        let mut working = Vec::with_capacity(SERVICES.len());
        for Service { name, without, start } in SERVICES {
            match start(&mut made) {
                Ok(stop) => working.push((name, stop)),
                Err(refused) => {
                    tracing::error!(service = name, "{name} did not start, so {without}: {refused}");
                }
            }
        }
        Self {
            working,
            #[cfg(test)]
            office: made.office.flatten(),
        }
    }

    /// Stops all of them, in reverse order, now that the engine has ended.
    pub(crate) fn stop(&mut self) {
        while let Some((name, stop)) = self.working.pop() {
            match stop {
                Stop::WithTasks => {}
                Stop::Threads(threads) => {
                    // Join all of them before logging.
                    let died = threads.into_iter().map(JoinHandle::join).filter(Result::is_err).count();
                    if died > 0 {
                        tracing::error!(
                            service = name,
                            "{name} had died of a fault of turno's own; please report the lines of the panic"
                        );
                    }
                }
                Stop::Call(stop) => stop(),
            }
        }
    }
}

fn voices(made: &mut Made) -> Result<Stop, StartRefused> {
    // They run since `Voices::start`, because reading the sounds takes time.
    let voices = made.voices.clone();
    Ok(Stop::Call(Box::new(move || voices.stop())))
}

/// Without [recording] there is no thread and no tape, and the media thread does nothing for recordings.
fn recorder(made: &mut Made) -> Result<Stop, StartRefused> {
    let Some(parts) = made.recorder.1.take() else { return Ok(Stop::WithTasks) };
    let keys = SiteKeys::parse(parts.plan.keys.reveal()).map_err(StartRefused::RecordingKey)?;
    let stops = Arc::clone(&parts.stops);
    let (tape, reader) = tape(TAPE_PIECES_MAX);
    let working = Working::new(parts, (reader, made.voices.clone()), made.clock, keys);
    let thread = thread("turno-recorder", move || working.run())?;
    made.voices.record_to(tape);
    Ok(Stop::Call(Box::new(move || {
        stops.store(true, Ordering::Release);
        if thread.join().is_err() {
            tracing::error!(
                "the recorder had died of a fault of turno's own; please report the lines of the panic"
            );
        }
    })))
}

/// Removes the socket's file at the stop, after the last answer.
fn place(made: &mut Made) -> Result<Stop, StartRefused> {
    let socket_file = made.socket_file.take();
    Ok(Stop::Call(Box::new(move || drop(socket_file))))
}

/// The runtime with connections and all other tasks; no task outlives it.
fn tasks(made: &mut Made) -> Result<Stop, StartRefused> {
    let (runtime, streams) = (made.runtime.take(), made.streams.clone());
    core::mem::take(&mut made.listeners)
        .into_iter()
        .for_each(|(transport, listener)| streams.listen(transport, listener));
    Ok(Stop::Call(Box::new(move || {
        if let Some(runtime) = runtime {
            runtime.block_on(streams.finish(LAST_BYTES_SPAN));
            runtime.shutdown_timeout(LAST_BYTES_SPAN);
        }
    })))
}

fn pages(made: &mut Made) -> Result<Stop, StartRefused> {
    if let Some(listener) = made.web.take() {
        let pages = web::Pages {
            process: ProcessMeters::new(&made.registry, made.clock.set_at()),
            media: MediaMeters::new(&made.registry),
            recorder: (RecorderMeters::new(&made.registry), Arc::clone(&made.recorder.0.gauges)),
            voices: made.voices.clone(),
            facts: Arc::clone(&made.facts),
            registry: made.registry.clone(),
            clock: made.clock,
            watchdog: made.watchdog.clone(),
            journal: made.sign.clone(),
            site: made.plan.site.clone(),
        };
        made.handle.spawn(web::serve(listener, Arc::new(pages)));
    }
    Ok(Stop::WithTasks)
}

fn control(made: &mut Made) -> Result<Stop, StartRefused> {
    if let Some(listening) = made.control.take() {
        let answering = ControlApi::new(made.kept.clone(), &made.hand_overs, made.reload.clone());
        made.handle.spawn(socket::serve(listening, Arc::new(answering)));
    }
    Ok(Stop::WithTasks)
}

fn signals(made: &mut Made) -> Result<Stop, StartRefused> {
    if let Some(caught) = made.caught.take() {
        let asked = (made.inbox.clone(), made.hand_overs.clone(), made.reload.clone());
        let on_stop = on_stop(&made.plan, &made.sign);
        signals::watch(&made.handle, caught, asked, on_stop, made.plan.journal.drain_max);
    }
    Ok(Stop::WithTasks)
}

/// The disk's threads exist already and wait for the gate; this lets them begin.
fn journal(made: &mut Made) -> Result<Stop, StartRefused> {
    if let Some(gate) = made.gate.take() {
        let _ = gate.send(());
    }
    Ok(Stop::Threads(core::mem::take(&mut made.disk_threads)))
}

fn past(made: &mut Made) -> Result<Stop, StartRefused> {
    let begun = remember(made.past.take(), made.kept.clone(), &made.plan)?;
    Ok(Stop::Threads(begun.into_iter().collect()))
}

/// A turno that has handed over tells systemd nothing at its end, because systemd watches the successor now.
fn systemd(made: &mut Made) -> Result<Stop, StartRefused> {
    let (systemd, hand_overs) = (made.systemd.clone(), made.hand_overs.clone());
    systemd.watch(&made.handle, made.watchdog.clone(), made.clock);
    systemd.is_ready(&made.plan.site);
    Ok(Stop::Call(Box::new(move || {
        if hand_overs.heir().is_none() {
            systemd.is_stopping();
        }
    })))
}

/// Their thread reads since it was made; it ends when the engine drops its end of the channel.
fn facts(made: &mut Made) -> Result<Stop, StartRefused> {
    Ok(Stop::Threads(made.facts_thread.take().into_iter().collect()))
}

/// Without a journal calls cannot be kept at a stop, so they are ended.
fn on_stop(plan: &Plan, sign: &JournalSign) -> OnStop {
    match plan.journal.on_stop {
        OnStop::KeepCalls if sign.standing() == Standing::Off => OnStop::EndCalls,
        on_stop @ (OnStop::EndCalls | OnStop::Drain | OnStop::KeepCalls) => on_stop,
    }
}

#[cfg(test)]
#[path = "services_tests.rs"]
mod tests;
