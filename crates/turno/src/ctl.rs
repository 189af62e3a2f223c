//! `turno ctl`: commands to a running turno, one for each thing that a supervisor or operator may ask for.

mod caller;
mod phone;
mod skill;

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use compact_str::CompactString;
use turno_control::{Answer, Request, listed_table, skill_table};
use turno_ground::Pii;
use turno_model::{ContactId, Done, Language, Newcomer, Spoken};

use crate::ctl::caller::CallerAct;
use crate::ctl::phone::PhoneAct;
use crate::ctl::skill::SkillAct;
use crate::ctl_words::{EmergencyAct, How, QueueAct, SilentChannel};
use crate::exit::Exit;
use crate::language::Wanted;
use crate::trace::asking::{Asked, Trouble};

/// Command a running turno: log agents in and out, set their states and seats, queue and end contacts, observe talks,
/// drain, stop.
#[derive(Args)]
pub(crate) struct Ctl {
    #[command(subcommand)]
    action: Action,
    /// The control socket of the turno that is asked; `serve` says it at its start.
    #[arg(long, value_name = "PATH", global = true)]
    control: Option<PathBuf>,
    /// Why, in a few words: for the record.
    #[arg(long, value_name = "TEXT", global = true)]
    why: Option<CompactString>,
    #[command(flatten)]
    language: Wanted,
}

#[derive(Subcommand)]
enum Action {
    /// Log an agent in.
    LogIn {
        /// The agent's extension.
        agent: CompactString,
    },
    /// Log an agent out; with a contact in hand, when it ends.
    LogOut {
        /// The agent's extension.
        agent: CompactString,
    },
    /// Make an agent available.
    Ready {
        /// The agent's extension.
        agent: CompactString,
    },
    /// Make an agent unavailable; with a contact in hand, when it ends.
    Aux {
        /// The agent's extension.
        agent: CompactString,
        /// A reason of the plan, such as `lunch`.
        reason: CompactString,
    },
    /// Ask for an agent's break in turns: the agent goes, or is told when their turn comes.
    AskBreak {
        /// The agent's extension.
        agent: CompactString,
        /// A reason of the plan, such as `lunch`.
        reason: CompactString,
    },
    /// End an agent's after-call work.
    EndAcw {
        /// The agent's extension.
        agent: CompactString,
    },
    /// Make an agent's timed after-call work longer, once, by its span.
    ExtendAcw {
        /// The agent's extension.
        agent: CompactString,
    },
    /// Ring an expert into an agent's talk.
    AskHelp {
        /// The extension of the agent who talks.
        agent: CompactString,
    },
    /// Give an agent's caller back to the queue, in the place of the arrival.
    Return {
        /// The extension of the agent who talks.
        agent: CompactString,
    },
    /// Ring somebody whom an agent consults about the talk; the caller hears music.
    Consult {
        /// The extension of the agent who talks.
        agent: CompactString,
        /// A colleague's extension, a queue, a dependency or a number.
        whom: CompactString,
    },
    /// Let an agent, the caller and who is consulted talk together.
    Conference {
        /// The extension of the agent who consults.
        agent: CompactString,
    },
    /// Leave an agent's caller to who is consulted.
    Complete {
        /// The extension of the agent who consults.
        agent: CompactString,
    },
    /// End a consultation: the agent is back with the caller.
    Back {
        /// The extension of the agent who consults.
        agent: CompactString,
    },
    #[command(flatten)]
    Phone(PhoneAct),
    /// Give an agent's last contact a wrap-up code.
    WrapUp {
        /// The agent's extension.
        agent: CompactString,
        /// A code of the plan.
        code: CompactString,
    },
    /// Put an agent at a free seat, where their calls ring from now on.
    Sit {
        /// The agent's extension.
        agent: CompactString,
        /// The seat's extension: a `[[seat]]`, or the own phone of an agent who has left it.
        seat: CompactString,
    },
    /// Take an agent from the seat: back to the own phone if that is another and free, and away from the own phone.
    Leave {
        /// The agent's extension.
        agent: CompactString,
    },
    /// Queue a contact that has no call, such as somebody to call back.
    Enqueue {
        /// How the contact comes.
        channel: SilentChannel,
        /// The queue's name in the plan.
        queue: CompactString,
        /// Who it is, such as a number or an address.
        from: CompactString,
    },
    /// Have an agent take the contact without a call that is offered to them.
    Take {
        /// The agent's extension.
        agent: CompactString,
    },
    /// Have an agent decline the contact without a call that is offered to them.
    Decline {
        /// The agent's extension.
        agent: CompactString,
    },
    /// End a contact without a call that an agent has in hand.
    Finish {
        /// The agent's extension.
        agent: CompactString,
        /// The contact's number.
        contact: u64,
    },
    /// Take a contact without a call out of its queue, as its person wants.
    Withdraw {
        /// The contact's number.
        contact: u64,
    },
    /// Ring a supervisor's phone for a contact's talk with an agent, and let them in when they answer.
    Observe {
        /// The supervisor's extension.
        supervisor: CompactString,
        /// The contact's number.
        contact: u64,
        /// What the supervisor does there.
        #[arg(long, default_value = "listen")]
        how: How,
    },
    /// Let a supervisor who observes a talk do something else there.
    ChangeObserving {
        /// The supervisor's extension.
        supervisor: CompactString,
        /// What the supervisor does from now on.
        how: How,
    },
    /// Let a supervisor who observes a talk go, or stop ringing.
    StopObserving {
        /// The supervisor's extension.
        supervisor: CompactString,
    },
    /// Let a supervisor who observes a talk take it over: they become the contact's agent, and the agent is released.
    TakeOver {
        /// The supervisor's extension.
        supervisor: CompactString,
    },
    /// Move a waiting contact to another queue, with the time that it has waited.
    Move {
        /// The contact's number.
        contact: u64,
        /// The queue's name in the plan.
        queue: CompactString,
    },
    /// Give a waiting contact another priority.
    Priority {
        /// The contact's number.
        contact: u64,
        /// 0 is normal, higher is served first.
        priority: u8,
    },
    /// End a waiting contact.
    End {
        /// The contact's number.
        contact: u64,
        /// What the caller hears first: a prompt that the plan names.
        #[arg(long)]
        prompt: Option<CompactString>,
    },
    /// Give a waiting contact to an agent: now if the agent is free, else as the next one, for ten minutes at most.
    Pull {
        /// The contact's number.
        contact: u64,
        /// The agent's extension; `none`: everybody may take the contact again.
        agent: CompactString,
    },
    /// Change an agent's skill for a queue for a time; without a level list the agent's skills, without an agent all changes.
    Skill(SkillAct),
    /// Open, pause or close a queue, until it is changed again; a restart and another plan keep it.
    Queue {
        /// The queue's name in the plan.
        queue: CompactString,
        /// What becomes of it.
        state: QueueAct,
    },
    /// Play a prompt to all callers who wait in a queue.
    Announce {
        /// The queue's name in the plan.
        queue: CompactString,
        /// A prompt that the plan names, such as `es/please_wait`.
        prompt: CompactString,
    },
    /// Ring a supervisor's phone, who then speaks live to all callers who wait in a queue.
    Speak {
        /// The queue's name in the plan.
        queue: CompactString,
        /// The supervisor's extension.
        supervisor: CompactString,
    },
    /// Switch the emergency announcement, which every caller hears before everything else, on or off.
    Emergency {
        /// Whether callers hear it.
        state: EmergencyAct,
        /// A prompt that the plan names, such as `es/emergency`; without it the one of `[emergency]`.
        prompt: Option<CompactString>,
    },
    /// Add a number to a list of callers who are preferred or not served, remove it, or list the numbers.
    #[command(subcommand)]
    Caller(CallerAct),
    /// Record an agent's talk from now on.
    Record {
        /// The agent's extension.
        agent: CompactString,
    },
    /// Pause the recording of an agent's talk: what is said meanwhile is silence in it.
    PauseRecording {
        /// The agent's extension.
        agent: CompactString,
    },
    /// Let the recording of an agent's talk go on.
    ResumeRecording {
        /// The agent's extension.
        agent: CompactString,
    },
    /// Take no new calls; turno ends when the last call ends.
    Drain,
    /// End all calls politely, and turno.
    Stop,
}

