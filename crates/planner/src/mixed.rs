//! A day of calls, chats, WhatsApp conversations and e-mails with the same people, once in silos and once in one room.
//!
//! The room is the one that routes real contacts. An e-mail is read when nothing else is in hand: its clock stops while a call or
//! a conversation takes the agent's attention. Conversations beside each other go on at once, since most of their time is the
//! other person's; a call takes an agent alone, and conversations that the agent has already stop meanwhile.

use core::cmp::Reverse;
use core::time::Duration;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use turno_acd::{Arrival, Room, RoomOutput};
use turno_ground::{Moment, Rng};
use turno_model::plan::{AcwPlan, AnswerWithin};
use turno_model::{AgentId, Channel, ContactId, EndedBy, Fact, Plan, QueueId, SkillId};

use crate::arrivals::{Shape, Spans};

/// The channels of a mixed day, each with a queue of its own, in this order.
pub const MIXED: [Channel; 4] = [Channel::Voice, Channel::Chat, Channel::WhatsApp, Channel::Email];

/// How a team takes the channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Team {
    /// Each agent takes one channel; how many take which follows the work.
    Silos,
    /// Everybody takes everything, the longest wait first.
    ByWait,
    /// Everybody takes everything, the earliest deadline first, and what is written spreads over everybody.
    ByDeadline,
    /// The same, with as many agents kept for callers as the plan says.
    Keeping,
    /// The same, and who has a conversation or two is offered calls when nobody else is free: the conversations wait.
    Interrupted,
}

impl Team {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Silos, Self::ByWait, Self::ByDeadline, Self::Keeping, Self::Interrupted];
}

/// The load of a mixed day. Opening hours are 08:00 to 16:30.
#[derive(Clone, Debug)]
pub struct MixedLoad {
    /// Contacts by channel, in the order of [`MIXED`].
    pub contacts: [usize; 4],
    /// How many agents.
    pub agents: u32,
    /// How long one is handled, likewise.
    pub handling: [Spans; 4],
    /// How long one waits before giving up; `None`: for ever.
    pub patience: [Option<Spans>; 4],
    /// Within which span each should be answered, from which the target of the figures is taken too.
    pub within: [Duration; 4],
}

impl Default for MixedLoad {
    /// 1,400 calls of three minutes, 400 chats of seven, 150 WhatsApp conversations of ten and 90 e-mails of six, 20 agents.
    /// Targets: 20 s, one minute, ten minutes, four hours.
    fn default() -> Self {
        let mean = |secs: u64| Spans::LogNormal(Duration::from_secs(secs), 0.98);
        let patience = |secs: u64| Some(Spans::Observed(Duration::from_secs(secs)));
        Self {
            contacts: [1_400, 400, 150, 90],
            agents: 20,
            handling: [mean(180), mean(420), mean(600), mean(360)],
            patience: [patience(300), patience(600), None, None],
            within: [20, 60, 600, 4 * 3_600].map(Duration::from_secs),
        }
    }
}

/// What came of one channel.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ChannelFigures {
    /// Contacts that came.
    pub came: u64,
    /// Those that were answered before the day ended.
    pub answered: u64,
    /// Those that were answered within the target.
    pub in_time: u64,
    /// The sum of the waits of those who were answered, in seconds.
    pub waited: f64,
    /// The longest of these waits.
    pub longest: f64,
    /// For how long agents who had them did something more urgent, in seconds, of those whose handling has ended.
    pub put_aside: f64,
}

impl ChannelFigures {
    /// Adds another day's.
    pub fn add(&mut self, other: &Self) {
        self.came += other.came;
        self.answered += other.answered;
        self.in_time += other.in_time;
        self.waited += other.waited;
        self.longest = self.longest.max(other.longest);
        self.put_aside += other.put_aside;
    }
}

const OPENS: u32 = 8 * 60;
const LASTS: Duration = Duration::from_secs(8 * 3_600 + 1_800);

/// Lives through a day with this seed; the same seed brings the same contacts to each team. Only the plan's first queue and first
/// agent are taken, as patterns.
///
/// # Panics
/// If the plan has no queue or no agent.
pub fn mixed_day(plan: &Plan, load: &MixedLoad, team: Team, seed: u64) -> [ChannelFigures; 4] {
    let mut day = Day::new(Arc::new(mixed_plan(plan, load, team)), load, seed);
    while let Some(Reverse((at, _, happens))) = day.next.pop() {
        if at > day.begin + LASTS {
            break;
        }
        day.now = at;
        day.room.handle_deadlines(at);
        day.on(happens);
        day.drain();
    }
    day.figures
}

