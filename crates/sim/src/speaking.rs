//! Supervisors who speak to those who wait: when they do so in a scenario, and who may hear them.

use core::time::Duration;

use turno_ground::Rng;
use turno_media_plan::Audio;
use turno_model::command::feature_code::FeatureCode;
use turno_model::plan::Entry;
use turno_model::{AgentState as S, ContactId, QueueId};

use crate::action::{Action, Supervision};
use crate::draws::{SPAN_MICROS, one_of};
use crate::media::Stream;
use crate::world::World;

/// How often supervisors begin to speak at most, after the first time.
const SPEECHES_MAX: u64 = 30;

/// In one scenario of three, supervisors speak to queues, by command or by dialling, and some hang up before their time is over.
/// They have an Rng of their own, so that the rest of a seed stays the same.
pub(crate) fn speeches(seed: u64, agents: usize, queues: usize) -> Vec<(Duration, Action)> {
    let mut rng = Rng::new(seed ^ 0x7370_6565_6368);
    if agents == 0 || queues == 0 || rng.below(3) > 0 {
        return Vec::new();
    }
    let mut actions = Vec::new();
    for _ in 0..=rng.below(SPEECHES_MAX) {
        let at = Duration::from_micros(rng.below(SPAN_MICROS));
        let agent = usize::try_from(rng.below(agents as u64)).unwrap_or(0);
        let queue = usize::try_from(rng.below(queues as u64)).unwrap_or(0);
        let act = if rng.below(3) == 0 { Supervision::DialToSpeak(queue) } else { Supervision::Speak(queue) };
        actions.push((at, Action::Supervises(agent, act)));
        if rng.below(3) == 0 {
            let longest = one_of(&[2_000_000, 20_000_000], &mut rng);
            actions.push((at + Duration::from_micros(rng.below(longest)), Action::AgentHangsUp(agent)));
        }
    }
    actions
}

impl World {
    /// Wounds: a caller goes on hearing the speaker beside the agent; callers wait for a speaker who is gone; who comes later
    /// hears music beside those who listen; a speaker is offered contacts.
    pub(crate) fn check_spoken_to(&self) {
        let spoken_to = &self.invariants.spoken_to;
        let speaking = self.media.speaking();
        assert_eq!(speaking.len(), spoken_to.live.len(), "so many speak, and so many by the facts");
        let lost = self.media.listeners().find(|(_, speaker)| !speaking.contains(speaker));
        assert_eq!(lost, None, "somebody waits for a speaker who is gone");
        if spoken_to.live.is_empty() {
            return;
        }
        for (speaker, _) in spoken_to.live.values() {
            let state = self.invariants.state(*speaker);
            assert!(!matches!(state, S::Available | S::Ringing), "{speaker:?} speaks and is {state:?}");
        }
        for (contact, agent) in self.invariants.outcomes.talking() {
            let hears = self.stream_of_caller(*contact).and_then(|stream| stream.playing.as_ref());
            let is_spoken_to = matches!(hears, Some(Audio::Live(_)));
            assert!(!is_spoken_to, "{contact:?} talks to {agent:?} and hears a speaker");
        }
        for contact in self.invariants.who_waits() {
            let queue = spoken_to.waits.get(&contact).filter(|_| !spoken_to.asked.contains(&contact));
            let speaker = queue.and_then(|queue| spoken_to.live.get(queue));
            let hears = self.stream_of_caller(contact).and_then(|stream| stream.playing.as_ref());
            let is_left_out = speaker.is_some() && hears == Some(&Audio::Music);
            assert!(!is_left_out, "{contact:?} hears music while {speaker:?} speaks");
        }
    }

    /// A supervisor dials the code and a number that leads to a queue.
    pub(crate) fn dials_to_speak(&mut self, agent: usize, queue: usize) {
        let entry = Entry::Queue(self.queue_at(queue));
        let number = self.plan.numbers.iter().find(|number| number.entry == entry);
        let number = number.map_or("nothing", |number| number.number.as_str()).to_owned();
        let code = FeatureCode::Speak.digits(&self.plan.feature_codes);
        self.phone_dials(agent, &format!("{code}{}", turno_model::plan::bare_number(&number)));
    }

    /// The queue of an index.
    pub(crate) fn queue_at(&self, place: usize) -> QueueId {
        QueueId(u32::try_from(place % self.plan.queues.len().max(1)).unwrap_or(0))
    }

    /// The stream at which the caller of a contact listens, where that is certain.
    fn stream_of_caller(&self, contact: ContactId) -> Option<&Stream> {
        let (caller, _) = self.calling.get(&contact)?;
        let client = self.clients.get(caller).filter(|client| client.contact == Some(contact))?;
        self.media.only_towards(self.rtp_of(client.person))
    }
}
