//! The running process's side of a hand-over: it serves until its successor does, and continues if the successor fails.

use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};

use turno_model::hand_over::{
    LAST_SPAN_MAX, OldAction, OldEvent, OldState, PREPARE_SPAN_MAX, QUIET_SPAN_MAX,
};

use crate::engine_thread::inbox::{EngineMessage, Pause, Verdict};
use crate::hand_over::admitted::{HandOvers, Successor};
use crate::hand_over::line::{HandOverLine, NoWord, Word};
use crate::hand_over::sockets::named;
use crate::process::threads::thread;

/// Starts a hand-over on its own thread; if it is not possible, the successor is told why.
pub(crate) fn begin(all: &HandOvers, stream: UnixStream, successor: &Successor) {
    let Ok(line) = HandOverLine::new(stream) else { return };
    match all.admit(&line, successor) {
        Ok(()) => {}
        Err(why) => {
            tracing::warn!(process = successor.process, why, "no hand-over to this process");
            let _ = line.say(&Word::Refused(why));
            return;
        }
    }
    let hand_over = HandOver {
        all: all.clone(),
        line,
        process: successor.process,
        state: OldState::Serving,
        rest: None,
        voices_rest: false,
        is_lost: false,
        why: String::new(),
    };
    if let Err(refused) = thread("turno-hand-over", move || hand_over.run()) {
        tracing::error!("{refused}");
        all.forgets();
    }
}

/// One hand-over, on its own thread.
struct HandOver {
    all: HandOvers,
    line: HandOverLine,
    process: u32,
    state: OldState,
    /// The engine's pause: whether it has begun, and the channel that ends it.
    rest: Option<(Receiver<bool>, SyncSender<Verdict>)>,
    voices_rest: bool,
    is_lost: bool,
    why: String,
}

impl HandOver {
    fn run(mut self) {
        tracing::info!(process = self.process, "a successor prepares; this turno serves until it is ready");
        let mut event = OldEvent::Asked;
        loop {
            let Ok((state, action)) = self.state.after(event) else {
                self.why = format!("it spoke out of turn ({event:?})");
                self.is_lost = true;
                event = OldEvent::Lost;
                continue;
            };
            tracing::debug!(process = self.process, ?event, ?state, ?action, "hand-over");
            self.state = state;
            let next = self.carry_out(action);
            if matches!(state, OldState::Serving | OldState::Ended) {
                return;
            }
            event = next.unwrap_or_else(|| self.hear());
        }
    }

    /// Carries out the table's action; returns an event if there is one at once.
    fn carry_out(&mut self, action: OldAction) -> Option<OldEvent> {
        match action {
            OldAction::OfferSockets => {
                let offer = self.all.parts().sockets.duplicates();
                self.says(offer.map(Word::Offer))
            }
            OldAction::Quieten => self.quieten(),
            OldAction::SayGoOn => self.says(Ok(Word::GoOn)),
            OldAction::Release => self.release(),
            OldAction::TakeLock => {
                let lock = self.all.parts().lock.as_ref();
                let is_held = lock.is_none_or(|lock| lock.take().unwrap_or(false));
                Some(if is_held { OldEvent::LockTaken } else { OldEvent::LockHeld })
            }
            OldAction::Resume => {
                self.resume();
                None
            }
            OldAction::End => {
                self.end();
                None
            }
            OldAction::Wait => None,
        }
    }

    fn says(&mut self, word: std::io::Result<Word>) -> Option<OldEvent> {
        match word.and_then(|word| self.line.say(&word)) {
            Ok(()) => None,
            Err(error) => Some(self.loses(error.to_string())),
        }
    }

    fn loses(&mut self, why: String) -> OldEvent {
        if self.why.is_empty() {
            self.why = why;
        }
        self.is_lost = true;
        OldEvent::Lost
    }

