//! The phone: SIP of `turno-phone`, with the descriptions of a browser.

use std::net::SocketAddr;
use std::time::Instant;

use bytes::Bytes;
use turno_ground::{Moment, Rng, Transport};
use turno_phone::{Phone, PhoneEvent, PhoneSettings};

use crate::body::{direction, fragment, header, plain, with_direction, with_other, with_sdp};
use crate::voice::{Voice, VoiceFault};

/// A page's phone: one talk at a time.
#[derive(Debug)]
pub struct BrowserPhone {
    phone: Phone,
    /// The UDP socket of its voice.
    local: SocketAddr,
    rng: Rng,
    voice: Option<Voice>,
    /// Our last description, and its version.
    said: String,
    version: u32,
    /// Whose end the voice is connected to, by its ICE name.
    theirs: String,
    /// Whether our offer waits for its answer.
    has_offered: bool,
    faults: Vec<VoiceFault>,
}

impl BrowserPhone {
    /// A phone that does nothing until one of its controls is called or a message comes.
    pub fn new(settings: PhoneSettings, mut rng: Rng, local: SocketAddr) -> Self {
        let phone = Phone::new(settings, rng.fork()).over(Transport::Ws);
        Self {
            phone,
            local,
            rng,
            voice: None,
            said: String::new(),
            version: 1,
            theirs: String::new(),
            has_offered: false,
            faults: Vec::new(),
        }
    }

    /// What a person does with it.
    pub fn phone(&mut self) -> &mut Phone {
        &mut self.phone
    }

    /// Its voice, in a talk.
    pub fn voice(&mut self) -> Option<&mut Voice> {
        self.voice.as_mut()
    }

    /// Takes a message of the WebSocket.
    pub fn handle_message(&mut self, bytes: &[u8], now: Moment, clock: Instant) {
        let Some(parts) = with_sdp(bytes) else { return self.phone.handle_datagram(bytes, now) };
        let (head, sdp) = (parts.head, parts.sdp);
        let heard = if head.starts_with("SIP/2.0") {
            self.on_answer(sdp, clock)
        } else {
            self.on_offer(head, sdp, clock)
        };
        if let Err(fault) = heard {
            self.faults.push(fault);
        }
        self.phone.handle_datagram(&with_other(head, &plain(sdp)), now);
    }

    /// The next message for the WebSocket, one a frame.
    pub fn poll_message(&mut self, clock: Instant) -> Option<Bytes> {
        let bytes = self.phone.poll_transmit()?;
        let Some(parts) = with_sdp(&bytes) else { return Some(bytes) };
        let said = if parts.head.starts_with("SIP/2.0") {
            Ok(self.again(parts.sdp))
        } else {
            self.offer(parts.head, parts.sdp, clock)
        };
        match said {
            Ok(said) => Some(with_other(parts.head, &said)),
            Err(fault) => {
                self.faults.push(fault);
                Some(bytes)
            }
        }
    }

    /// Handles the deadlines that are due.
    pub fn handle_deadlines(&mut self, now: Moment, clock: Instant) {
        self.phone.handle_deadlines(now);
        let Some(voice) = &mut self.voice else { return };
        if voice.next_deadline().is_some_and(|at| at <= clock) {
            voice.handle_deadline(clock);
        }
    }

    /// The next event of the phone.
    pub fn poll_event(&mut self) -> Option<PhoneEvent> {
        self.phone.poll_event()
    }

    /// What went wrong with the voice, once.
    pub fn take_faults(&mut self) -> Vec<VoiceFault> {
        core::mem::take(&mut self.faults)
    }

    /// An offer of turno's: of a new talk, or of one that goes on.
    fn on_offer(&mut self, head: &str, sdp: &str, clock: Instant) -> Result<(), VoiceFault> {
        let goes_on = header(head, "to").contains(";tag=") && fragment(sdp) == self.theirs;
        if !goes_on {
            let ssrc = u32::try_from(self.rng.below(u64::from(u32::MAX))).unwrap_or(1);
            let mut voice = Voice::new(self.local, ssrc, clock)?;
            self.said = voice.answer(sdp, clock)?;
            (self.version, self.theirs) = (1, fragment(sdp).to_owned());
            self.voice = Some(voice);
        }
        Ok(())
    }

    /// The answer to our offer; a later one only holds or resumes.
    fn on_answer(&mut self, sdp: &str, clock: Instant) -> Result<(), VoiceFault> {
        if let Some(voice) = self.voice.as_mut().filter(|_| core::mem::take(&mut self.has_offered)) {
            fragment(sdp).clone_into(&mut self.theirs);
            voice.accept(sdp, clock)?;
        }
        Ok(())
    }

    /// The description in place of the phone's own offer.
    fn offer(&mut self, head: &str, own: &str, clock: Instant) -> Result<String, VoiceFault> {
        if header(head, "to").contains(";tag=") {
            return Ok(self.again(own));
        }
        let ssrc = u32::try_from(self.rng.below(u64::from(u32::MAX))).unwrap_or(1);
        let mut voice = Voice::new(self.local, ssrc, clock)?;
        self.said = voice.offer(clock)?;
        (self.version, self.has_offered) = (1, true);
        self.voice = Some(voice);
        Ok(self.said.clone())
    }

    /// The description of the talk that goes on, in the direction that the phone wants.
    fn again(&mut self, own: &str) -> String {
        if direction(own) == direction(&self.said) {
            return self.said.clone();
        }
        self.version += 1;
        self.said = with_direction(&self.said, direction(own), self.version);
        self.said.clone()
    }
}
