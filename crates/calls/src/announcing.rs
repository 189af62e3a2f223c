//! Recorders and announcements in a call's bridge.

use turno_media_plan::{Announcement, StreamId};

use crate::call::CallId;
use crate::event::CallEvent;
use crate::switchboard::Switchboard;

impl Switchboard {
    /// Starts recording a call, each side on its own track; returns the stream id of the recording. `None` if the call
    /// is gone or its bridge is full.
    pub fn record(&mut self, id: CallId) -> Option<StreamId> {
        if let Some(recorder) = self.calls.get(id)?.recorder {
            return Some(recorder);
        }
        let recorder = self.name_for(id)?;
        self.calls.get_mut(id)?.recorder = Some(recorder);
        self.seat(id);
        Some(recorder)
    }

    /// Ends the recording of a call.
    pub fn stop_recording(&mut self, id: CallId) {
        if self.calls.get_mut(id).and_then(|call| call.recorder.take()).is_some() {
            self.seat(id);
        }
    }

    /// The recorder in a call's bridge, if there is one.
    pub fn recorder(&self, id: CallId) -> Option<StreamId> {
        self.calls.get(id)?.recorder
    }

    /// The stream of the A leg.
    pub fn a_stream(&self, id: CallId) -> Option<StreamId> {
        self.legs.stream_of(self.calls.get(id)?.a_leg?)
    }

    /// Plays an announcement into a call's bridge. [`CallEvent::Announced`] with the returned id follows at the end,
    /// unless the announcement is taken back. `None` if the call is gone or its bridge is full.
    pub fn announce(&mut self, id: CallId, said: Announcement) -> Option<StreamId> {
        let announcer = self.name_for(id)?;
        if !self.calls.announces(id, announcer, said) {
            return None;
        }
        self.seat(id);
        Some(announcer)
    }

    /// Stops an announcement. No event follows.
    pub fn take_back(&mut self, announcer: StreamId) {
        self.remove_announcer(announcer);
    }

    /// An announcement has ended; false if the stream is no announcement.
    pub(crate) fn announcement_over(&mut self, announcer: StreamId) -> bool {
        let Some(call) = self.remove_announcer(announcer) else { return false };
        self.tell(CallEvent::Announced { call, announcer });
        true
    }

    fn remove_announcer(&mut self, announcer: StreamId) -> Option<CallId> {
        let id = self.calls.announces_no_more(announcer)?;
        self.seat(id);
        Some(id)
    }

    /// A stream id for a member without a leg, if the bridge has room for one.
    fn name_for(&mut self, id: CallId) -> Option<StreamId> {
        self.calls.get(id).filter(|call| call.has_room())?;
        Some(self.legs.next_stream())
    }
}
