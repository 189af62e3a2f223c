//! Actions in words, one line for each, as `turno sim` prints them. Agents, callers, queues and numbers are counted from 0.

use core::fmt;
use core::time::Duration;

use turno_model::Observing;

use crate::action::{
    Action, Arrival, Cut, Loss, Mishap, Note, RecordingWish, Shift, Standstill, StateRequest, Supervision,
    Target, Temper,
};
use crate::agent_deed::KeyedIn;
use crate::death::Crash;
use crate::edit::Edit;
use crate::network::Weather;

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arrives(arrival) => arrival.fmt(f),
            Self::Writes(note) => note.fmt(f),
            Self::CallerHangsUp(caller) => write!(f, "caller {caller} hangs up"),
            Self::CallerHolds(caller) => write!(f, "caller {caller} puts the call on hold"),
            Self::CallerResumes(caller) => write!(f, "caller {caller} ends the hold"),
            Self::CallerPresses(caller, key) => write!(f, "caller {caller} presses {key}"),
            Self::CallerVanishes(caller) => write!(f, "caller {caller} loses power"),
            Self::CallerCutOff(caller, span) => write!(f, "caller {caller} has no network for {span:?}"),
            Self::TrunkCutOff(span) => write!(f, "the trunk has no network for {span:?}"),
            Self::AgentHangsUp(agent) => write!(f, "agent {agent} hangs up"),
            Self::AgentHolds(agent) => write!(f, "agent {agent} puts the caller on hold"),
            Self::AgentResumes(agent) => write!(f, "agent {agent} ends the hold"),
            Self::AgentPasses(agent, target) => write!(f, "agent {agent} transfers the call to {target}"),
            Self::AgentDials(agent, target) => write!(f, "agent {agent} calls {target}"),
            Self::AgentJoins(agent) => write!(f, "agent {agent} joins the first call with the last"),
            Self::AgentAsks(agent, request) => write!(f, "agent {agent} asks {request}"),
            Self::AgentSits(agent, None) => write!(f, "agent {agent} leaves the seat"),
            Self::AgentSits(agent, Some(desk)) => {
                write!(f, "agent {agent} sits down at desk {desk}, counted from the last")
            }
            Self::Watches(agent, _) => write!(f, "the phone of agent {agent} gets a lamp"),
            Self::KeysIn(desk, keys) => write!(f, "at desk {desk}, counted from the last, {keys}"),
            Self::CallsLine(keys, _) => write!(f, "at the agents' line {keys}"),
            Self::AgentRecords(agent, wish) => write!(f, "agent {agent} {wish}"),
            Self::Supervises(agent, supervision) => write!(f, "agent {agent} {supervision}"),
            Self::AgentBreaks(agent, why, span) => write!(f, "agent {agent} is in AUX {why} for {span:?}"),
            Self::AgentIs(agent, temper) => write!(f, "the phone of agent {agent} {temper} from now on"),
            Self::Answers(who, after) => {
                write!(f, "{who:?} answers dials ahead, as is clear after {after:?}")
            }
            Self::CitizenIs(temper) => write!(f, "the phone of a citizen {temper} from now on"),
            Self::AgentCrashes(agent, span) => write!(f, "agent {agent}'s phone has no power for {span:?}"),
            Self::AgentMoves(agent) => write!(f, "the phone of agent {agent} moves to another address"),
            Self::AgentUnregisters(agent, span) => {
                write!(f, "agent {agent}'s phone unregisters for {span:?}")
            }
            Self::AgentCutOff(agent, span) => write!(f, "agent {agent} has no network for {span:?}"),
            Self::Changes(weather) => write!(f, "the network changes: {weather}"),
            Self::PortsTaken(many) => write!(f, "another program takes the next {many} media ports"),
            Self::DescriptorsRunOut(span) => write!(f, "no media port can be opened for {span:?}"),
            Self::Forges(_) => write!(f, "a stranger sends an earlier datagram with some bytes changed"),
            Self::Repeats(_) => write!(f, "an earlier datagram arrives again"),
            Self::Dies(crash, span) => write!(f, "the engine is killed {crash}, and is down for {span:?}"),
            Self::MachineDies(crash, span) => {
                write!(f, "the machine restarts {crash}, and is down for {span:?}")
            }
            Self::DiskFillsUp(span) => write!(f, "the disk is full for {span:?}"),
            Self::DiskLoses(loss) => write!(f, "the disk loses {loss}"),
            Self::StandsStill(span, Standstill::Process) => {
                write!(f, "the process stands still for {span:?}")
            }
            Self::StandsStill(span, Standstill::Machine) => {
                write!(f, "the machine stands still for {span:?}")
            }
            Self::ClockIsSet(Shift::Forward(span)) => write!(f, "the wall clock is set forward by {span:?}"),
            Self::ClockIsSet(Shift::Back(span)) => write!(f, "the wall clock is set back by {span:?}"),
            Self::Edits(edit) => write!(f, "the site is edited: {edit}"),
            Self::Renews(mishap) => write!(f, "a successor takes over; {mishap}"),
            Self::AgentConnectionCut(agent, cut) => write!(f, "the connection of agent {agent} {cut}"),
            Self::CallerConnectionCut(caller, cut) => write!(f, "the connection of caller {caller} {cut}"),
            Self::ConnectionsCut(cut) => write!(f, "every connection {cut}"),
            Self::AgentLeaves(agent) => {
                write!(f, "the phone of agent {agent} closes its connection for good")
            }
            Self::Page(agent, deed) => write!(f, "the page of agent {agent} {deed}"),
            Self::CallerLeaves(caller) => {
                write!(f, "the phone of caller {caller} closes its connection for good")
            }
        }
    }
}

