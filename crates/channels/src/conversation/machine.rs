//! The table: what each event makes of each stage.

use serde::{Deserialize, Serialize};

use crate::conversation::stage::{Act, Effect, Event, NotNow, Rules, Silence, Stage};
use crate::time::Millis;

/// How soon an order that the engine refused, such as for a closed queue, is given again, in seconds.
const AGAIN_SECS: i64 = 60;

/// One conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// How far it is.
    pub stage: Stage,
    /// How many contacts it has had.
    pub round: u32,
    /// The clock of the first message of the present matter.
    pub first: Option<Millis>,
    /// When the person last wrote.
    pub wrote: Option<Millis>,
    /// The queue to which it was given; `None`: that of the channel.
    pub queue: Option<String>,
    /// Who had it last.
    pub agent: Option<String>,
}

impl Conversation {
    /// Takes an event and returns what is to be done. An event that means nothing at this stage changes nothing.
    ///
    /// # Errors
    /// [`NotNow`], for an agent's act alone; then nothing has changed.
    pub fn handle(&mut self, event: Event, rules: Rules, now: Millis) -> Result<Vec<Effect>, NotNow> {
        Ok(match event {
            Event::Message { wrote } => self.on_message(wrote, rules, now),
            Event::Lost { contact } => self.on_lost(contact, now),
            Event::Left => self.on_left(),
            Event::HandedOver => self.on_handed_over(now),
            Event::Resolved => {
                if self.stage == Stage::Bot {
                    self.stage = Stage::Done;
                }
                Vec::new()
            }
            Event::Queued { round, contact } => self.on_queued(round, contact),
            Event::NotQueued { round } => {
                if let Stage::Waiting { contact: None, again, .. } = &mut self.stage
                    && self.round == round
                {
                    *again = Some(now.plus_secs(AGAIN_SECS));
                }
                Vec::new()
            }
            Event::Offered { contact, agent } => self.on_offer(contact, Some(agent)),
            Event::NotTaken { contact } => self.on_offer(contact, None),
            Event::Taken { contact, agent } => self.on_taken(contact, agent, now),
            Event::Ended { contact } => self.on_ended(contact),
            Event::By(agent, act) => return self.on_act(agent, act, now),
            Event::Time => self.on_time(rules, now),
        })
    }

    fn on_message(&mut self, wrote: Millis, rules: Rules, now: Millis) -> Vec<Effect> {
        self.wrote = Some(now);
        match &mut self.stage {
            Stage::New => self.begin(wrote, rules, now),
            Stage::Done => {
                self.queue = None;
                self.begin(wrote, rules, now)
            }
            Stage::Bot => vec![Effect::AskBot],
            Stage::Waiting { .. } => Vec::new(),
            Stage::With { silence, .. } => {
                if let Silence::Person { .. } = silence {
                    *silence = Silence::Agent { since: now };
                }
                Vec::new()
            }
            Stage::Parked { agent, .. } => {
                let agent = agent.clone();
                self.first = Some(wrote);
                vec![self.line_up(Some(agent), false, now)]
            }
        }
    }

    /// A matter begins. Who was served by a person before goes to that person.
    fn begin(&mut self, wrote: Millis, rules: Rules, now: Millis) -> Vec<Effect> {
        self.first = Some(wrote);
        if rules.has_bot && self.agent.is_none() {
            self.stage = Stage::Bot;
            return vec![Effect::AskBot];
        }
        let agent = self.agent.clone();
        vec![self.line_up(agent, false, now)]
    }

    fn on_left(&mut self) -> Vec<Effect> {
        match &self.stage {
            Stage::New | Stage::Bot | Stage::Parked { .. } | Stage::Waiting { contact: None, .. } => {
                // A contact that is being queued is withdrawn when the engine answers.
                self.stage = Stage::Done;
                Vec::new()
            }
            Stage::Waiting { contact: Some(contact), .. } => {
                let effects = vec![Effect::Withdraw { contact: *contact }];
                self.stage = Stage::Done;
                effects
            }
            Stage::With { .. } | Stage::Done => Vec::new(),
        }
    }

    fn on_handed_over(&mut self, now: Millis) -> Vec<Effect> {
        match self.stage {
            Stage::New | Stage::Bot => vec![self.line_up(None, false, now)],
            Stage::Waiting { .. } | Stage::With { .. } | Stage::Parked { .. } | Stage::Done => Vec::new(),
        }
    }

    fn on_queued(&mut self, round: u32, queued: u64) -> Vec<Effect> {
        match &mut self.stage {
            Stage::Waiting { contact, again, .. } if self.round == round => {
                *again = None;
                contact.get_or_insert(queued);
                Vec::new()
            }
            // It was taken before the answer to the order was read.
            Stage::With { contact, .. } if *contact == queued => Vec::new(),
            Stage::New
            | Stage::Bot
            | Stage::Waiting { .. }
            | Stage::With { .. }
            | Stage::Parked { .. }
            | Stage::Done => vec![Effect::Withdraw { contact: queued }],
        }
    }

    fn on_offer(&mut self, of: u64, to: Option<String>) -> Vec<Effect> {
        if let Stage::Waiting { contact: Some(contact), offered, .. } = &mut self.stage
            && *contact == of
        {
            *offered = to;
        }
        Vec::new()
    }

    fn on_taken(&mut self, of: u64, agent: String, now: Millis) -> Vec<Effect> {
        if let Stage::Waiting { contact: Some(contact), .. } = self.stage
            && contact == of
        {
            self.agent = Some(agent.clone());
            self.stage = Stage::With { contact, agent, silence: Silence::Agent { since: now } };
        }
        Vec::new()
    }