/// How many agents each channel gets in silos: one each, the others where most work is for each of them.
fn shares(load: &MixedLoad) -> [u32; 4] {
    let work: Vec<f64> = (0..4)
        .map(|kind| {
            // Three conversations at once are a third of an agent each.
            let at_once = if matches!(MIXED[kind], Channel::Chat | Channel::WhatsApp) { 3.0 } else { 1.0 };
            load.contacts[kind] as f64 * load.handling[kind].mean().as_secs_f64() / at_once
        })
        .collect();
    let mut agents = [1u32; 4];
    for _ in 4..load.agents {
        let busiest = (0..4).max_by(|one, other| {
            (work[*one] / f64::from(agents[*one])).total_cmp(&(work[*other] / f64::from(agents[*other])))
        });
        agents[busiest.unwrap_or(0)] += 1;
    }
    agents
}

fn mixed_plan(plan: &Plan, load: &MixedLoad, team: Team) -> Plan {
    let mut mixed = plan.clone();
    let queue = mixed.queues.first().cloned().expect("a plan has a queue");
    let agent = mixed.agents.first().cloned().expect("a plan has an agent");
    let skills = [0, 1, 2, 3].map(SkillId);
    mixed.skills = MIXED.iter().map(|channel| format!("{channel:?}")).collect();
    mixed.queues = MIXED
        .iter()
        .zip(skills)
        .map(|(channel, skill)| {
            let mut queue = queue.clone();
            queue.name = format!("{channel:?}");
            queue.skill = skill;
            queue.acw = AcwPlan::Timed(Duration::ZERO);
            queue.wait_max = None;
            queue.length_max = u32::MAX;
            queue.handling_target = Duration::ZERO;
            queue.steps.clear();
            queue
        })
        .collect();
    let silos = shares(load);
    let silo_of = |place: u32| {
        let mut upto = 0;
        silos.iter().position(|count| {
            upto += count;
            place < upto
        })
    };
    mixed.agents = (0..load.agents)
        .map(|place| {
            let mut agent = agent.clone();
            agent.name = format!("agent {place}");
            agent.skills = match team {
                Team::Silos => silo_of(place).map(|kind| (skills[kind], 1)).into_iter().collect(),
                Team::ByWait | Team::ByDeadline | Team::Keeping | Team::Interrupted => {
                    skills.map(|skill| (skill, 1)).to_vec()
                }
            };
            agent
        })
        .collect();
    let [_, chat, whatsapp, email] = load.within;
    mixed.room.answer_within = match team {
        Team::ByDeadline | Team::Keeping | Team::Interrupted => AnswerWithin { chat, whatsapp, email },
        Team::Silos | Team::ByWait => {
            AnswerWithin { chat: Duration::ZERO, whatsapp: Duration::ZERO, email: Duration::ZERO }
        }
    };
    mixed.written.chat = Some(mixed.queues[1].name.clone());
    mixed.written.whatsapp = Some(mixed.queues[2].name.clone());
    mixed.written.email = Some(mixed.queues[3].name.clone());
    mixed.numbers.clear();
    mixed.menus.clear();
    match team {
        Team::Silos | Team::ByWait | Team::ByDeadline => mixed.room.keep_for_calls = 0,
        Team::Keeping => {}
        Team::Interrupted => mixed.room.at_once.calls_beside = 2,
    }
    mixed
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happens {
    Comes(usize),
    GivesUp(ContactId),
    /// The end of what an agent does with it, unless it was put aside meanwhile.
    Ends(ContactId, u32),
}

struct InHand {
    agent: AgentId,
    kind: usize,
    left: Duration,
    /// Since when the agent works on it; `None`: it is put aside.
    since: Option<Moment>,
    /// How often it was taken up.
    turns: u32,
    /// When it was answered, and how long it takes in all.
    answered: (Moment, Duration),
}

struct Day<'l> {
    load: &'l MixedLoad,
    room: Room,
    rng: Rng,
    begin: Moment,
    now: Moment,
    next: BinaryHeap<Reverse<(Moment, u64, Happens)>>,
    numbered: u64,
    last_contact: u64,
    kinds: BTreeMap<ContactId, usize>,
    in_hand: BTreeMap<ContactId, InHand>,
    figures: [ChannelFigures; 4],
}

impl<'l> Day<'l> {
    fn new(plan: Arc<Plan>, load: &'l MixedLoad, seed: u64) -> Self {
        let begin = Moment::from_secs(1_000_000);
        let mut day = Self {
            load,
            room: Room::new(plan, begin),
            rng: Rng::new(seed),
            begin,
            now: begin,
            next: BinaryHeap::new(),
            numbered: 0,
            last_contact: 0,
            kinds: BTreeMap::new(),
            in_hand: BTreeMap::new(),
            figures: [ChannelFigures::default(); 4],
        };
        for agent in 0..load.agents {
            day.room.set_reachable(AgentId(agent), true, begin);
            // A plan with auto-login has logged the agent in already; a second log-in changes nothing.
            let _ = day.room.log_in(AgentId(agent), begin);
        }
        for (kind, count) in load.contacts.iter().enumerate() {
            for at in Shape::bank().draw(OPENS, LASTS, *count, &mut day.rng) {
                day.plan_at(begin + at, Happens::Comes(kind));
            }
        }
        day.drain();
        day
    }