impl fmt::Display for RecordingWish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Record => "asks for a recording",
            Self::Pause => "pauses the recording",
            Self::Resume => "lets the recording go on",
            Self::Purge => "deletes the recordings that are due",
        })
    }
}

impl fmt::Display for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { caller, number, key, patience, talk, redials, late_offer } = self;
        write!(f, "caller {caller} dials number {number}")?;
        if *late_offer {
            write!(f, " without an SDP offer")?;
        }
        if let Some((key, after)) = key {
            write!(f, ", presses {key} after {after:?}")?;
        }
        waits(f, *patience)?;
        write!(f, ", talks for {talk:?}")?;
        match redials {
            (0, _) => Ok(()),
            (many, after) => write!(f, ", dials again up to {many} times, {after:?} later"),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { channel, queue, patience, work } = self;
        write!(f, "a contact without a call ({channel:?}) comes for queue {queue}")?;
        waits(f, *patience)?;
        write!(f, ", is work for {work:?}")
    }
}

fn waits(f: &mut fmt::Formatter<'_>, patience: Option<Duration>) -> fmt::Result {
    patience.map_or(Ok(()), |span| write!(f, ", waits up to {span:?}"))
}

impl fmt::Display for Temper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prompt(span) => write!(f, "answers after {span:?}"),
            Self::Slow => write!(f, "rings and never answers"),
            Self::Silent => write!(f, "receives and sends nothing"),
            Self::Refusing(status) => write!(f, "refuses calls with {status}"),
            Self::Twice(span) => write!(f, "answers twice after {span:?}"),
        }
    }
}

impl fmt::Display for KeyedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { agent, wrong, is_right, stops_after } = self;
        let last = if *is_right { "right" } else { "wrong" };
        write!(f, "somebody keys in the PIN of agent {agent}, wrong {wrong} times and then {last}")?;
        stops_after.map_or(Ok(()), |keys| write!(f, ", and hangs up after {keys} keys"))
    }
}

impl fmt::Display for StateRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LogIn => write!(f, "to be logged in"),
            Self::LogOut => write!(f, "to be logged out"),
            Self::Ready => write!(f, "to be ready"),
            Self::Aux(reason) => write!(f, "for AUX with reason {reason}"),
            Self::EndAcw => write!(f, "for the end of after-call work"),
            Self::ExtendAcw => write!(f, "for longer after-call work"),
            Self::Help => write!(f, "for help"),
            Self::Return => write!(f, "for the caller to go back to the queue"),
            Self::Consult(whom) => write!(f, "for a word with {whom:?}"),
            Self::Conference => write!(f, "for a talk of three"),
            Self::Complete => write!(f, "to leave the caller to the colleague"),
            Self::Back => write!(f, "to be back with the caller"),
            Self::Steer(steering) => write!(f, "the phone for {steering:?}"),
        }
    }
}

