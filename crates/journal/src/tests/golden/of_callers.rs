//! Facts about what callers did before and after their talk, in the golden journal.

use core::time::Duration;

use turno_ground::{Moment, Pii};
use turno_model::{
    Asker, CallbackChange, CallbackFailure, CallbackOffer, CallbackRefusal, CallerKnown, CallerListed,
    ContactId, DiversionReason, Emergency, Fact, Language, ListChange, ListEffect, LiveSpeech, MenuChange,
    MenuStep, SkillChange, SkillChanged, SpeechChange, Survey, SurveyChange, SurveyEnd, TurnedAway,
};

use super::{AGENT, CONTACT, QUEUE};

pub(super) fn callback_facts() -> Vec<Fact> {
    let offered = [CallbackOffer::Waited, CallbackOffer::LongWait, CallbackOffer::Full, CallbackOffer::Key];
    let refused = [CallbackRefusal::NoNumber, CallbackRefusal::NotAllowed, CallbackRefusal::Waits];
    let asked = CallbackChange::Asked { number: Pii("0991234567".into()), after: Duration::from_secs(1_800) };
    let later = [
        CallbackChange::PutOff { span: Duration::from_secs(300) },
        CallbackChange::Due,
        CallbackChange::Dialled { attempt: 2 },
        CallbackChange::Reached,
        CallbackChange::GivenUp,
        CallbackChange::CancelledByCall { by: ContactId(9) },
    ];
    let changes = offered.into_iter().map(CallbackChange::Offered).chain([asked]);
    let changes = changes.chain(refused.into_iter().map(CallbackChange::Refused)).chain(later);
    let failures = CallbackFailure::ALL.into_iter().take(6);
    let changes = changes.chain(failures.map(CallbackChange::Failed));
    changes.map(|change| Fact::Callback(CONTACT, change)).collect()
}

/// People who were dialled before an agent had them.
pub(super) fn dialled_ahead_facts() -> Vec<Fact> {
    let failures = CallbackFailure::ALL.into_iter().skip(6).map(CallbackChange::Failed);
    let changes = [CallbackChange::PickedUp, CallbackChange::LeftInLine].into_iter().chain(failures);
    changes.map(|change| Fact::Callback(CONTACT, change)).collect()
}

pub(super) fn survey_facts() -> Vec<Fact> {
    let first = [SurveyChange::Offered, SurveyChange::Answered { question: 2, key: 5 }];
    let changes = first.into_iter().chain(SurveyEnd::ALL.map(SurveyChange::Ended));
    let survey = |change| Survey { contact: CONTACT, queue: QUEUE, agent: AGENT, change };
    changes.map(|change| Fact::Survey(survey(change))).collect()
}

pub(super) fn menu_facts() -> Vec<Fact> {
    [
        MenuChange::Entered(None),
        MenuChange::Entered(Some('2')),
        MenuChange::Read { key: '1', prompt: "es/portal".into() },
        MenuChange::Wrong('7'),
        MenuChange::Repeated,
        MenuChange::Chosen('1'),
        MenuChange::Person,
        MenuChange::NoKey,
        MenuChange::WrongKeys('#'),
        MenuChange::TooLong,
        MenuChange::Language(Language::English),
    ]
    .map(|change| Fact::Menu(MenuStep { contact: CONTACT, menu: "main".into(), change }))
    .to_vec()
}

pub(super) fn card_facts() -> Vec<Fact> {
    [
        MenuChange::Card { procedure: "luae".into(), code: Some("108".into()) },
        MenuChange::Sent { key: '2', procedure: "luae".into(), to: Pii("593991234567".into()) },
        MenuChange::NoSound { procedure: "irm".into() },
        MenuChange::Contained { procedure: "irm".into(), code: None },
    ]
    .map(|change| Fact::Menu(MenuStep { contact: CONTACT, menu: "luae_card".into(), change }))
    .to_vec()
}

