//! What people, phones and the network may do at a stated moment.

use core::time::Duration;

use turno_model::{Channel, Observing};

use crate::edit::Edit;
use crate::network::Weather;

/// How a phone meets a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temper {
    /// Rings so long, then answers.
    Prompt(Duration),
    /// Rings on.
    Slow,
    /// Hears nothing, says nothing.
    Silent,
    /// Refuses at once with this status.
    Refusing(u16),
    /// Rings so long, then answers twice: a second 200 with another tag, as a forking proxy brings it.
    Twice(Duration),
}

/// A caller comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Which caller, counted from 0.
    pub caller: u32,
    /// Which number is dialled, by place in the plan.
    pub number: usize,
    /// The key pressed in a menu, and how long after the dialling.
    pub key: Option<(char, Duration)>,
    /// How long the caller stands in line before giving up; `None`: for ever.
    pub patience: Option<Duration>,
    /// How long the caller talks with an agent.
    pub talk: Duration,
    /// Who has given up or was refused dials again after this span, so many times.
    pub redials: (u8, Duration),
    /// The INVITE brings no offer.
    pub late_offer: bool,
}

/// Somebody comes without a call: to be called back, or with something to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// By which way.
    pub channel: Channel,
    /// To which queue, by place in the plan.
    pub queue: usize,
    /// How long its writer waits, whatever has become of it; `None`: for ever.
    pub patience: Option<Duration>,
    /// How long an agent is busy with it.
    pub work: Duration,
}

/// Something that an agent asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To be logged in.
    LogIn,
    /// To be logged out.
    LogOut,
    /// To be ready.
    Ready,
    /// Not to be ready, for the reason at this place.
    Aux(u8),
    /// The end of after-call work.
    EndAcw,
}

/// What a supervisor asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supervision {
    /// To observe one of the talks, drawn by this number; a talk that is not where nobody talks.
    Begin(Observing, u64),
    /// To observe in another way.
    Change(Observing),
    /// To leave.
    Stop,
}

/// Whom an agent calls or passes a caller on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The agent at this place among those who work.
    Agent(usize),
    /// The line's own number at this place.
    Number(usize),
    /// A number that does not exist.
    Nobody,
}

/// At which point of a step the engine is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    /// Before anything of the step is written.
    BeforeWriting,
    /// While it is written: so many bytes are on the disk.
    Writing(u16),
    /// When it is written, and nothing has left.
    AfterWriting,
    /// When so many of its messages and commands have left.
    Sending(u8),
}

/// What is taken from the disk while the engine writes on, as into a file without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The journal's folder.
    Folder,
    /// The same, and an empty one stands in its place.
    FolderForAnother,
    /// The segment that is written.
    Segment,
    /// Most of its bytes.
    SegmentIsCut,
    /// The newest checkpoint.
    Checkpoint,
}

/// What stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standstill {
    /// The process: what arrives waits for it in the sockets.
    Process,
    /// The machine: what arrives is lost.
    Machine,
}

/// How the clock on the wall is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// Forward by so much.
    Forward(Duration),
    /// Back by so much.
    Back(Duration),
}

/// What goes wrong in a hand-over, at the moment with this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// Nothing.
    Nothing,
    /// The successor can't do what it has to.
    SuccessorFails(u8),
    /// The successor is killed.
    SuccessorIsKilled(u8),
    /// The successor stands still for longer than the old turno waits, and then goes on.
    SuccessorIsSilent(u8),
    /// The old turno is killed.
    OldIsKilled(u8),
}

/// How a connection is cut, and after which span its phone may open another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The phone closes it: whatever is on its way arrives.
    Closed(Duration),
    /// It is reset: whatever is on its way is lost.
    Reset(Duration),
    /// Whatever is on its way is lost, and turno hears of it late: something between has forgotten the connection.
    Unnoticed(Duration),
}

/// One thing that happens. Agents and callers are named by place, so that a deed keeps its meaning when others are
/// left out; a deed whose time has passed it by does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Somebody dials.
    Arrives(Arrival),
    /// Somebody comes without a call.
    Writes(Note),
    /// A caller hangs up, wherever the call is.
    CallerHangsUp(u32),
    /// A caller puts the line on hold.
    CallerHolds(u32),
    /// A caller comes back from hold.
    CallerResumes(u32),
    /// A caller presses a key.
    CallerPresses(u32, char),
    /// A caller's cable is pulled: no word any more.
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
    /// An agent passes the caller on without asking.
    AgentPasses(usize, Target),
    /// An agent calls somebody.
    AgentDials(usize, Target),
    /// An agent joins the first call with the last.
    AgentJoins(usize),
    /// An agent asks for a state.
    AgentAsks(usize, Wish),
    /// An agent sits down at the desk at this place, counted from the last, or leaves the seat.
    AgentSits(usize, Option<usize>),
    /// An agent supervises: asks to observe a talk, or what follows from it.
    Supervises(usize, Supervision),
    /// An agent takes a break for the reason at this place, and is ready again so long after it began.
    AgentBreaks(usize, u8, Duration),
    /// An agent's phone meets calls otherwise from now on.
    AgentIs(usize, Temper),
    /// An agent's phone loses its power, and all it knew, and comes back after this span.
    AgentCrashes(usize, Duration),
    /// An agent's phone appears at another address and registers there; the old one is gone.
    AgentMoves(usize),
    /// An agent's phone takes its registration back, and registers again after this span.
    AgentUnregisters(usize, Duration),
    /// An agent's network is cut off for a while.
    AgentCutOff(usize, Duration),
    /// The weather changes.
    Changes(Weather),
    /// So many of the next media ports belong to another program.
    PortsTaken(u32),
    /// No media port can be opened for so long: there are no descriptors.
    DescriptorsRunOut(Duration),
    /// A stranger repeats one of the last datagrams from an address of its own, with some bytes changed.
    Forges(u64),
    /// One of the last datagrams arrives once more from where it came, however old it is.
    Repeats(u64),
    /// The engine is killed over its next input, at this point of the step, and is gone for so long.
    Dies(Crash, Duration),
    /// The same with the machine under it: when it is up again, only the clock on the wall knows how long that was.
    MachineDies(Crash, Duration),
    /// Nothing can be written for so long.
    DiskFillsUp(Duration),
    /// Something of the journal is taken away behind the engine's back.
    DiskLoses(Loss),
    /// The engine stands still for so long: a machine that sleeps, a process that is stopped.
    StandsStill(Duration, Standstill),
    /// Somebody sets the machine's clock on the wall.
    ClockIsSet(Shift),
    /// The site is edited, and the engine works by it from then on.
    Edits(Edit),
    /// A successor takes over, unless this goes wrong.
    Renews(Mishap),
    /// The connection of an agent's phone is cut, if it has one.
    AgentConnectionCut(usize, Cut),
    /// A caller's connection is cut.
    CallerConnectionCut(u32, Cut),
    /// Every connection is cut at once.
    ConnectionsCut(Cut),
    /// An agent's phone that speaks over a connection closes it and is gone for good.
    AgentLeaves(usize),
    /// The same of a caller's.
    CallerLeaves(u32),
}

impl Action {
    /// The caller whom it is about, if it is about one.
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
            | Self::Supervises(..)
            | Self::AgentBreaks(..)
            | Self::AgentIs(..)
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
            | Self::AgentLeaves(_) => None,
        }
    }
}
