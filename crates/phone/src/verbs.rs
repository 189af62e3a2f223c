//! The phone's controls: what a person does with it, and its settings.

use turno_ground::{Moment, Transport};
use turno_media_plan::{KeyMint, Protection, SrtpPolicy, Suite};

use crate::client::Wish;
use crate::event::CallId;
use crate::phone::Phone;
use crate::settings::{Behaviour, Identity};
use crate::writing::escape;

impl Phone {
    /// The same phone over a stream that the caller opens and frames. It retransmits neither requests nor refusals.
    #[must_use]
    pub fn over(mut self, transport: Transport) -> Self {
        self.speak_over(transport);
        self
    }

    /// The same, for a phone that has not sent anything yet.
    pub fn speak_over(&mut self, transport: Transport) {
        self.wire.base.station.speak_over(transport);
    }

    /// The same phone with SRTP by this policy and only these suites.
    #[must_use]
    pub fn with_srtp(mut self, policy: SrtpPolicy, suites: &[Suite], mint: KeyMint) -> Self {
        self.take_keys(policy, suites, mint);
        self
    }

    /// Uses SRTP from the next call on.
    pub fn take_keys(&mut self, policy: SrtpPolicy, suites: &[Suite], mint: KeyMint) {
        self.wire.base.station.take_keys(policy, suites, mint);
    }

    /// Changes the phone's automatic behaviour from the next call on.
    pub fn behave(&mut self, behaviour: Behaviour) {
        self.wire.base.station.settings.behaviour = behaviour;
    }

    /// Registers now, and refreshes the registration from then on.
    pub fn register(&mut self, now: Moment) {
        self.registration.register(&mut self.wire, now);
    }

    /// Unregisters.
    pub fn unregister(&mut self, now: Moment) {
        self.registration.unregister(&mut self.wire, now);
    }

    /// Call this when the phone's connection was replaced by a new one. Requests without a final response, and refusals
    /// without an ACK, are sent again: over a stream nothing else retransmits them.
    pub fn say_again(&mut self) {
        self.wire.say_again();
    }

    /// Dials `number` (digits, `*`, `#`, `+`).
    pub fn call(&mut self, number: &str, now: Moment) -> CallId {
        self.calls.dial(&mut self.wire, None, (number, true), Vec::new(), now)
    }

    /// Dials `number` without an offer: the peer's 200 has the offer, our ACK the answer.
    pub fn call_with_late_offer(&mut self, number: &str, now: Moment) -> CallId {
        self.calls.dial(&mut self.wire, None, (number, false), Vec::new(), now)
    }

    /// Dials `number` as `who`: a trunk sends its callers' calls this way.
    pub fn call_as(&mut self, who: &Identity, number: &str, now: Moment) -> CallId {
        self.calls.dial(&mut self.wire, Some(who), (number, true), Vec::new(), now)
    }

    /// Dials `number` as `who`, without an offer.
    pub fn call_as_with_late_offer(&mut self, who: &Identity, number: &str, now: Moment) -> CallId {
        self.calls.dial(&mut self.wire, Some(who), (number, false), Vec::new(), now)
    }

    /// Answers a call that rings here; does nothing for any other call.
    pub fn answer(&mut self, id: CallId, now: Moment) {
        self.calls.answer(&mut self.wire, id, now);
    }

    /// Refuses a call that rings here with `status` (300 to 699).
    pub fn refuse(&mut self, id: CallId, status: u16, now: Moment) {
        self.calls.refuse(&mut self.wire, id, status, now);
    }

    /// Ends a call in any state: by CANCEL, a refusal with 603, or BYE.
    pub fn hang_up(&mut self, id: CallId, now: Moment) {
        self.calls.hang_up(&mut self.wire, id, now);
    }

    /// Puts the peer on hold.
    pub fn hold(&mut self, id: CallId, now: Moment) {
        self.calls.reinvite(&mut self.wire, id, Wish::Hold, now);
    }

    /// Takes the peer off hold.
    pub fn resume(&mut self, id: CallId, now: Moment) {
        self.calls.reinvite(&mut self.wire, id, Wish::Resume, now);
    }

    /// Transfers the peer to `target` (an extension or number) without a consultation (RFC 5589, 6).
    pub fn blind_transfer(&mut self, id: CallId, target: &str, now: Moment) {
        let to = format!("<sip:{}@{}>", escape(target), self.settings().domain);
        self.calls.refer(&mut self.wire, id, to, now);
    }

    /// Sends a REFER with this Refer-To value, unchanged.
    pub fn refer_to(&mut self, id: CallId, refer_to: &str, now: Moment) {
        self.calls.refer(&mut self.wire, id, refer_to.to_owned(), now);
    }

    /// Connects the peers of two calls: the peer of `id` replaces us in `consult` (RFC 5589, 7).
    pub fn attended_transfer(&mut self, id: CallId, consult: CallId, now: Moment) {
        self.calls.refer_to_call(&mut self.wire, id, consult, now);
    }

    /// Sends a digit by INFO (`0`-`9`, `*`, `#`, `A`-`D`).
    pub fn send_digit_info(&mut self, id: CallId, digit: char, now: Moment) {
        self.calls.send_digit(&mut self.wire, id, digit, now);
    }

    /// The SRTP protection of a call; `None` for plain RTP.
    pub fn protection(&self, call: CallId) -> Option<Protection> {
        self.calls.see(call)?.negotiation.agreed()?.srtp
    }

    /// The number of calls that are not over.
    pub fn calls_standing(&self) -> usize {
        self.calls.standing()
    }

    /// Whether a call of this phone is confirmed and not over.
    pub fn is_talking(&self, call: CallId) -> bool {
        self.calls.is_talking(call)
    }

    /// Whether a request of ours has no final response yet.
    pub fn waits_for_answers(&self) -> bool {
        self.wire.waits_for_answers()
    }

    /// Whether the phone should be registered.
    pub fn wants_registration(&self) -> bool {
        self.registration.is_wanted()
    }
}