pub(super) fn emergency_facts() -> Vec<Fact> {
    let (by, contact) = (Asker::Control, CONTACT);
    let facts = [
        Emergency::On { by, prompt: "es/emergency".into() },
        Emergency::Heard { contact },
        Emergency::Off { by },
    ];
    let ended = Fact::TurnedAway { contact, reason: TurnedAway::Emergency };
    facts.map(Fact::Emergency).into_iter().chain([ended]).collect()
}

/// What is known of callers.
pub(super) fn caller_facts() -> Vec<Fact> {
    let number = || Pii("+593991234567".into());
    let diverted = |why| CallerKnown::Diverted { from: number(), why };
    core::iter::once(CallerKnown::Claims { number: number() })
        .chain(DiversionReason::ALL.into_iter().map(diverted))
        .chain([CallerKnown::ServedBy { agent: AGENT }])
        .map(|known| Fact::CallerKnown(CONTACT, known))
        .collect()
}

/// Callers on lists, and the numbers of these lists.
pub(super) fn listed_facts() -> Vec<Fact> {
    let (by, until) = (Asker::Control, Moment::from_secs(1_795_617_600));
    let changes = [
        ListChange::Added { by, why: Some("insults".into()), until },
        ListChange::Removed { by, why: None },
        ListChange::Ended,
        ListChange::ListGone,
    ];
    let listed = |change| CallerListed { list: "vip".into(), number: Pii("0991234567".into()), change };
    let known = [ListEffect::Prefer(5), ListEffect::Refuse].map(|effect| {
        let known = CallerKnown::Listed { list: "vip".into(), effect };
        Fact::CallerKnown(CONTACT, known)
    });
    let refused = Fact::TurnedAway { contact: CONTACT, reason: TurnedAway::Listed };
    changes.into_iter().map(|it| Fact::CallerList(listed(it))).chain(known).chain([refused]).collect()
}

/// Callers who wait for the agent of last time.
pub(super) fn kept_facts() -> Vec<Fact> {
    let span = Duration::from_secs(40);
    let known = [CallerKnown::KeptFor { agent: AGENT, span }, CallerKnown::KeptNoMore { agent: AGENT }];
    known.map(|known| Fact::CallerKnown(CONTACT, known)).to_vec()
}

/// Callers who dialled an agent's own number.
pub(super) fn direct_facts() -> Vec<Fact> {
    let span = Duration::from_secs(120);
    let known = [CallerKnown::DirectFor { agent: AGENT, span }, CallerKnown::DirectNoMore { agent: AGENT }];
    known.map(|known| Fact::CallerKnown(CONTACT, known)).to_vec()
}

/// Callers whom a supervisor gave to an agent.
pub(super) fn pulled_facts() -> Vec<Fact> {
    let span = Duration::from_secs(600);
    let known = [CallerKnown::PulledTo { agent: AGENT, span }, CallerKnown::PulledNoMore { agent: AGENT }];
    known.map(|known| Fact::CallerKnown(CONTACT, known)).to_vec()
}

/// Skills that commands changed.
pub(super) fn skill_facts() -> Vec<Fact> {
    let (by, until) = (Asker::Control, Moment::from_secs(1_795_660_000));
    let changes = [
        (Some(2), SkillChange::Set { by, why: Some("a rush".into()), until }),
        (None, SkillChange::Back { by, why: None }),
        (Some(1), SkillChange::Ended),
        (None, SkillChange::Gone),
    ];
    let changed = |(level, change)| SkillChanged { agent: AGENT, queue: QUEUE, level, change };
    changes.into_iter().map(|it| Fact::SkillChanged(changed(it))).collect()
}

/// A supervisor who speaks to those who wait.
pub(super) fn speech_facts() -> Vec<Fact> {
    let changes = [
        SpeechChange::Began { by: Asker::Control, why: Some("a storm".into()) },
        SpeechChange::Heard { contact: CONTACT },
        SpeechChange::Ended { heard: 7 },
    ];
    let speech = |change| Fact::LiveSpeech(LiveSpeech { queue: QUEUE, speaker: AGENT, change });
    changes.map(speech).to_vec()
}