    fn quieten(&mut self) -> Option<OldEvent> {
        let parts = &self.all.parts();
        if !self.all.commits() {
            self.why = "this turno has been asked to stop".to_owned();
            return Some(OldEvent::NotQuiet);
        }
        let ((quiet, is_quiet), (verdict, heard)) = (sync_channel(1), sync_channel(1));
        self.rest = Some((is_quiet, verdict));
        if parts.inbox.post(EngineMessage::Pause(Pause { quiet, verdict: heard })) {
            return None;
        }
        self.why = "the engine's inbox is full".to_owned();
        Some(OldEvent::NotQuiet)
    }

    fn release(&mut self) -> Option<OldEvent> {
        let parts = &self.all.parts();
        match parts.voices.pause() {
            Ok(ports) => {
                self.voices_rest = true;
                if let Some(lock) = &parts.lock {
                    lock.give_free();
                }
                self.says(Ok(Word::Voices(named(ports))))
            }
            Err(error) => Some(self.loses(format!("the media thread does not pause: {error}"))),
        }
    }

    /// Waits for the next event.
    fn hear(&mut self) -> OldEvent {
        match self.state {
            OldState::Quieting => {
                let Some((quiet, _)) = &self.rest else { return OldEvent::NotQuiet };
                match quiet.recv_timeout(QUIET_SPAN_MAX) {
                    Ok(true) => OldEvent::Quiet,
                    Ok(false) => {
                        self.why = "the journal can't be written, or is not there as it was written (the log says what is amiss); \
                                    ask again when it is".to_owned();
                        OldEvent::NotQuiet
                    }
                    Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                        self.why = "the engine does not pause".to_owned();
                        OldEvent::NotQuiet
                    }
                }
            }
            OldState::Unsure if self.is_lost => {
                if let Some(lock) = &self.all.parts().lock {
                    lock.wait_for_holder(LAST_SPAN_MAX);
                }
                OldEvent::TimeOut
            }
            OldState::Serving
            | OldState::Offered
            | OldState::Paused
            | OldState::Released
            | OldState::Reclaiming
            | OldState::Unsure
            | OldState::Ended => self.hear_word(),
        }
    }

    fn hear_word(&mut self) -> OldEvent {
        let span = self.state.span().unwrap_or(PREPARE_SPAN_MAX);
        match self.line.hear(span) {
            Ok(Word::Ready) => OldEvent::Ready,
            Ok(Word::WantsVoices) => OldEvent::WantsVoices,
            Ok(Word::Begun) => OldEvent::Begun,
            Ok(Word::Refused(why)) => self.loses(why),
            Ok(Word::Offer(_) | Word::GoOn | Word::Voices(_)) => {
                self.loses("it spoke out of turn".to_owned())
            }
            Err(NoWord::Lost(why)) => self.loses(why),
            Err(NoWord::Late) => {
                if self.why.is_empty() {
                    self.why = format!("the successor has said nothing for {span:?}");
                }
                OldEvent::TimeOut
            }
        }
    }

    fn resume(&mut self) {
        // The refusal is sent before the connection is closed, so that a late successor learns why.
        let _ = self.line.say(&Word::Refused(format!("the turno that runs goes on: {}", self.why)));
        self.line.close();
        if core::mem::take(&mut self.voices_rest) {
            self.all.parts().voices.resume();
        }
        tracing::error!(
            process = self.process,
            why = self.why,
            "no successor took over; this turno goes on with its calls as if nothing had been"
        );
        // When the engine works again, the next hand-over may already be requested.
        self.all.tell(self.process, Err(core::mem::take(&mut self.why)));
        if let Some((_, verdict)) = self.rest.take() {
            let _ = verdict.try_send(Verdict::GoOn);
        }
    }

    fn end(&mut self) {
        let parts = &self.all.parts();
        parts.systemd.goes_on_as(self.process);
        tracing::info!(process = self.process, sockets = parts.sockets.len(), "handed over");
        self.all.tell(self.process, Ok(()));
        if let Some((_, verdict)) = self.rest.take() {
            let _ = verdict.try_send(Verdict::End);
        }
        // A stop requested in between is passed on to the successor.
        if self.all.was_asked_to_stop()
            && let Some(pid) = rustix::process::Pid::from_raw(self.process.cast_signed())
        {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
    }
}
