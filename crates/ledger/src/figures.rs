//! A queue's counters, and every ratio derived from them (FIELD.md, Numbers).

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_model::{OfferOutcome, Rule, SurveyChange, SurveyEnd};

use crate::step_figures::StepFigures;
use crate::voicemail_figures::VoicemailFigures;

/// Offers by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferFigures {
    /// Offers made.
    pub made: u64,
    /// Answered.
    pub accepted: u64,
    /// Refused by the agent.
    pub refused: u64,
    /// Not answered in time (RONA).
    pub no_answer: u64,
    /// The phone could not be reached, or could not take the call.
    pub unreachable: u64,
    /// The caller left first.
    pub caller_left: u64,
    /// Withdrawn for another cause.
    pub withdrawn: u64,
    /// Made to a free agent because the agent served the caller last.
    pub to_last_agent: u64,
}

/// Expected waits that callers were told on entering a queue, heard or not; none if the plan tells no waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldFigures {
    /// Visits that were told a wait.
    pub told: u64,
    /// Answered within that wait.
    pub kept: u64,
    /// Answered later, or abandoned after that wait. Who gives up before its end is in neither count.
    pub missed: u64,
}

impl ToldFigures {
    /// The share of told waits that were kept: the aim is four of five.
    pub fn coverage(&self) -> Option<f64> {
        ratio(self.kept, self.kept + self.missed)
    }

    const fn add(&mut self, other: &Self) {
        self.told += other.told;
        self.kept += other.kept;
        self.missed += other.missed;
    }
}

/// Callbacks of one queue. A contact that is called back is no abandon: it is answered when the person is reached,
/// outflowed when all dials failed or the person left the line, and dequeued when the person called again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackFigures {
    /// Callers who heard the offer or pressed the key.
    pub offered: u64,
    /// Callers who asked for a callback.
    pub asked: u64,
    /// Dials.
    pub dials: u64,
    /// Callbacks that reached the person.
    pub reached: u64,
    /// Callbacks whose dials all failed.
    pub given_up: u64,
    /// Callbacks of people who called again first.
    pub cancelled: u64,
    /// Callbacks of people who answered a dial ahead, and hung up before an agent came.
    #[serde(default)]
    pub left_in_line: u64,
}

impl CallbackFigures {
    const fn add(&mut self, other: &Self) {
        self.offered += other.offered;
        self.asked += other.asked;
        self.dials += other.dials;
        self.reached += other.reached;
        self.given_up += other.given_up;
        self.cancelled += other.cancelled;
        self.left_in_line += other.left_in_line;
    }
}

/// Surveys after talks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyFigures {
    /// Callers who were asked.
    pub offered: u64,
    /// Surveys of which every question was answered.
    pub complete: u64,
    /// Answers to each question.
    pub answers: [u64; 3],
    /// Their keys, in sum: divided by `answers`, the mean from 1 to 5.
    pub points: [u64; 3],
}

impl SurveyFigures {
    /// Counts what happened in a survey.
    pub(crate) fn count(&mut self, change: SurveyChange) {
        match change {
            SurveyChange::Offered => self.offered += 1,
            SurveyChange::Answered { question, key } => {
                let place = usize::from(question).saturating_sub(1);
                if let (Some(answers), Some(points)) =
                    (self.answers.get_mut(place), self.points.get_mut(place))
                {
                    *answers += 1;
                    *points += u64::from(key);
                }
            }
            SurveyChange::Ended(SurveyEnd::Complete) => self.complete += 1,
            SurveyChange::Ended(
                SurveyEnd::HungUp | SurveyEnd::Silence | SurveyEnd::WrongKey | SurveyEnd::Lost,
            ) => {}
        }
    }

    /// Adds the figures of another period, queue or agent.
    pub(crate) fn add(&mut self, other: &Self) {
        self.offered += other.offered;
        self.complete += other.complete;
        let sides = [(&mut self.answers, &other.answers), (&mut self.points, &other.points)];
        for (own, others) in sides {
            own.iter_mut().zip(others).for_each(|(own, other)| *own += other);
        }
    }
}

