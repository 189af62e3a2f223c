//! Metrics of contacts, offers and legs, from facts only.

use core::time::Duration;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use prometheus::{Histogram, IntCounter, IntCounterVec, IntGaugeVec, Registry};
use turno_model::plan::TrunkTrust;
use turno_model::{
    AgentId, Channel, ContactId, ContactOutcome, Emergency, Fact, Observing, Plan, QueueId, Rule,
    TransferKind, TrunkId, TurnedAway, WaitTold,
};

use crate::metrics::breaks::BreakMeters;
use crate::metrics::callback::CallbackMeters;
use crate::metrics::handling::HandlingMeters;
use crate::metrics::known::KnownMeters;
use crate::metrics::menus::MenuMeters;
use crate::metrics::passing::PassingMeters;
use crate::metrics::pins::PinMeters;
use crate::metrics::queue::{QueueFamilies, QueueMeters};
use crate::metrics::recording::RecordingMeters;
use crate::metrics::speeches::SpeechMeters;
use crate::metrics::steps::StepMeters;
use crate::metrics::survey::SurveyMeters;
use crate::metrics::voicemail::VoicemailMeters;
use crate::metrics::voices::VoiceMeters;
use crate::metrics::{counter, counters, gauges, histogram};

/// Bucket limits of the time from eligible to INVITE, in seconds: it should be one step of the engine.
const DELAY_BORDERS: [f64; 10] = [5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 5e-3, 1e-2, 5e-2, 0.2, 1.0];

/// The metrics that facts update.
pub(crate) struct ContactMeters {
    families: QueueFamilies,
    queues: Vec<QueueMeters>,
    /// The first wait that each waiting contact was told, from entering the queue.
    told: BTreeMap<ContactId, Duration>,
    /// For each agent the queue of the contact that the agent handles.
    serving: Vec<Option<QueueId>>,
    arrived: IntCounterVec,
    menu: IntCounterVec,
    turned_away: IntCounterVec,
    offer_delay: Histogram,
    trunks: IntGaugeVec,
    trunk_names: Vec<String>,
    transfers: IntCounterVec,
    holds_recalled: IntCounter,
    observed: IntCounterVec,
    taken_over: IntCounter,
    emergency_heard: IntCounter,
    alarms: IntCounter,
    recordings: RecordingMeters,
    breaks: BreakMeters,
    handling: HandlingMeters,
    steps: StepMeters,
    speeches: SpeechMeters,
    menus: MenuMeters,
    callbacks: CallbackMeters,
    surveys: SurveyMeters,
    voicemails: VoicemailMeters,
    known: KnownMeters,
    pins: PinMeters,
    passing: PassingMeters,
    voices: VoiceMeters,
}

const CHANNELS: [&str; 6] = ["voice", "chat", "whatsapp", "email", "callback", "voicemail"];
const TURNED_AWAY: [&str; 7] =
    ["closed", "holiday", "hung_up_in_menu", "overload", "not_possible", "emergency", "listed"];

/// The state of each trunk, and the trunks' names.
fn trunks(registry: &Registry, plan: &Plan) -> (IntGaugeVec, Vec<String>) {
    let trunks = gauges(registry, "turno_trunk_up", "1 if the trunk can be used.", &["trunk"]);
    let trunk_names: Vec<String> = plan.trunks.iter().map(|trunk| trunk.name.clone()).collect();
    // A retired trunk would be shown as down for ever.
    let standing = plan.trunks.iter().zip(&trunk_names).filter(|(trunk, _)| !trunk.is_retired());
    for (trunk, name) in standing {
        // A trunk without checks counts as usable; one with checks must first answer, or accept our registration.
        let registers = matches!(trunk.trust, TrunkTrust::Registration { .. });
        let is_usable = trunk.options_interval.is_none() && !registers;
        trunks.with_label_values(&[name]).set(i64::from(is_usable));
    }
    (trunks, trunk_names)
}

