//! What happened: the only events there are.
//!
//! The engine records each with its moment, ahead of what it allows. Journal, ledger, metrics and pages read facts;
//! no number exists that the facts cannot give back.

use core::time::Duration;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use turno_ground::Pii;

use crate::agent_call::{AgentCall, AgentCallOutcome};
use crate::agent_state::{AgentState, AuxReason};
use crate::channel::{Channel, Channels};
use crate::command::asker::Asker;
use crate::decision::Decision;
use crate::id::{AgentId, ContactId, OfferId, QueueId, SeatId, TrunkId};
use crate::observing::Observing;

mod about;
mod words;

pub use words::{
    ANONYMOUS, ContactOutcome, EndedBy, OfferOutcome, Party, TransferKind, TurnedAway, WITHHELD,
};

/// One thing that happened. Its moment stands beside it.
///
/// Facts are kept for years (`record`): a new variant, or a new field with `#[serde(default)]`, goes last; what is there
/// keeps its name, place and type. The journal's golden file shows any other change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fact {
    /// The engine began work on a plan.
    Started,
    /// A contact arrived, before any queue.
    ContactArrived {
        /// The contact.
        contact: ContactId,
        /// By which way.
        channel: Channel,
        /// Who it is, such as the caller's number.
        from: Pii<CompactString>,
        /// What was dialled.
        dialled: CompactString,
        /// By which trunk, if one.
        trunk: Option<TrunkId>,
    },
    /// A SIP dialog joined a contact: the caller's at arrival, a phone's when it is rung, a consultation's when it is
    /// dialled. By its Call-ID the contact's messages are found among all that passed.
    LegOpened {
        /// The contact.
        contact: ContactId,
        /// Who is at the other end.
        party: Party,
        /// The dialog's Call-ID.
        call_id: CompactString,
    },
    /// The caller chose in a menu (None: silence, the default was taken).
    MenuChosen {
        /// The contact.
        contact: ContactId,
        /// The key.
        digit: Option<char>,
    },
    /// A contact never entered a queue; terminal.
    TurnedAway {
        /// The contact.
        contact: ContactId,
        /// Why.
        reason: TurnedAway,
    },
    /// A contact entered a queue, or entered another one by transfer.
    Queued {
        /// The contact.
        contact: ContactId,
        /// The queue.
        queue: QueueId,
        /// 0 is normal, higher is served first.
        priority: u8,
        /// Place in line from 1.
        position: u32,
    },
    /// A contact was held out to an agent.
    Offered {
        /// The offer.
        offer: OfferId,
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
        /// The queue.
        queue: QueueId,
        /// From the moment when contact and agent were both free to this one.
        delay: Duration,
        /// Why this agent and this contact.
        decision: Box<Decision>,
    },
    /// An offer ended.
    OfferSettled {
        /// The offer.
        offer: OfferId,
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
        /// The queue.
        queue: QueueId,
        /// How.
        outcome: OfferOutcome,
        /// How long it rang.
        rang: Duration,
    },
    /// Media was joined: a contact talks to an agent.
    Connected {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
        /// The queue.
        queue: QueueId,
        /// From entering the queue to now (queue and ring time).
        waited: Duration,
    },
    /// The agent put the contact on hold.
    Held {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// The agent took the contact back.
    Resumed {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// The longest hold passed: the agent is being called back to the caller.
    HoldRecalled {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// The handling target comes near: the agent heard the first tone.
    TargetWarned {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// The handling target is passed: the agent heard the second tone.
    TargetBreached {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// The agent passed the contact on; the agent's segment ends.
    Transferred {
        /// The contact.
        contact: ContactId,
        /// Who passed it on.
        agent: AgentId,
        /// How.
        kind: TransferKind,
        /// To which extension, queue or number.
        to: CompactString,
    },
    /// An agent's segment of a contact ended: hang-up or transfer.
    Disconnected {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
        /// The queue it came by.
        queue: QueueId,
        /// Time talking in this segment.
        talked: Duration,
        /// Time on hold in this segment.
        held: Duration,
    },
    /// A contact that had entered a queue ended; terminal.
    ContactEnded {
        /// The contact.
        contact: ContactId,
        /// The last queue.
        queue: QueueId,
        /// The one outcome.
        outcome: ContactOutcome,
        /// By whom.
        by: EndedBy,
        /// From entering the first queue to answer or end.
        waited: Duration,
    },
    /// An agent changed state.
    AgentChanged {
        /// The agent.
        agent: AgentId,
        /// Before.
        from: AgentState,
        /// After.
        to: AgentState,
    },
    /// An agent asked for a state during a contact; it takes effect afterwards.
    AgentAsked {
        /// The agent.
        agent: AgentId,
        /// The wish: `None` is log-out, otherwise AUX.
        aux: Option<AuxReason>,
    },
    /// An agent gave the last contact a wrap-up code.
    WrapUp {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
        /// The code.
        code: CompactString,
    },
    /// The registrations at the seat where an agent sits changed, or the agent sits elsewhere.
    Registered {
        /// The agent.
        agent: AgentId,
        /// How many contacts are registered there now.
        contacts: u32,
    },
    /// A trunk came into or went out of service.
    TrunkChanged {
        /// The trunk.
        trunk: TrunkId,
        /// Whether it can be used.
        up: bool,
    },
    /// Figures of a leg's media at its end.
    MediaReported {
        /// The contact, if the leg had one.
        contact: Option<ContactId>,
        /// Whether the leg was the one that came in; otherwise it went out to an agent or a number.
        of_caller: bool,
        /// Packets from the peer.
        received: u64,
        /// Packets missing.
        lost: u64,
        /// Interarrival jitter (RFC 3550).
        jitter: Duration,
    },
    /// Something that a person must look at.
    Alarm {
        /// One line: what happened, where, what to do.
        text: CompactString,
    },
    /// New calls that were refused unread for want of time, of about a second together: none of them is a contact.
    CallsRefused {
        /// How many, copies included.
        calls: u32,
    },
    /// What people are told of a trunk: that it does not answer or cannot register, again while that lasts, and its end.
    TrunkTold {
        /// The trunk.
        trunk: TrunkId,
        /// One line: which trunk, what happened, the reason or how long it lasted.
        text: CompactString,
        /// Whether it is over.
        is_over: bool,
    },
    /// The number of a caller who withheld it, for the operator alone; recorded only where the plan keeps such numbers.
    NumberWithheld {
        /// The contact.
        contact: ContactId,
        /// The number.
        number: Pii<CompactString>,
    },
    /// An agent dialled what no queue gives. Its dialogs are opened as those of a contact of this number; it is none.
    OwnCallDialled {
        /// The call's number, of the same row as those of contacts.
        call: ContactId,
        /// Who dialled.
        agent: AgentId,
        /// What was dialled.
        dialled: Pii<CompactString>,
        /// What that is.
        what: AgentCall,
    },
    /// What came of it. A contact that was passed on to somebody whom no queue gives has one too, when that call is over.
    OwnCallSettled {
        /// The call's number.
        call: ContactId,
        /// The outcome.
        outcome: AgentCallOutcome,
    },
    /// What an agent who has contacts in hand may be given beside them has changed; of one who has nothing in hand the
    /// state says it.
    TakesBeside {
        /// The agent.
        agent: AgentId,
        /// The channels of which there is room for one more.
        channels: Channels,
    },
    /// An agent sits at another seat than before, or at none. Until the first of these everybody sits at the own seat.
    Seated {
        /// The agent.
        agent: AgentId,
        /// Where the agent sat.
        from: Option<SeatId>,
        /// Where the agent sits.
        to: Option<SeatId>,
    },
    /// An observer is in the talk of an agent with a contact. Another way to observe is an end and a beginning.
    ObservingBegan {
        /// Who observes.
        observer: AgentId,
        /// The contact.
        contact: ContactId,
        /// What the observer does there.
        how: Observing,
        /// Who asked for it.
        by: Asker,
    },
    /// The observer has left it, or does something else there.
    ObservingEnded {
        /// Who observed.
        observer: AgentId,
        /// The contact.
        contact: ContactId,
        /// What the observer did there.
        how: Observing,
        /// Who had asked for it.
        by: Asker,
    },
}