impl fmt::Display for Supervision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = |observing: &Observing| match observing {
            Observing::Listen => "to listen",
            Observing::Whisper => "to whisper to the agent",
            Observing::Barge => "to speak to both",
        };
        match self {
            Self::Begin(observing, _) => write!(f, "begins to observe a talk, {}", way(observing)),
            Self::Change(observing) => write!(f, "changes how to observe: {}", way(observing)),
            Self::Stop => write!(f, "stops observing"),
            Self::TakeOver => write!(f, "takes the talk over"),
            Self::Dial(code, _) => write!(f, "dials {code:?} with the extension of an agent who talks"),
            Self::Move(_, queue) => write!(f, "moves a waiting contact to queue {queue}"),
            Self::Prioritise(_, priority) => write!(f, "gives a waiting contact priority {priority}"),
            Self::Pull(_, agent) => write!(f, "gives a waiting contact to agent {agent}"),
            Self::Skill(agent, queue, to, span) => {
                write!(f, "changes the skill of agent {agent} for queue {queue} to {to:?} for {span:?}")
            }
            Self::PullBack(_) => write!(f, "lets everybody take a waiting contact again"),
            Self::End(_) => write!(f, "ends a waiting contact"),
            Self::Turn(queue, state) => write!(f, "sets queue {queue} to {state:?}"),
            Self::Announce(queue) => write!(f, "plays a prompt to those who wait in queue {queue}"),
            Self::Speak(queue) => write!(f, "wants to speak to those who wait in queue {queue}"),
            Self::DialToSpeak(queue) => write!(f, "dials to speak to those who wait in queue {queue}"),
            Self::EmergencyOn => write!(f, "switches the emergency announcement on"),
            Self::EmergencyOff => write!(f, "switches the emergency announcement off"),
            Self::List(caller, list, span) => {
                write!(f, "puts the number of caller {caller} on list {list} for {span:?}")
            }
            Self::Unlist(caller, list) => write!(f, "takes the number of caller {caller} from list {list}"),
            Self::Press(key) => write!(f, "presses {key} while observing"),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agent(agent) => write!(f, "agent {agent}"),
            Self::Number(number) => write!(f, "number {number}"),
            Self::Nobody => write!(f, "a number that is nobody's"),
            Self::Survey => write!(f, "the survey"),
            Self::Dependency(place) => write!(f, "dependency {place}"),
        }
    }
}

impl fmt::Display for Crash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BeforeWriting => write!(f, "before a step is written"),
            Self::Writing(bytes) => write!(f, "after {bytes} bytes of a step are written"),
            Self::AfterWriting => write!(f, "after a step is written, before anything is sent"),
            Self::Sending(many) => write!(f, "after {many} outputs of a step are sent"),
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder => "the journal's folder",
            Self::FolderForAnother => "the journal's folder, and has an empty one in its place",
            Self::Segment => "the journal's current segment",
            Self::SegmentIsCut => "most bytes of the journal's current segment",
            Self::Checkpoint => "the journal's newest checkpoint",
        })
    }
}

impl fmt::Display for Mishap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => write!(f, "nothing goes wrong"),
            Self::SuccessorFails(step) => write!(f, "it fails in step {step} of the hand-over"),
            Self::SuccessorIsKilled(step) => write!(f, "it is killed in step {step} of the hand-over"),
            Self::SuccessorIsSilent(step) => write!(f, "it hangs in step {step} of the hand-over"),
            Self::OldIsKilled(step) => write!(f, "the old one is killed in step {step} of the hand-over"),
        }
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(span) => write!(f, "is closed by the phone; another may follow after {span:?}"),
            Self::Reset(span) => write!(f, "is reset; another may follow after {span:?}"),
            Self::Unnoticed(span) => write!(f, "breaks unnoticed; another may follow after {span:?}"),
        }
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AgentGoes(agent) => write!(f, "agent {agent} leaves the plan"),
            Self::AgentComes => write!(f, "an agent joins the plan"),
            Self::Skill(agent, queue, Some(level)) => {
                write!(f, "agent {agent} gets the skill of queue {queue} at level {level}")
            }
            Self::Skill(agent, queue, None) => write!(f, "agent {agent} loses the skill of queue {queue}"),
            Self::Setting(mutation) => mutation.fmt(f),
            Self::QueueComes(queue) => write!(f, "a new queue, a copy of queue {queue}"),
            Self::QueueGoes(queue) => write!(f, "queue {queue} is removed"),
        }
    }
}

impl fmt::Display for Weather {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { loss, doubling, late } = self;
        if !self.is_bad() {
            return f.write_str("it loses, doubles and delays nothing");
        }
        write!(f, "{loss} % of datagrams are lost, {doubling} % arrive twice")?;
        if late.is_zero() { Ok(()) } else { write!(f, ", up to {late:?} late") }
    }
}

#[cfg(test)]
#[path = "action_text_tests.rs"]
mod tests;