impl ContactMeters {
    /// Registers the metrics, with every series at 0, so that a rate includes the first event.
    pub(crate) fn new(registry: &Registry, plan: &Plan) -> Self {
        let arrived =
            counters(registry, "turno_contacts_arrived_total", "Contacts that have arrived.", &["channel"]);
        let turned_away = counters(
            registry,
            "turno_turned_away_total",
            "Contacts that never entered a queue, by reason.",
            &["reason"],
        );
        zero(&arrived, &CHANNELS);
        zero(&turned_away, &TURNED_AWAY);
        let (trunks, trunk_names) = trunks(registry, plan);
        let transfers =
            counters(registry, "turno_transfers_total", "Contacts transferred by agents.", &["kind"]);
        zero(&transfers, &["blind", "attended"]);
        let (observed, taken_over) = supervision(registry);
        let families = QueueFamilies::new(registry, plan);
        Self {
            queues: plan.queues.iter().map(|queue| families.of(queue)).collect(),
            families,
            told: BTreeMap::new(),
            serving: vec![None; plan.agents.len()],
            arrived,
            menu: counters(registry, "turno_menu_choices_total", "Keys chosen in menus.", &["digit"]),
            turned_away,
            offer_delay: histogram(
                registry,
                "turno_offer_delay_seconds",
                "Time from the moment when contact and agent were both free to the INVITE.",
                DELAY_BORDERS.to_vec(),
            ),
            trunks,
            trunk_names,
            transfers,
            holds_recalled: counter(registry, "turno_holds_recalled_total", "Holds that lasted too long."),
            observed,
            taken_over,
            recordings: RecordingMeters::new(registry),
            breaks: BreakMeters::new(registry),
            handling: HandlingMeters::new(registry, plan),
            steps: StepMeters::new(registry, plan),
            speeches: SpeechMeters::new(registry),
            menus: MenuMeters::new(registry, plan),
            callbacks: CallbackMeters::new(registry),
            emergency_heard: emergency_heard(registry),
            surveys: SurveyMeters::new(registry, plan),
            voicemails: VoicemailMeters::new(registry, plan),
            known: KnownMeters::new(registry),
            pins: PinMeters::new(registry),
            passing: PassingMeters::new(registry, plan),
            alarms: counter(registry, "turno_alarms_total", "Things that a person must look at."),
            voices: VoiceMeters::new(registry),
        }
    }

    /// Uses another plan, in which all existing names keep their index.
    pub(crate) fn move_to(&mut self, plan: &Plan) {
        self.queues = plan.queues.iter().map(|queue| self.families.of(queue)).collect();
        self.serving.resize(plan.agents.len(), None);
        self.steps.move_to(plan);
        self.handling.move_to(plan);
        self.menus.move_to(plan);
        self.surveys.move_to(plan);
        self.voicemails.move_to(plan);
        self.passing.move_to(plan);
    }

