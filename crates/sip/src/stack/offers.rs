//! Who may offer when, and what becomes of an offer or an answer that comes: the patterns of RFC 6337, 2 as one table.
//!
//! | pattern | offer | answer |
//! | --- | --- | --- |
//! | 1 | INVITE | 2xx |
//! | 2 | 2xx | ACK |
//! | 3 | INVITE | reliable 1xx |
//! | 4 | reliable 1xx | PRACK |
//! | 5 | PRACK | 200 to the PRACK |
//! | 6 | UPDATE | 2xx to the UPDATE |

use crate::stack::session::{Exchange, Phase, Session};

/// Where offer and answer stand with one peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfferState {
    /// The peer's INVITE offers, and no reliable answer has gone.
    TheirInvite,
    /// The peer's INVITE asks us to offer, and we have not.
    Owed,
    /// We offered in a reliable provisional; the PRACK answers.
    OurProvisional,
    /// The peer's INVITE rings on, and offer and answer are complete.
    TheirEarly,
    /// Our INVITE has no reliable answer.
    OurInvite,
    /// Our INVITE rings on, and offer and answer are complete.
    OurEarly,
    /// The peer offered within the call, or by PRACK or UPDATE before it: our answer is due.
    TheirChange,
    /// We offered within the call, or by UPDATE before it.
    OurChange,
    /// The peer offered in its 2xx; our ACK answers.
    TheirSuccess,
    /// We offered in our first 2xx; the ACK answers.
    OurSuccess,
    /// We offered in our 2xx to a re-INVITE; the ACK answers.
    OurLaterSuccess,
    /// Offer and answer are complete, the ACK to our 2xx has not come.
    Unacked,
    /// A call in which nobody offers.
    Settled,
    /// The call ends or has ended.
    Over,
}

/// What comes from the peer, with SDP or without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfferMessage {
    /// A re-INVITE with an offer.
    Invite,
    /// A re-INVITE that asks us to offer.
    BareInvite,
    /// UPDATE with an offer.
    Update,
    /// UPDATE that only refreshes.
    BareUpdate,
    /// PRACK with SDP.
    Prack,
    /// PRACK without.
    BarePrack,
    /// ACK with SDP.
    Ack,
    /// ACK without.
    BareAck,
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is an offer, and is answered.
    Answer,
    /// We offer.
    Offer,
    /// It is the answer to our offer.
    Take,
    /// It says nothing of media, and is taken.
    Plain,
    /// What it says of media means nothing, and is passed over.
    Ignore,
    /// The answer to our offer is missing, and nobody would be heard: the call ends.
    End,
    /// The answer to our offer is missing: what was agreed before stands.
    Stand,
    /// Refused with this status; 500 says when to come again.
    Refuse(u16),
}

/// How an offer of our own may go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OurOffer {
    /// By re-INVITE.
    Invite,
    /// By UPDATE, if the peer takes that.
    Update,
    /// Not yet.
    Waits,
    /// No more.
    Never,
}