impl Action {
    /// The command, or a look at lists.
    fn spoken(self) -> Result<Spoken, Box<Request>> {
        Ok(match self {
            Self::LogIn { agent } => Spoken::LogIn(agent),
            Self::LogOut { agent } => Spoken::LogOut(agent),
            Self::Ready { agent } => Spoken::Ready(agent),
            Self::Aux { agent, reason } => Spoken::Aux(agent, reason),
            Self::AskBreak { agent, reason } => Spoken::AskBreak(agent, reason),
            Self::EndAcw { agent } => Spoken::EndAcw(agent),
            Self::ExtendAcw { agent } => Spoken::ExtendAcw(agent),
            Self::AskHelp { agent } => Spoken::Help(agent),
            Self::Return { agent } => Spoken::Return(agent),
            Self::Consult { agent, whom } => Spoken::Consult(agent, whom),
            Self::Conference { agent } => Spoken::Conference(agent),
            Self::Complete { agent } => Spoken::Complete(agent),
            Self::Back { agent } => Spoken::Back(agent),
            Self::Phone(act) => act.spoken(),
            Self::WrapUp { agent, code } => Spoken::WrapUp(agent, code),
            Self::Sit { agent, seat } => Spoken::Sit(agent, seat),
            Self::Leave { agent } => Spoken::Leave(agent),
            Self::Enqueue { channel, queue, from } => {
                Spoken::Enqueue(Newcomer::now(channel.into(), queue, Pii(from)))
            }
            Self::Take { agent } => Spoken::Take(agent),
            Self::Decline { agent } => Spoken::Decline(agent),
            Self::Finish { agent, contact } => Spoken::Finish(agent, ContactId(contact)),
            Self::Withdraw { contact } => Spoken::Withdraw(ContactId(contact)),
            Self::Observe { supervisor, contact, how } => {
                Spoken::Observe(supervisor, ContactId(contact), how.into())
            }
            Self::ChangeObserving { supervisor, how } => Spoken::ChangeObserving(supervisor, how.into()),
            Self::StopObserving { supervisor } => Spoken::StopObserving(supervisor),
            Self::TakeOver { supervisor } => Spoken::TakeOver(supervisor),
            Self::Move { contact, queue } => Spoken::Move(ContactId(contact), queue),
            Self::Pull { contact, agent } => {
                Spoken::Pull(ContactId(contact), Some(agent).filter(|agent| agent != "none"))
            }
            Self::Priority { contact, priority } => Spoken::Prioritise(ContactId(contact), priority),
            Self::End { contact, prompt } => Spoken::End(ContactId(contact), prompt),
            Self::Queue { queue, state } => Spoken::SetQueue(queue, state.into()),
            Self::Announce { queue, prompt } => Spoken::Announce(queue, prompt),
            Self::Speak { queue, supervisor } => Spoken::Speak(supervisor, queue),
            Self::Emergency { state: EmergencyAct::On, prompt } => Spoken::EmergencyOn(prompt),
            Self::Emergency { state: EmergencyAct::Off, prompt: _ } => Spoken::EmergencyOff,
            Self::Record { agent } => Spoken::Record(agent),
            Self::PauseRecording { agent } => Spoken::PauseRecording(agent),
            Self::ResumeRecording { agent } => Spoken::ResumeRecording(agent),
            Self::Caller(act) => return act.spoken().map_err(|ask| Box::new(Request::CallerLists(ask))),
            Self::Skill(act) => return act.spoken().map_err(|who| Box::new(Request::Skills(who))),
            Self::Drain => Spoken::Drain,
            Self::Stop => Spoken::Stop,
        })
    }
}