    /// Counts one fact.
    pub(crate) fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::Started
            | Fact::CallsRefused { .. }
            | Fact::TrunkTold { .. }
            | Fact::NumberWithheld { .. }
            | Fact::OwnCallDialled { .. }
            | Fact::OwnCallSettled { .. }
            | Fact::LegOpened { .. }
            | Fact::Held { .. }
            | Fact::Resumed { .. }
            | Fact::AgentChanged { .. }
            | Fact::AgentAsked { .. }
            | Fact::TakesBeside { .. }
            | Fact::Seated { .. }
            | Fact::ObservingEnded { .. }
            | Fact::Reprioritised { .. }
            | Fact::QueueTurned { .. }
            | Fact::Commanded(_)
            | Fact::CallerList(_)
            | Fact::SkillChanged(_)
            | Fact::WrapUp { .. }
            | Fact::Registered { .. } => {}
            Fact::Callback(_, change) => self.callbacks.apply(change),
            Fact::Survey(survey) => self.surveys.apply(survey),
            Fact::Voicemail(voicemail) => self.voicemails.apply(voicemail),
            Fact::CallerKnown(_, known) => self.known.apply(known),
            Fact::PinEntered(entered) => self.pins.apply(entered.outcome),
            Fact::Phone(step) => self.pins.apply_phone(step.change),
            Fact::Passing(passing) => self.passing.apply(passing),
            Fact::Recording { change, .. } => self.recordings.apply(change),
            Fact::Break(step) => self.breaks.apply(step.change),
            Fact::Handling(handled) => self.handling.apply(handled),
            Fact::Stepped(step) => self.steps.apply(step),
            Fact::LiveSpeech(speech) => self.speeches.apply(speech),
            Fact::Menu(step) => self.menus.apply(step),
            Fact::Emergency(emergency) => self.emergency(emergency),
            Fact::ContactArrived { channel, .. } => count(&self.arrived, channel_word(*channel)),
            Fact::ObservingBegan { how, .. } => count(&self.observed, observing_word(*how)),
            Fact::MenuChosen { digit, .. } => count(&self.menu, digit_word(*digit)),
            Fact::TurnedAway { reason, .. } => count(&self.turned_away, turned_away_word(*reason)),
            Fact::Queued { contact, queue, .. } => self.queued(*contact, *queue),
            Fact::Offered { delay, decision, .. } => self.offered(*delay, decision.rule),
            Fact::OfferSettled { queue, outcome, rang, .. } => {
                self.at(*queue, |meters| meters.offer_settled(*outcome, *rang));
            }
            Fact::WaitTold(WaitTold { contact, queue, waited, within, .. }) => {
                self.wait_told(*contact, *queue, within.map(|within| *waited + within));
            }
            Fact::Connected { contact, agent, queue, waited } => {
                self.waited(*contact, *queue, *waited, true);
                self.serves(*agent, *queue);
            }
            Fact::TakenOver { to, queue, .. } => {
                self.taken_over.inc();
                self.serves(*to, *queue);
            }
            Fact::HoldRecalled { .. } => self.holds_recalled.inc(),
            Fact::TargetWarned { agent, .. } => self.at_agent(agent.index(), QueueMeters::warned),
            Fact::TargetBreached { agent, .. } => self.at_agent(agent.index(), QueueMeters::breached),
            Fact::Transferred { kind, .. } => count(&self.transfers, transfer_word(*kind)),
            Fact::Disconnected { contact, queue, talked, held, .. } => {
                self.disconnected(*contact, *queue, (*talked, *held));
            }
            Fact::ContactEnded { contact, queue, outcome, waited, .. } => {
                self.contact_ended(*contact, *queue, *outcome, *waited);
            }
            Fact::TrunkChanged { trunk, up } => self.trunk_changed(*trunk, *up),
            Fact::MediaReported(report) => self.voices.apply(report),
            Fact::Alarm { .. } => self.alarms.inc(),
        }
    }

    fn emergency(&self, emergency: &Emergency) {
        if matches!(emergency, Emergency::Heard { .. }) {
            self.emergency_heard.inc();
        }
    }

    fn offered(&self, delay: Duration, rule: Rule) {
        self.offer_delay.observe(delay.as_secs_f64());
        self.known.offered(rule);
    }

    fn contact_ended(
        &mut self,
        contact: ContactId,
        queue: QueueId,
        outcome: ContactOutcome,
        waited: Duration,
    ) {
        self.wait_ended(contact, queue, outcome, waited);
        self.at(queue, |meters| meters.contact_ended(outcome, waited));
    }

    fn disconnected(&mut self, contact: ContactId, queue: QueueId, (talked, held): (Duration, Duration)) {
        let target = self.handling.take_target(contact);
        self.at(queue, |meters| meters.disconnected(talked, held, target));
    }

    /// A contact that an agent gave back has not entered its queue anew.
    fn queued(&mut self, contact: ContactId, queue: QueueId) {
        if !self.passing.is_back(contact) {
            self.at(queue, QueueMeters::entered);
        }
    }

    /// The first wait that a contact is told counts: `whole` is the wait from entering the queue.
    fn wait_told(&mut self, contact: ContactId, queue: QueueId, whole: Option<Duration>) {
        if let (Some(whole), Entry::Vacant(told)) = (whole, self.told.entry(contact)) {
            told.insert(whole);
            self.at(queue, QueueMeters::wait_told);
        }
    }

    fn wait_ended(&mut self, contact: ContactId, queue: QueueId, outcome: ContactOutcome, waited: Duration) {
        match outcome {
            ContactOutcome::Abandoned => self.waited(contact, queue, waited, false),
            ContactOutcome::Answered | ContactOutcome::Outflowed | ContactOutcome::Dequeued => {
                self.told.remove(&contact);
            }
        }
    }

    /// A contact's wait has ended. If the caller gave up before the end of what was told, nobody knows.
    fn waited(&mut self, contact: ContactId, queue: QueueId, waited: Duration, was_answered: bool) {
        if let Some(told) = self.told.remove(&contact)
            && (was_answered || waited > told)
        {
            self.at(queue, |meters| meters.wait_ended(waited <= told));
        }
    }

    fn serves(&mut self, agent: AgentId, queue: QueueId) {
        if let Some(serving) = self.serving.get_mut(agent.index()) {
            *serving = Some(queue);
        }
    }

    fn at(&self, queue: QueueId, count: impl FnOnce(&QueueMeters)) {
        if let Some(meters) = self.queues.get(queue.index()) {
            count(meters);
        }
    }

    fn at_agent(&self, agent: usize, count: impl FnOnce(&QueueMeters)) {
        if let Some(queue) = self.serving.get(agent).copied().flatten() {
            self.at(queue, count);
        }
    }

    fn trunk_changed(&self, trunk: TrunkId, up: bool) {
        if let Some(name) = self.trunk_names.get(trunk.index()) {
            self.trunks.with_label_values(&[name]).set(i64::from(up));
        }
    }
}