impl OfferState {
    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 14] = [
        Self::TheirInvite,
        Self::Owed,
        Self::OurProvisional,
        Self::TheirEarly,
        Self::OurInvite,
        Self::OurEarly,
        Self::TheirChange,
        Self::OurChange,
        Self::TheirSuccess,
        Self::OurSuccess,
        Self::OurLaterSuccess,
        Self::Unacked,
        Self::Settled,
        Self::Over,
    ];

    /// What becomes of a message (RFC 3261, 14.2; RFC 3262, 5; RFC 3311, 5.2; RFC 6337, 2 and 3). A PRACK or an ACK that
    /// confirms nothing is met before.
    pub(crate) const fn fate(self, message: OfferMessage) -> Fate {
        use OfferMessage as M;
        match (self, message) {
            (Self::Over, M::Ack | M::BareAck) => Fate::Ignore,
            (Self::Over, _) => Fate::Refuse(481),
            // A refresh meets no offer.
            (_, M::BareUpdate) => Fate::Plain,
            (Self::Settled, M::Invite) => Fate::Answer,
            (Self::Settled, M::BareInvite) => Fate::Offer,
            // The first INVITE has no final response, or another offer of the peer's none.
            (
                Self::TheirInvite | Self::Owed | Self::OurProvisional | Self::TheirEarly | Self::TheirChange,
                M::Invite | M::BareInvite,
            ) => Fate::Refuse(500),
            // Both at once.
            (
                Self::OurInvite
                | Self::OurEarly
                | Self::OurChange
                | Self::TheirSuccess
                | Self::OurSuccess
                | Self::OurLaterSuccess
                | Self::Unacked,
                M::Invite | M::BareInvite,
            ) => Fate::Refuse(491),
            (Self::TheirEarly | Self::OurEarly | Self::Unacked | Self::Settled, M::Update) => Fate::Answer,
            (Self::TheirInvite | Self::Owed | Self::TheirChange | Self::TheirSuccess, M::Update) => {
                Fate::Refuse(500)
            }
            (
                Self::OurProvisional
                | Self::OurInvite
                | Self::OurChange
                | Self::OurSuccess
                | Self::OurLaterSuccess,
                M::Update,
            ) => Fate::Refuse(491),
            (Self::OurProvisional, M::Prack) => Fate::Take,
            (Self::OurProvisional, M::BarePrack) => Fate::End,
            (Self::TheirEarly, M::Prack) => Fate::Answer,
            // An offer while the INVITE's own has no answer: no pattern has it.
            (Self::TheirInvite | Self::Owed, M::Prack) => Fate::Refuse(488),
            (Self::TheirChange, M::Prack) => Fate::Refuse(500),
            (Self::OurChange, M::Prack) => Fate::Refuse(491),
            (
                Self::TheirInvite | Self::Owed | Self::TheirEarly | Self::TheirChange | Self::OurChange,
                M::BarePrack,
            ) => Fate::Plain,
            // We sent nothing that a PRACK could confirm.
            (
                Self::OurInvite
                | Self::OurEarly
                | Self::TheirSuccess
                | Self::OurSuccess
                | Self::OurLaterSuccess
                | Self::Unacked
                | Self::Settled,
                M::Prack | M::BarePrack,
            ) => Fate::Refuse(481),
            (Self::OurSuccess | Self::OurLaterSuccess, M::Ack) => Fate::Take,
            (Self::OurSuccess, M::BareAck) => Fate::End,
            (Self::OurLaterSuccess, M::BareAck) => Fate::Stand,
            (Self::Unacked | Self::TheirChange | Self::OurChange, M::BareAck) => Fate::Plain,
            (Self::Unacked | Self::TheirChange | Self::OurChange, M::Ack) => Fate::Ignore,
            (
                Self::TheirInvite
                | Self::Owed
                | Self::OurProvisional
                | Self::TheirEarly
                | Self::OurInvite
                | Self::OurEarly
                | Self::TheirSuccess
                | Self::Settled,
                M::Ack | M::BareAck,
            ) => Fate::Ignore,
        }
    }

    /// How we may offer now.
    pub(crate) const fn our_offer(self) -> OurOffer {
        match self {
            Self::Settled => OurOffer::Invite,
            Self::TheirEarly | Self::OurEarly => OurOffer::Update,
            Self::TheirInvite
            | Self::Owed
            | Self::OurProvisional
            | Self::OurInvite
            | Self::TheirChange
            | Self::OurChange
            | Self::TheirSuccess
            | Self::OurSuccess
            | Self::OurLaterSuccess
            | Self::Unacked => OurOffer::Waits,
            Self::Over => OurOffer::Never,
        }
    }
}

impl Session {
    /// Whether our first provisional has to offer.
    pub(crate) fn must_offer_early(&self) -> bool {
        self.peer.requires_100rel && self.offer_state() == OfferState::Owed
    }

