//! The media plane as the rest of the shell sees it: commands out, events back as letters, figures to read.

use std::sync::Arc;

use turno_media::{MediaRefused, Plane, PlaneGauges, PlaneSettings, PortPair};
use turno_media_plan::MediaCommand;
use turno_model::Plan;

use crate::engine_thread::inbox::{EngineMessage, Inbox};
use crate::refusal::StartRefused;

/// The running media plane; ends when its last holder lets go.
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

    /// Hands one command over; never waits. It is carried out after [`Voices::wake`].
    pub(crate) fn post(&self, command: MediaCommand) {
        self.0.post(command);
    }

    /// Has the media thread carry out what was posted.
    pub(crate) fn wake(&self) {
        self.0.wake();
    }

    /// Reads prompts and music anew, and has them played from now on. Prompts of the present plan must have kept their
    /// places.
    ///
    /// # Errors
    /// One that can't be read; nothing has changed then.
    pub(crate) fn relearn(&self, plan: &Plan) -> Result<(), MediaRefused> {
        self.0.relearn(&settings(plan))
    }

    /// Has the sounds, which were read by one plan, stand in the order of another.
    ///
    /// # Errors
    /// [`StartRefused::Media`] when a prompt or the music can't be read.
    pub(crate) fn arrange(&self, read: &Plan, plan: &Plan) -> Result<(), StartRefused> {
        let is_ordered =
            read.prompts.iter().map(|prompt| &prompt.file).eq(plan.prompts.iter().map(|it| &it.file));
        if is_ordered { Ok(()) } else { self.relearn(plan).map_err(StartRefused::Media) }
    }

    /// Goes on with the ports of another turno's talks, when their streams are opened.
    pub(crate) fn adopt(&self, ports: Vec<PortPair>) {
        self.0.adopt(ports);
    }

    /// Rests, with every talk as it is; duplicates of the ports, for another turno.
    ///
    /// # Errors
    /// The media thread goes on.
    pub(crate) fn pause(&self) -> std::io::Result<Vec<PortPair>> {
        self.0.pause()
    }

    /// Goes on after a rest.
    pub(crate) fn resume(&self) {
        self.0.resume();
    }

    /// The figures since the start.
    pub(crate) fn gauges(&self) -> PlaneGauges {
        self.0.gauges()
    }

    /// Closes every stream and waits for the thread, if this is the last holder.
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