fn count(family: &IntCounterVec, word: &str) {
    family.with_label_values(&[word]).inc();
}

fn zero(family: &IntCounterVec, words: &[&str]) {
    for word in words {
        family.with_label_values(&[word]);
    }
}

const fn transfer_word(kind: TransferKind) -> &'static str {
    match kind {
        TransferKind::Blind => "blind",
        TransferKind::Attended => "attended",
    }
}

const fn channel_word(channel: Channel) -> &'static str {
    CHANNELS[match channel {
        Channel::Voice => 0,
        Channel::Chat => 1,
        Channel::WhatsApp => 2,
        Channel::Email => 3,
        Channel::Callback => 4,
        Channel::Voicemail => 5,
    }]
}

const fn turned_away_word(reason: TurnedAway) -> &'static str {
    TURNED_AWAY[match reason {
        TurnedAway::Closed => 0,
        TurnedAway::Holiday => 1,
        TurnedAway::HungUpInMenu => 2,
        TurnedAway::Overload => 3,
        TurnedAway::NotPossible => 4,
        TurnedAway::Emergency => 5,
        TurnedAway::Listed => 6,
    }]
}

/// Callers choose the key, so only the sixteen existing keys become labels.
fn digit_word(digit: Option<char>) -> &'static str {
    const KEYS: &str = "0123456789*#ABCD";
    match digit.and_then(|digit| KEYS.find(digit)) {
        Some(place) => &KEYS[place..=place],
        None => "none",
    }
}

#[cfg(test)]
#[path = "contacts_tests.rs"]
mod tests;

fn emergency_heard(registry: &Registry) -> IntCounter {
    counter(registry, "turno_emergency_heard_total", "Callers who heard the emergency announcement.")
}

/// The counters of what supervisors do in talks.
fn supervision(registry: &Registry) -> (IntCounterVec, IntCounter) {
    let observed = counters(
        registry,
        "turno_observations_total",
        "How often a supervisor began to observe a talk in this way.",
        &["how"],
    );
    zero(&observed, &["listen", "whisper", "barge"]);
    let help = "Talks that a supervisor took over from the agent.";
    (observed, counter(registry, "turno_talks_taken_over_total", help))
}

const fn observing_word(how: Observing) -> &'static str {
    match how {
        Observing::Listen => "listen",
        Observing::Whisper => "whisper",
        Observing::Barge => "barge",
    }
}