impl Ctl {
    /// Asks, and says what came of it.
    pub(crate) fn run(self) -> Exit {
        let language = self.language();
        match self.ask(language) {
            Ok(()) => Exit::Done,
            Err(trouble) => {
                complain!("turno: {}", trouble.sentence(language));
                trouble.exit()
            }
        }
    }

    /// The language that is asked for, else the site's, else that of the environment. The site is asked before the
    /// command, which may end turno.
    fn language(&self) -> Language {
        let asked = self.language.asked();
        asked.or_else(|| Asked::language(self.control.as_deref())).unwrap_or_else(Wanted::locale)
    }

    fn ask(self, language: Language) -> Result<(), Trouble> {
        let spoken = match self.action.spoken() {
            Ok(spoken) => spoken,
            Err(look) => return show(&look, self.control.as_deref(), language),
        };
        let request = match self.why {
            Some(why) => Request::ActWithReason(spoken, why.into()),
            None => Request::Act(spoken),
        };
        let mut asked = Asked::ask(self.control.as_deref(), &request)?;
        let line = match (asked.hear()?, language) {
            (Some(Answer::Done(Done::Now)), _) => language.say("done", "hecho").to_owned(),
            (Some(Answer::Done(Done::Afterwards)), Language::English) => {
                "accepted: takes effect when the contact or call in hand has ended".to_owned()
            }
            (Some(Answer::Done(Done::Afterwards)), Language::Spanish) => {
                "aceptado: se aplica cuando termine el contacto o la llamada en curso".to_owned()
            }
            (Some(Answer::Done(Done::Queued(contact))), Language::English) => {
                format!("queued as contact {}", contact.0)
            }
            (Some(Answer::Done(Done::Queued(contact))), Language::Spanish) => {
                format!("en cola como contacto {}", contact.0)
            }
            (Some(Answer::Done(Done::TurnAt(minute))), _) => {
                let words = language.say("the turn is at", "el turno es a las");
                format!("{words} {:02}:{:02}", minute / 60, minute % 60)
            }
            (other, _) => return Err(Trouble::of(other)),
        };
        writeln!(stdout(), "{line}").map_err(|_| Trouble::Closed)
    }
}

/// Shows a list.
fn show(look: &Request, control: Option<&Path>, language: Language) -> Result<(), Trouble> {
    let mut asked = Asked::ask(control, look)?;
    let text = match asked.hear()? {
        Some(Answer::CallerLists(rows)) if rows.is_empty() => {
            language.say("no number is listed\n", "ningún número consta\n").to_owned()
        }
        Some(Answer::CallerLists(rows)) => listed_table(&rows),
        Some(Answer::Skills(rows)) if rows.is_empty() => language
            .say("every skill is as planned\n", "todas las destrezas están como en el plan\n")
            .to_owned(),
        Some(Answer::Skills(rows)) => skill_table(&rows),
        other => return Err(Trouble::of(other)),
    };
    stdout().write_all(text.as_bytes()).map_err(|_| Trouble::Closed)
}
