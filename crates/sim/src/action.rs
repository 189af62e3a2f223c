//! Actions of a scenario: what people, phones and the network do at a given moment.

use core::time::Duration;

use turno_media_plan::Answerer;
use turno_model::command::feature_code::FeatureCode;
use turno_model::{Channel, Observing, QueueState, SkillTo};

use crate::agent_deed::{KeyedIn, Steering, Whom};
use crate::death::Crash;
use crate::edit::Edit;
use crate::network::Weather;
use crate::page_deed::PageDeed;

/// How a phone reacts to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temper {
    /// Rings for this span, then answers.
    Prompt(Duration),
    /// Rings and never answers.
    Slow,
    /// Receives nothing and sends nothing.
    Silent,
    /// Refuses at once with this status.
    Refusing(u16),
    /// Rings for this span, then answers twice: a second 200 with another tag, as from a forking proxy.
    Twice(Duration),
}

/// A caller dials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The caller's index, from 0.
    pub caller: u32,
    /// The dialled number, by index in the plan.
    pub number: usize,
    /// The key pressed in a menu, and how long after dialling.
    pub key: Option<(char, Duration)>,
    /// How long the caller waits in line before giving up; `None`: for ever.
    pub patience: Option<Duration>,
    /// How long the caller talks with an agent.
    pub talk: Duration,
    /// How often a caller who was not served dials again, and after which span.
    pub redials: (u8, Duration),
    /// The INVITE has no SDP offer.
    pub late_offer: bool,
}

/// A contact without a call: a callback or a written message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// The channel.
    pub channel: Channel,
    /// The queue, by index in the plan.
    pub queue: usize,
    /// How long the writer waits before withdrawing; `None`: for ever.
    pub patience: Option<Duration>,
    /// How long an agent works on it.
    pub work: Duration,
}

/// A state that an agent asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateRequest {
    /// To be logged in.
    LogIn,
    /// To be logged out.
    LogOut,
    /// To be ready.
    Ready,
    /// To be in AUX, with the reason of this index.
    Aux(u8),
    /// The end of after-call work.
    EndAcw,
    /// Longer after-call work.
    ExtendAcw,
    /// An expert in the present talk.
    Help,
    /// The caller to be given back to the queue.
    Return,
    /// A word with somebody.
    Consult(Whom),
    /// A talk of three.
    Conference,
    /// To leave the caller to the colleague.
    Complete,
    /// To be back with the caller.
    Back,
    /// The phone to do something.
    Steer(Steering),
}

/// What a supervisor asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supervision {
    /// To observe one of the talks, chosen by this number. If nobody talks, the command names a contact that does not
    /// exist.
    Begin(Observing, u64),
    /// To observe in another way.
    Change(Observing),
    /// To stop observing.
    Stop,
    /// To become the contact's agent.
    TakeOver,
    /// To join one of the talks, chosen by this number, by dialling this code with the agent's extension.
    Dial(FeatureCode, u64),
    /// To move one of those who wait, chosen by the first number, to the queue of this index.
    Move(u64, usize),
    /// To give one of those who wait, chosen by the number, this priority.
    Prioritise(u64, u8),
    /// To end one of those who wait, chosen by the number.
    End(u64),
    /// To give one of those who wait, chosen by the number, to the agent of this index.
    Pull(u64, usize),
    /// To take that back from one of those who wait.
    PullBack(u64),
    /// To change the skill of the agent of this index for the queue of that one, for this span.
    Skill(usize, usize, SkillTo, Duration),
    /// To open, pause or close the queue of this index.
    Turn(usize, QueueState),
    /// To play a prompt to those who wait in the queue of this index.
    Announce(usize),
    /// To speak to those who wait in the queue of this index.
    Speak(usize),
    /// To do so by dialling the code with a number that leads to it.
    DialToSpeak(usize),
    /// To switch the emergency announcement on.
    EmergencyOn,
    /// To switch it off.
    EmergencyOff,
    /// To put the number of this caller on the list of this index, for this span.
    List(u32, usize, Duration),
    /// To take it from there.
    Unlist(u32, usize),
    /// To do with this key of the phone what it means during a talk.
    Press(char),
}