/// Counters of one queue over a period. A visit is one stay of a contact in the queue: a contact that moves to another
/// queue has one visit in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueFigures {
    /// Visits begun.
    pub entered: u64,
    /// Visits that an agent answered.
    pub answered: u64,
    /// Answered visits within the wait target.
    pub answered_in_target: u64,
    /// Visits that the caller left before an answer.
    pub abandoned: u64,
    /// Abandoned visits shorter than the queue's `short_abandon`.
    pub abandoned_short: u64,
    /// Visits ended by the queue's treatment.
    pub outflowed: u64,
    /// Visits served elsewhere.
    pub dequeued: u64,
    /// Queue and ring time of answered visits, in sum.
    pub answer_wait: Duration,
    /// The longest queue and ring time of an answered visit.
    pub answer_wait_max: Duration,
    /// Waiting time of abandoned visits, in sum.
    pub abandon_wait: Duration,
    /// Answered visits whose handling has ended.
    pub completed: u64,
    /// Completed visits with talk and hold time within the handling target.
    pub completed_in_target: u64,
    /// Agents' segments that have ended: a contact with two agents has two.
    pub handled: u64,
    /// Talk time of these segments, in sum.
    pub talk: Duration,
    /// Hold time of these segments, in sum.
    pub hold: Duration,
    /// After-call work that has ended, in sum.
    pub acw: Duration,
    /// Warnings before the handling target.
    pub warned: u64,
    /// How often the handling target was passed.
    pub breached: u64,
    /// How often an agent was recalled to a caller on hold.
    pub recalled: u64,
    /// Offers.
    pub offers: OfferFigures,
    /// Waits that callers were told on entering.
    #[serde(default)]
    pub told: ToldFigures,
    /// How often a mark after the handling target was reached.
    #[serde(default)]
    pub marked: u64,
    /// How often an expert joined a talk to help.
    #[serde(default)]
    pub helped: u64,
    /// How often no expert came.
    #[serde(default)]
    pub unhelped: u64,
    /// Steps of the queue that its contacts took.
    #[serde(default)]
    pub steps: StepFigures,
    /// Callbacks.
    #[serde(default)]
    pub callbacks: CallbackFigures,
    /// Surveys.
    #[serde(default)]
    pub surveys: SurveyFigures,
    /// Voicemail.
    #[serde(default)]
    pub voicemails: VoicemailFigures,
}

/// Average handling time in three parts, since products differ on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aht {
    /// Average talk.
    pub talk: Duration,
    /// Average hold.
    pub hold: Duration,
    /// Average after-call work.
    pub acw: Duration,
}

/// Genesys's options for the service level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GenesysSwitches {
    /// Add outflowed contacts to the denominator.
    pub with_outflowed: bool,
    /// Take short abandons out of the denominator.
    pub without_short_abandons: bool,
}

impl Aht {
    /// The sum of the three parts.
    pub fn total(&self) -> Duration {
        self.talk + self.hold + self.acw
    }
}

impl OfferFigures {
    /// Counts an offer, made by this rule.
    pub(crate) fn make(&mut self, rule: Rule) {
        self.made += 1;
        self.to_last_agent += u64::from(rule == Rule::LastAgent);
    }

    /// Counts the outcome of an offer.
    pub(crate) const fn settle(&mut self, outcome: OfferOutcome) {
        match outcome {
            OfferOutcome::Accepted => self.accepted += 1,
            OfferOutcome::Refused => self.refused += 1,
            OfferOutcome::NoAnswer => self.no_answer += 1,
            OfferOutcome::Unreachable | OfferOutcome::Incompatible => self.unreachable += 1,
            OfferOutcome::CallerLeft => self.caller_left += 1,
            OfferOutcome::Withdrawn => self.withdrawn += 1,
        }
    }

    /// Offers that have ended.
    pub const fn settled(&self) -> u64 {
        self.accepted + self.refused + self.no_answer + self.unreachable + self.caller_left + self.withdrawn
    }

    fn add(&mut self, other: &Self) {
        self.made += other.made;
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.no_answer += other.no_answer;
        self.unreachable += other.unreachable;
        self.caller_left += other.caller_left;
        self.withdrawn += other.withdrawn;
        self.to_last_agent += other.to_last_agent;
    }
}

