//! Facts: what happened. The engine records each with its moment, before anything that depends on it leaves.

use core::time::Duration;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use turno_ground::Pii;

use crate::{
    AgentCall, AgentCallOutcome, AgentId, AgentState, Asker, AuxReason, BreakStep, CallbackChange,
    CallerKnown, CallerListed, Channel, Channels, Commanded, ContactId, Decision, Emergency, Handled,
    LiveSpeech, MediaReport, MenuStep, Observing, OfferId, Passing, PhoneStep, PinEntered, QueueId,
    QueueState, RecordingChange, RecordingId, SeatId, SkillChanged, StepTaken, Survey, TrunkId, Voicemail,
    WaitTold,
};

mod about;
mod kinds;
mod numbers;
mod words;
pub use words::{
    ANONYMOUS, ContactOutcome, EndedBy, OfferOutcome, Party, TransferKind, TurnedAway, WITHHELD,
};

/// One thing that happened; the moment is stored beside it. Facts are kept for years (`record`): a new variant goes last, and
/// so does a new field, with `#[serde(default)]`; existing ones keep their name, place and type, as the journal's golden file shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fact {
    /// The engine began work on a plan.
    Started,
    /// A contact arrived, before any queue.
    ContactArrived {
        /// The contact.
        contact: ContactId,
        /// Its channel.
        channel: Channel,
        /// The caller or sender, such as a number.
        from: Pii<CompactString>,
        /// The dialled number.
        dialled: CompactString,
        /// The trunk, if the contact came by one.
        trunk: Option<TrunkId>,
    },
    /// A SIP dialog joined a contact. Its Call-ID finds the contact's messages among all captured ones.
    LegOpened {
        /// The contact.
        contact: ContactId,
        /// The party at the other end.
        party: Party,
        /// The dialog's Call-ID.
        call_id: CompactString,
    },
    /// The caller left the menus for a queue; `None`: not by a key that is listed, so the default was taken.
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
        /// Position in line, from 1.
        position: u32,
    },
    /// A contact was offered to an agent.
    Offered {
        /// The offer.
        offer: OfferId,
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
        /// The queue.
        queue: QueueId,
        /// How long contact and agent were both free before this moment.
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
        /// The outcome.
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
        /// From entering the queue until now (queue and ring time).
        waited: Duration,
    },
    /// The agent put the contact on hold.
    Held {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// The agent took the contact back from hold.
    Resumed {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// The longest hold has passed: the agent is recalled to the caller.
    HoldRecalled {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// The handling target is near: the agent heard the first tone.
    TargetWarned {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// The handling target has passed: the agent heard the second tone.
    TargetBreached {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// The agent transferred the contact; the agent's segment ends.
    Transferred {
        /// The contact.
        contact: ContactId,
        /// Who transferred it.
        agent: AgentId,
        /// The kind of transfer.
        kind: TransferKind,
        /// The extension, queue or number.
        to: CompactString,
    },
    /// An agent's segment of a contact ended: hang-up or transfer.
    Disconnected {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
        /// The queue of the contact.
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
        /// Who ended it.
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
    /// An agent asked for a state during a contact. It takes effect afterwards.
    AgentAsked {
        /// The agent.
        agent: AgentId,
        /// The state: AUX with this reason; `None`: log-out.
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
    /// The bindings at an agent's seat changed, or the agent moved to another seat.
    Registered {
        /// The agent.
        agent: AgentId,
        /// How many bindings the seat has now.
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
    MediaReported(MediaReport),
    /// Something needs an operator's attention.
    Alarm {
        /// One line: what happened, where, what to do.
        text: CompactString,
    },
    /// New calls rejected unread during overload, for about a second together. They are no contacts.
    CallsRefused {
        /// How many, retransmissions included.
        calls: u32,
    },
    /// A report on a trunk for people: it does not answer or can't register, repeated while that lasts, and its end.
    TrunkTold {
        /// The trunk.
        trunk: TrunkId,
        /// One line: the trunk, what happened, the reason or how long it lasted.
        text: CompactString,
        /// Whether the trouble is over.
        is_over: bool,
    },
    /// The number of a caller who withheld it, for the operator only. Recorded only if the plan keeps such numbers.
    NumberWithheld {
        /// The contact.
        contact: ContactId,
        /// The number.
        number: Pii<CompactString>,
    },
    /// An agent call was dialled. Its legs are recorded under this number as for a contact, but it is no contact.
    OwnCallDialled {
        /// The call's number, from the same sequence as contact numbers.
        call: ContactId,
        /// Who dialled.
        agent: AgentId,
        /// What was dialled.
        dialled: Pii<CompactString>,
        /// The kind of call.
        what: AgentCall,
    },
    /// The outcome of an agent call, or of the call of a contact that was transferred outside the queues.
    OwnCallSettled {
        /// The call's number.
        call: ContactId,
        /// The outcome.
        outcome: AgentCallOutcome,
    },
    /// What an agent with contacts may still be offered has changed. Without contacts the state says it.
    TakesBeside {
        /// The agent.
        agent: AgentId,
        /// The channels with room for one more contact.
        channels: Channels,
    },
    /// An agent sits at another seat, or at none. Before the first of these facts, every agent sits at the own seat.
    Seated {
        /// The agent.
        agent: AgentId,
        /// The previous seat.
        from: Option<SeatId>,
        /// The new seat.
        to: Option<SeatId>,
    },
    /// An observer joined an agent's talk with a contact. A change of the way is an end and a beginning.
    ObservingBegan {
        /// Who observes.
        observer: AgentId,
        /// The contact.
        contact: ContactId,
        /// The way of observing.
        how: Observing,
        /// Who asked for it.
        by: Asker,
    },
    /// The observer left the talk, or changed the way of observing.
    ObservingEnded {
        /// Who observed.
        observer: AgentId,
        /// The contact.
        contact: ContactId,
        /// The way of observing.
        how: Observing,
        /// Who had asked for it.
        by: Asker,
    },
    /// A waiting contact's place and expected wait: on entering a line without an offer, and at each announcement.
    WaitTold(WaitTold),
    /// An observer became the contact's agent in the middle of the talk. The segment of the agent before ends.
    TakenOver {
        /// The contact.
        contact: ContactId,
        /// The agent who talked.
        from: AgentId,
        /// The observer who is the contact's agent now.
        to: AgentId,
        /// The queue of the contact.
        queue: QueueId,
    },
    /// A waiting contact got another priority.
    Reprioritised {
        /// The contact.
        contact: ContactId,
        /// The queue in which it waits.
        queue: QueueId,
        /// 0 is normal, higher is served first.
        priority: u8,
        /// Position in line, from 1.
        position: u32,
    },
    /// A queue was opened, paused or closed. Before the first of these facts every queue is open.
    QueueTurned {
        /// The queue.
        queue: QueueId,
        /// Its state from now on.
        to: QueueState,
    },
    /// A person asked for something over the control socket, and it was accepted. What came of it is in other facts.
    Commanded(Commanded),
    /// A recording of a contact's talk began, was paused, went on, ended or was deleted.
    Recording {
        /// The contact.
        contact: ContactId,
        /// The recording.
        recording: RecordingId,
        /// What happened to it.
        change: RecordingChange,
    },
    /// A mark after the handling target, help, or after-call work that goes on.
    Handling(Handled),
    /// A step of a queue was taken for a contact that waits in it.
    Stepped(StepTaken),
    /// A step of an agent's break in turns.
    Break(BreakStep),
    /// The callback of a waiting contact was offered, asked for, put off, dialled or ended.
    Callback(ContactId, CallbackChange),
    /// A step of a caller in the menus.
    Menu(MenuStep),
    /// The emergency announcement.
    Emergency(Emergency),
    /// A step of the survey after a talk.
    Survey(Survey),
    /// What is known of the caller of a contact besides the number.
    CallerKnown(ContactId, CallerKnown),
    /// Extension and PIN were keyed in at a phone.
    PinEntered(PinEntered),
    /// A caller at the voicemail of a queue, or a message.
    Voicemail(Voicemail),
    /// An agent passed a talk on, or consulted somebody about it.
    Passing(Passing),
    /// A number came to a list of callers or left it.
    CallerList(CallerListed),
    /// An agent on an ordinary telephone.
    Phone(PhoneStep),
    /// A command changed an agent's skill, or the change is over.
    SkillChanged(SkillChanged),
    /// A supervisor speaks live to the callers who wait in a queue.
    LiveSpeech(LiveSpeech),
}