    /// Where offer and answer stand.
    pub(crate) fn offer_state(&self) -> OfferState {
        let settled = match &self.phase {
            Phase::Ringing(incoming) if incoming.is_settled => OfferState::TheirEarly,
            Phase::Ringing(incoming) if incoming.has_offer => OfferState::TheirInvite,
            Phase::Ringing(incoming) if incoming.has_sent_sdp => OfferState::OurProvisional,
            Phase::Ringing(_) => OfferState::Owed,
            Phase::Calling(outgoing) if outgoing.is_settled => OfferState::OurEarly,
            Phase::Calling(_) => OfferState::OurInvite,
            Phase::Answering(_) => return OfferState::TheirSuccess,
            Phase::Unconfirmed(unconfirmed) if unconfirmed.awaits_answer => return OfferState::OurSuccess,
            Phase::Unconfirmed(_) => OfferState::Unacked,
            Phase::Confirmed if self.unacked.is_some() => OfferState::Unacked,
            Phase::Confirmed => OfferState::Settled,
            Phase::Cancelling(..) | Phase::Leaving | Phase::Over => return OfferState::Over,
        };
        match &self.exchange {
            Exchange::Idle | Exchange::Later { .. } => settled,
            Exchange::Ours { .. } => OfferState::OurChange,
            Exchange::Theirs { .. } => OfferState::TheirChange,
            Exchange::InSuccess => OfferState::OurLaterSuccess,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGES: [OfferMessage; 8] = [
        OfferMessage::Invite,
        OfferMessage::BareInvite,
        OfferMessage::Update,
        OfferMessage::BareUpdate,
        OfferMessage::Prack,
        OfferMessage::BarePrack,
        OfferMessage::Ack,
        OfferMessage::BareAck,
    ];

    /// A small letter: without SDP.
    const TABLE: &str = "
                INVITE invite UPDATE update PRACK  prack  ACK    ack    | ours
TheirInvite     500    500    500    plain  488    plain  ignore ignore | waits
Owed            500    500    500    plain  488    plain  ignore ignore | waits
OurProvisional  500    500    491    plain  take   end    ignore ignore | waits
TheirEarly      500    500    answer plain  answer plain  ignore ignore | update
OurInvite       491    491    491    plain  481    481    ignore ignore | waits
OurEarly        491    491    answer plain  481    481    ignore ignore | update
TheirChange     500    500    500    plain  500    plain  ignore plain  | waits
OurChange       491    491    491    plain  491    plain  ignore plain  | waits
TheirSuccess    491    491    500    plain  481    481    ignore ignore | waits
OurSuccess      491    491    491    plain  481    481    take   end    | waits
OurLaterSuccess 491    491    491    plain  481    481    take   stand  | waits
Unacked         491    491    answer plain  481    481    ignore plain  | waits
Settled         answer offer  answer plain  481    481    ignore ignore | invite
Over            481    481    481    481    481    481    ignore ignore | never
";

    #[test]
    fn nobody_offers_over_an_open_offer() {
        // RFC 6337, 2 and 3: every state against every message.
        let mut table = String::from(
            "\n                INVITE invite UPDATE update PRACK  prack  ACK    ack    | ours\n",
        );
        for state in OfferState::ALL {
            let cells = MESSAGES.map(|message| {
                let fate = match state.fate(message) {
                    Fate::Answer => "answer".to_owned(),
                    Fate::Offer => "offer".to_owned(),
                    Fate::Take => "take".to_owned(),
                    Fate::Plain => "plain".to_owned(),
                    Fate::Ignore => "ignore".to_owned(),
                    Fate::End => "end".to_owned(),
                    Fate::Stand => "stand".to_owned(),
                    Fate::Refuse(status) => status.to_string(),
                };
                format!("{fate:<7}")
            });
            let ours = format!("{:?}", state.our_offer()).to_lowercase();
            table += &format!("{:<16}{}| {ours}\n", format!("{state:?}"), cells.concat());
        }
        assert_eq!(table, TABLE);
    }
}