impl QueueFigures {
    /// Adds the figures of another period or queue.
    pub fn add(&mut self, other: &Self) {
        self.entered += other.entered;
        self.answered += other.answered;
        self.answered_in_target += other.answered_in_target;
        self.abandoned += other.abandoned;
        self.abandoned_short += other.abandoned_short;
        self.outflowed += other.outflowed;
        self.dequeued += other.dequeued;
        self.answer_wait += other.answer_wait;
        self.answer_wait_max = self.answer_wait_max.max(other.answer_wait_max);
        self.abandon_wait += other.abandon_wait;
        self.completed += other.completed;
        self.completed_in_target += other.completed_in_target;
        self.handled += other.handled;
        self.talk += other.talk;
        self.hold += other.hold;
        self.acw += other.acw;
        self.warned += other.warned;
        self.breached += other.breached;
        self.recalled += other.recalled;
        self.offers.add(&other.offers);
        self.told.add(&other.told);
        self.marked += other.marked;
        self.helped += other.helped;
        self.unhelped += other.unhelped;
        self.steps.add(&other.steps);
        self.callbacks.add(&other.callbacks);
        self.surveys.add(&other.surveys);
        self.voicemails.add(&other.voicemails);
    }

    /// Visits that have ended, each in exactly one way. `entered` minus this still wait.
    pub const fn offered(&self) -> u64 {
        self.answered + self.abandoned + self.outflowed + self.dequeued
    }

    /// Service level of Avaya's BCMS, the default: answered within the wait target / offered.
    pub fn service_level_avaya(&self) -> Option<f64> {
        ratio(self.answered_in_target, self.offered())
    }

    /// Service level, net: answered within the wait target / (offered - short abandons).
    pub fn service_level_net(&self) -> Option<f64> {
        ratio(self.answered_in_target, self.offered() - self.abandoned_short)
    }

    /// Service level of Genesys: answered within the wait target / (answered + abandoned), with its options.
    pub fn service_level_genesys(&self, switches: GenesysSwitches) -> Option<f64> {
        let mut all = self.answered + self.abandoned;
        if switches.with_outflowed {
            all += self.outflowed;
        }
        if switches.without_short_abandons {
            all -= self.abandoned_short;
        }
        ratio(self.answered_in_target, all)
    }

    /// Asterisk's SL: answered within the wait target / answered. It ignores abandons, so it is only for
    /// reconciliation.
    pub fn service_level_asterisk(&self) -> Option<f64> {
        ratio(self.answered_in_target, self.answered)
    }

    /// abandoned / offered.
    pub fn abandon_rate(&self) -> Option<f64> {
        ratio(self.abandoned, self.offered())
    }

    /// Average speed of answer: queue and ring time of the answered / answered.
    pub fn asa(&self) -> Option<Duration> {
        average(self.answer_wait, self.answered)
    }

    /// Average wait of abandoned visits.
    pub fn abandon_wait_average(&self) -> Option<Duration> {
        average(self.abandon_wait, self.abandoned)
    }

    /// Average handling time: (talk + hold + ACW) / handled, in three parts.
    pub fn aht(&self) -> Option<Aht> {
        Some(Aht {
            talk: average(self.talk, self.handled)?,
            hold: average(self.hold, self.handled)?,
            acw: average(self.acw, self.handled)?,
        })
    }

    /// The 3-minute figure: completed visits with talk and hold time within the handling target / completed visits.
    pub fn handled_within_target(&self) -> Option<f64> {
        ratio(self.completed_in_target, self.completed)
    }
}

/// The ratio; `None` if `whole` is zero.
pub(crate) fn ratio(part: u64, whole: u64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a ratio of counts below 2^52")]
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The average; `None` if `count` is zero.
fn average(sum: Duration, count: u64) -> Option<Duration> {
    let count = u128::from(count);
    (count > 0).then(|| Duration::from_micros(u64::try_from(sum.as_micros() / count).unwrap_or(u64::MAX)))
}