    fn plan_at(&mut self, at: Moment, happens: Happens) {
        self.numbered += 1;
        self.next.push(Reverse((at, self.numbered, happens)));
    }

    fn on(&mut self, happens: Happens) {
        match happens {
            Happens::Comes(kind) => self.comes(kind),
            Happens::GivesUp(contact) => {
                if self.kinds.contains_key(&contact) && !self.in_hand.contains_key(&contact) {
                    self.kinds.remove(&contact);
                    self.room.abandon(contact, self.now);
                }
            }
            Happens::Ends(contact, turns) => {
                if self.in_hand.get(&contact).is_some_and(|it| it.turns == turns && it.since.is_some()) {
                    let Some(ended) = self.in_hand.remove(&contact) else { return };
                    let (answered, takes) = ended.answered;
                    let put_aside = self.now.since(answered).saturating_sub(takes);
                    self.figures[ended.kind].put_aside += put_aside.as_secs_f64();
                    self.kinds.remove(&contact);
                    self.room.release(contact, EndedBy::Agent, self.now);
                    // What the agent gets next is known when the room's facts are read.
                    self.drain();
                    self.attend(ended.agent);
                }
            }
        }
    }

    fn comes(&mut self, kind: usize) {
        self.last_contact += 1;
        let contact = ContactId(self.last_contact);
        self.kinds.insert(contact, kind);
        self.figures[kind].came += 1;
        let queue = QueueId(u32::try_from(kind).unwrap_or(0));
        let arrival = Arrival { contact, channel: MIXED[kind], queue, priority: None, waiting_since: None };
        if let Some(patience) = self.load.patience[kind] {
            let span = patience.draw(&mut self.rng);
            self.plan_at(self.now + span, Happens::GivesUp(contact));
        }
        self.room.enqueue(arrival, self.now);
    }

    /// Processes the room's outputs; every offer is accepted at once.
    #[expect(clippy::wildcard_enum_match_arm, reason = "a day in numbers needs one fact of all")]
    fn drain(&mut self) {
        while let Some(output) = self.room.poll_output() {
            match output {
                RoomOutput::Offer(offer) => self.room.accept(offer, self.now),
                RoomOutput::Fact(Fact::Connected { contact, agent, waited, .. }) => {
                    self.answered(contact, agent, waited);
                }
                _ => {}
            }
        }
    }

    fn answered(&mut self, contact: ContactId, agent: AgentId, waited: Duration) {
        let Some(kind) = self.kinds.get(&contact).copied() else { return };
        let figures = &mut self.figures[kind];
        figures.answered += 1;
        figures.in_time += u64::from(waited <= self.load.within[kind]);
        figures.waited += waited.as_secs_f64();
        figures.longest = figures.longest.max(waited.as_secs_f64());
        let left = self.load.handling[kind].draw(&mut self.rng);
        self.in_hand
            .insert(contact, InHand { agent, kind, left, since: None, turns: 0, answered: (self.now, left) });
        self.attend(agent);
    }

    /// Takes up what the agent works on now, and puts aside what is less urgent: a call goes before conversations, and these before
    /// e-mails.
    fn attend(&mut self, agent: AgentId) {
        let own = || self.in_hand.iter().filter(|(_, it)| it.agent == agent);
        let urgency = |kind: usize| match MIXED[kind] {
            Channel::Email => 2,
            Channel::Chat | Channel::WhatsApp => 1,
            Channel::Voice | Channel::Callback | Channel::Voicemail => 0,
        };
        let most_urgent = own().map(|(_, it)| urgency(it.kind)).min();
        let ids: Vec<ContactId> = own().map(|(id, _)| *id).collect();
        for id in ids {
            let Some(it) = self.in_hand.get_mut(&id) else { continue };
            let is_worked_on = Some(urgency(it.kind)) == most_urgent;
            match it.since {
                None if is_worked_on => {
                    it.turns += 1;
                    it.since = Some(self.now);
                    let (at, turns) = (self.now + it.left, it.turns);
                    self.plan_at(at, Happens::Ends(id, turns));
                }
                Some(since) if !is_worked_on => {
                    it.left = it.left.saturating_sub(self.now.since(since));
                    it.since = None;
                }
                None | Some(_) => {}
            }
        }
    }
}

#[cfg(test)]
#[path = "mixed_tests.rs"]
mod tests;
