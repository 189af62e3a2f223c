//! The media plane as the rest of the shell uses it: commands in, events to the engine's inbox, and figures.

use std::net::UdpSocket;
use std::sync::Arc;

use turno_media::{Identity, MediaRefused, Plane, PlaneGauges, PlaneSettings, PortPair, Sound, Tape};
use turno_media_plan::{MediaCommand, SoundId};
use turno_model::Plan;

use crate::engine_thread::inbox::{EngineMessage, Inbox};
use crate::refusal::StartRefused;

/// The running media plane; it ends when the last handle is dropped.
#[derive(Clone)]
pub(crate) struct Voices(Arc<Plane>);

impl Voices {
    /// Loads prompts and music, and starts the media thread.
    ///
    /// # Errors
    /// [`StartRefused::Media`] when a prompt or the music can't be read.
    pub(crate) fn start(plan: &Plan, pairs_max: usize, inbox: &Inbox) -> Result<Self, StartRefused> {
        let inbox = inbox.clone();
        let plane =
            Plane::start(PlaneSettings { pairs_max: Some(pairs_max), ..settings(plan) }, move |event| {
                inbox.post(EngineMessage::Media(event));
            })
            .map_err(StartRefused::Media)?;
        Ok(Self(Arc::new(plane)))
    }

    /// Sends one command; never blocks. It is carried out after [`Voices::wake`].
    pub(crate) fn post(&self, command: MediaCommand) {
        self.0.post(command);
    }

    /// Wakes the media thread so that it carries out posted commands.
    pub(crate) fn wake(&self) {
        self.0.wake();
    }

    /// Reads prompts and music again and plays the new ones from now on. Prompts of the present plan must have kept
    /// their index.
    ///
    /// # Errors
    /// One that can't be read; then nothing has changed.
    pub(crate) fn relearn(&self, plan: &Plan) -> Result<(), MediaRefused> {
        self.0.relearn(&settings(plan))
    }

    /// Reorders the sounds, which were read with plan `read`, to the order of another plan.
    ///
    /// # Errors
    /// [`StartRefused::Media`] when a prompt or the music can't be read.
    pub(crate) fn arrange(&self, read: &Plan, plan: &Plan) -> Result<(), StartRefused> {
        let is_ordered =
            read.prompts.iter().map(|prompt| &prompt.file).eq(plan.prompts.iter().map(|it| &it.file));
        if is_ordered { Ok(()) } else { self.relearn(plan).map_err(StartRefused::Media) }
    }

    /// Puts what recorders hear on this tape from now on.
    pub(crate) fn record_to(&self, tape: Tape) {
        self.0.record_to(tape);
    }

    /// Keeps a sound until it is played, once. False if the media thread does not keep up.
    pub(crate) fn lend(&self, id: SoundId, sound: &Sound) -> bool {
        self.0.lend(id, sound)
    }

    /// Adopts the media ports of another turno process; they are used when their streams are opened.
    pub(crate) fn adopt(&self, ports: Vec<PortPair>) {
        self.0.adopt(ports);
    }

    /// Serves browsers on these sockets, with this certificate.
    pub(crate) fn serve_browsers(&self, sockets: Vec<UdpSocket>, identity: Identity) {
        self.0.serve_browsers(sockets, identity);
    }

    /// Pauses with all streams unchanged; returns duplicates of their ports, for another turno process.
    ///
    /// # Errors
    /// A port can't be duplicated or the thread does not respond; then it continues.
    pub(crate) fn pause(&self) -> std::io::Result<Vec<PortPair>> {
        self.0.pause()
    }

    /// Continues after a pause.
    pub(crate) fn resume(&self) {
        self.0.resume();
    }

    /// The figures since the start.
    pub(crate) fn gauges(&self) -> PlaneGauges {
        self.0.gauges()
    }

    /// Closes every stream and waits for the thread, if this is the last handle.
    pub(crate) fn stop(self) {
        if let Some(plane) = Arc::into_inner(self.0) {
            plane.stop();
        }
    }
}

fn settings(plan: &Plan) -> PlaneSettings {
    PlaneSettings {
        inactivity: plan.media.inactivity,
        prompts: plan.prompts.iter().map(|prompt| prompt.file.clone()).collect(),
        music: plan.media.music.clone(),
        pairs_max: None,
    }
}