    fn on_ended(&mut self, of: u64) -> Vec<Effect> {
        match self.stage {
            Stage::With { contact, .. } if contact == of => {
                self.stage = Stage::Done;
                Vec::new()
            }
            Stage::Waiting { contact: Some(contact), .. } if contact == of => {
                self.stage = Stage::Done;
                vec![Effect::TellNobody]
            }
            Stage::New
            | Stage::Bot
            | Stage::Waiting { .. }
            | Stage::With { .. }
            | Stage::Parked { .. }
            | Stage::Done => Vec::new(),
        }
    }

    /// The person stands in line again, in the old place, and the agent of before gets it if free.
    fn on_lost(&mut self, of: u64, now: Millis) -> Vec<Effect> {
        if self.contact() != Some(of) {
            return Vec::new();
        }
        let agent = if let Stage::With { agent, .. } = &self.stage { Some(agent.clone()) } else { None };
        vec![self.line_up(agent, false, now)]
    }

    fn on_act(&mut self, by: String, act: Act, now: Millis) -> Result<Vec<Effect>, NotNow> {
        if act == Act::Resume {
            return match &self.stage {
                Stage::Parked { agent, .. } if *agent == by => Ok(vec![self.line_up(Some(by), true, now)]),
                Stage::Parked { .. } => Err(NotNow::NotYours),
                Stage::New | Stage::Bot | Stage::Waiting { .. } | Stage::With { .. } | Stage::Done => {
                    Err(NotNow::NotParked)
                }
            };
        }
        let Stage::With { contact, agent, silence } = &mut self.stage else { return Err(NotNow::NotYours) };
        if *agent != by {
            return Err(NotNow::NotYours);
        }
        let over = |code| Effect::Finish { contact: *contact, agent: by.clone(), code };
        Ok(match act {
            Act::Reply => {
                *silence = Silence::Person { since: now, asked: false };
                Vec::new()
            }
            Act::Park(until) => {
                let effects = vec![over(None)];
                self.stage = Stage::Parked { until, agent: by };
                effects
            }
            Act::Finish(code) => {
                let effects = vec![over(code)];
                self.stage = Stage::Done;
                effects
            }
            Act::ToQueue(queue) => {
                let finish = over(None);
                self.queue = Some(queue);
                vec![finish, self.line_up(None, false, now)]
            }
            Act::ToAgent(to) => {
                let finish = over(None);
                vec![finish, self.line_up(Some(to), true, now)]
            }
            Act::Resume => Vec::new(),
        })
    }

    fn on_time(&mut self, rules: Rules, now: Millis) -> Vec<Effect> {
        if self.due(rules).is_none_or(|due| due > now) {
            return Vec::new();
        }
        match &mut self.stage {
            Stage::New | Stage::Done => Vec::new(),
            Stage::Bot => {
                self.stage = Stage::Done;
                Vec::new()
            }
            Stage::Waiting { .. } => vec![self.line_up(None, false, now)],
            Stage::Parked { agent, .. } => {
                let agent = agent.clone();
                self.first = Some(now);
                vec![self.line_up(Some(agent), false, now)]
            }
            Stage::With { silence: Silence::Person { asked: asked @ false, since }, .. } => {
                (*asked, *since) = (true, now);
                vec![Effect::AskPerson]
            }
            Stage::With { contact, agent, silence: Silence::Person { .. } } => {
                let finish = Effect::Finish { contact: *contact, agent: agent.clone(), code: None };
                self.stage = Stage::Done;
                vec![Effect::TellClosed, finish]
            }
            Stage::With { contact, agent, silence: Silence::Agent { .. } } => {
                let finish = Effect::Finish { contact: *contact, agent: agent.clone(), code: None };
                vec![finish, Effect::TellGivenBack, self.line_up(None, false, now)]
            }
        }
    }

    /// It joins a line, in the place of its first message.
    fn line_up(&mut self, prefer: Option<String>, is_theirs: bool, now: Millis) -> Effect {
        self.round += 1;
        self.stage = Stage::Waiting { contact: None, offered: None, again: None };
        let since = *self.first.get_or_insert(now);
        Effect::Enqueue { round: self.round, queue: self.queue.clone(), since, prefer, is_theirs }
    }

    /// When [`Event::Time`] is due.
    #[must_use]
    pub fn due(&self, rules: Rules) -> Option<Millis> {
        match &self.stage {
            Stage::New | Stage::Done => None,
            Stage::Bot => self.wrote.map(|wrote| wrote.plus_secs(rules.bot_secs)),
            Stage::Waiting { again, .. } => *again,
            Stage::Parked { until, .. } => Some(*until),
            Stage::With { silence: Silence::Agent { since }, .. } => {
                rules.give_back_secs.map(|secs| since.plus_secs(secs))
            }
            Stage::With { silence: Silence::Person { since, asked: false }, .. } => {
                rules.ask_secs.map(|secs| since.plus_secs(secs))
            }
            Stage::With { silence: Silence::Person { since, asked: true }, .. } => {
                Some(since.plus_secs(rules.close_secs))
            }
        }
    }

    /// The contact in the room.
    #[must_use]
    pub const fn contact(&self) -> Option<u64> {
        match &self.stage {
            Stage::Waiting { contact, .. } => *contact,
            Stage::With { contact, .. } => Some(*contact),
            Stage::New | Stage::Bot | Stage::Parked { .. } | Stage::Done => None,
        }
    }

    /// The agent who has it, has laid it aside, or to whom it is offered.
    #[must_use]
    pub fn holder(&self) -> Option<&str> {
        match &self.stage {
            Stage::Waiting { offered, .. } => offered.as_deref(),
            Stage::With { agent, .. } | Stage::Parked { agent, .. } => Some(agent),
            Stage::New | Stage::Bot | Stage::Done => None,
        }
    }
}