/// What an agent asks of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordingWish {
    /// To record the talk.
    Record,
    /// To pause.
    Pause,
    /// To go on.
    Resume,
    /// To delete what is due.
    Purge,
}

/// The party that an agent calls or transfers a caller to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The agent of this index.
    Agent(usize),
    /// The site's number of this index.
    Number(usize),
    /// A number that does not exist.
    Nobody,
    /// The code for the survey.
    Survey,
    /// The dependency of this index.
    Dependency(usize),
}

/// What is taken from the disk while the engine goes on writing, as into an unlinked file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The journal's folder.
    Folder,
    /// The journal's folder; an empty folder takes its place.
    FolderForAnother,
    /// The current segment.
    Segment,
    /// Most of the segment's bytes.
    SegmentIsCut,
    /// The newest checkpoint.
    Checkpoint,
}

/// What stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standstill {
    /// The process: what arrives waits in the sockets.
    Process,
    /// The machine: what arrives is lost.
    Machine,
}

/// How the wall clock is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// Forward by so much.
    Forward(Duration),
    /// Back by so much.
    Back(Duration),
}

/// What goes wrong in a hand-over, and at which step of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// Nothing.
    Nothing,
    /// The successor can't do its task.
    SuccessorFails(u8),
    /// The successor is killed.
    SuccessorIsKilled(u8),
    /// The successor hangs for longer than the old turno waits, and then goes on.
    SuccessorIsSilent(u8),
    /// The old turno is killed.
    OldIsKilled(u8),
}

/// How a connection is cut, and after which span its phone may open another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The phone closes it: what is on its way still arrives.
    Closed(Duration),
    /// It is reset: what is on its way is lost.
    Reset(Duration),
    /// What is on its way is lost, and turno is told late: a device between has forgotten the connection.
    Unnoticed(Duration),
}

/// One action. It names agents and callers by index, so that it keeps its meaning when other actions are left out. An
/// action that is no longer possible does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A caller dials.
    Arrives(Arrival),
    /// A contact without a call comes.
    Writes(Note),
    /// A caller hangs up, in any state of the call.
    CallerHangsUp(u32),
    /// A caller puts the call on hold.
    CallerHolds(u32),
    /// A caller comes back from hold.
    CallerResumes(u32),
    /// A caller presses a key.
    CallerPresses(u32, char),
    /// A caller's cable is pulled: the phone sends nothing any more.
    CallerVanishes(u32),
    /// A caller's network is cut off for a while.
    CallerCutOff(u32, Duration),
    /// The trunk is cut off for a while, with every caller on it.
    TrunkCutOff(Duration),
    /// An agent hangs up.
    AgentHangsUp(usize),
    /// An agent puts the caller on hold.
    AgentHolds(usize),
    /// An agent takes the caller back.
    AgentResumes(usize),
    /// An agent makes a blind transfer.
    AgentPasses(usize, Target),
    /// An agent calls somebody.
    AgentDials(usize, Target),
    /// An agent joins the first call with the last: an attended transfer.
    AgentJoins(usize),
    /// An agent asks for a state.
    AgentAsks(usize, StateRequest),
    /// An agent sits down at the desk of this index, counted from the last desk; `None`: leaves the seat.
    AgentSits(usize, Option<usize>),
    /// Somebody keys in extension and PIN at the desk of this index, counted from the last desk.
    KeysIn(usize, KeyedIn),
    /// An agent calls the agents' line from an ordinary telephone, keys in a PIN, and then codes that this number draws.
    CallsLine(KeyedIn, u64),
    /// The phone of an agent gets a lamp for what this number draws.
    Watches(usize, u64),
    /// An agent acts as a supervisor: observes a talk, changes how, or stops.
    Supervises(usize, Supervision),
    /// An agent asks something of the recording of the own talk.
    AgentRecords(usize, RecordingWish),
    /// An agent takes a break with the AUX reason of this index, and is ready again after this span.
    AgentBreaks(usize, u8, Duration),
    /// An agent's phone reacts to calls in this way from now on.
    AgentIs(usize, Temper),
    /// The phone of those who are called back reacts in this way from now on.
    CitizenIs(Temper),
    /// This one answers from now on where turno listens who does, and it is clear after this span.
    Answers(Answerer, Duration),
    /// An agent's phone loses power and all its state, and comes back after this span.
    AgentCrashes(usize, Duration),
    /// An agent's phone moves to another address and registers there; the old address is dead.
    AgentMoves(usize),
    /// An agent's phone unregisters, and registers again after this span.
    AgentUnregisters(usize, Duration),
    /// An agent's network is cut off for a while.
    AgentCutOff(usize, Duration),
    /// The weather changes.
    Changes(Weather),
    /// This many of the next media ports are taken by another program.
    PortsTaken(u32),
    /// No media port can be opened for this span: there are no file descriptors.
    DescriptorsRunOut(Duration),
    /// A stranger sends one of the last datagrams from an address of its own, with some bytes changed.
    Forges(u64),
    /// One of the last datagrams arrives again from its source, however old it is.
    Repeats(u64),
    /// The engine is killed at its next input, at this point of the step, and is down for this span.
    Dies(Crash, Duration),
    /// The machine restarts: as above, and afterwards only the wall clock tells how long it was down.
    MachineDies(Crash, Duration),
    /// Nothing can be written for this span.
    DiskFillsUp(Duration),
    /// Something of the journal is removed while the engine runs.
    DiskLoses(Loss),
    /// The engine stands still for this span: a machine that sleeps, a process that is stopped.
    StandsStill(Duration, Standstill),
    /// Somebody sets the machine's wall clock.
    ClockIsSet(Shift),
    /// The site's configuration is edited, and the engine takes the new plan.
    Edits(Edit),
    /// A successor takes over, unless this goes wrong.
    Renews(Mishap),
    /// The connection of an agent's phone is cut, if it has one.
    AgentConnectionCut(usize, Cut),
    /// A caller's connection is cut.
    CallerConnectionCut(u32, Cut),
    /// Every connection is cut at once.
    ConnectionsCut(Cut),
    /// An agent's phone that uses a connection closes it and is gone for good.
    AgentLeaves(usize),
    /// The same for a caller's phone.
    CallerLeaves(u32),
    /// Something happens to the page of an agent whose phone is in a browser.
    Page(usize, PageDeed),
}

impl Action {
    /// The caller of this action, if it has one.
    pub(crate) const fn caller_mut(&mut self) -> Option<&mut u32> {
        match self {
            Self::Arrives(arrival) => Some(&mut arrival.caller),
            Self::CallerHangsUp(caller)
            | Self::CallerHolds(caller)
            | Self::CallerResumes(caller)
            | Self::CallerPresses(caller, _)
            | Self::CallerVanishes(caller)
            | Self::CallerCutOff(caller, _)
            | Self::CallerConnectionCut(caller, _)
            | Self::CallerLeaves(caller) => Some(caller),
            Self::Writes(_)
            | Self::TrunkCutOff(_)
            | Self::AgentHangsUp(_)
            | Self::AgentHolds(_)
            | Self::AgentResumes(_)
            | Self::AgentPasses(..)
            | Self::AgentDials(..)
            | Self::AgentJoins(_)
            | Self::AgentAsks(..)
            | Self::AgentSits(..)
            | Self::KeysIn(..)
            | Self::CallsLine(..)
            | Self::Watches(..)
            | Self::Supervises(..)
            | Self::AgentRecords(..)
            | Self::AgentBreaks(..)
            | Self::AgentIs(..)
            | Self::CitizenIs(_)
            | Self::Answers(..)
            | Self::AgentCrashes(..)
            | Self::AgentMoves(_)
            | Self::AgentUnregisters(..)
            | Self::AgentCutOff(..)
            | Self::Changes(_)
            | Self::PortsTaken(_)
            | Self::DescriptorsRunOut(_)
            | Self::Forges(_)
            | Self::Repeats(_)
            | Self::Dies(..)
            | Self::MachineDies(..)
            | Self::DiskFillsUp(_)
            | Self::DiskLoses(_)
            | Self::StandsStill(..)
            | Self::ClockIsSet(_)
            | Self::Edits(_)
            | Self::Renews(_)
            | Self::AgentConnectionCut(..)
            | Self::ConnectionsCut(_)
            | Self::Page(..)
            | Self::AgentLeaves(_) => None,
        }
    }
}
