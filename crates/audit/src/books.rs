//! The ledger's figures by the names of the history's columns.

use core::time::Duration;

use turno_ledger::{AgentCounts, QueueFigures, StateTimes, SurveyFigures};

/// Figures with the names of their columns.
pub(crate) type Named = Vec<(&'static str, i64)>;

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// A queue's figures.
pub(crate) fn of_queue(figures: &QueueFigures) -> Named {
    let mut all = of_visits(figures);
    all.extend(of_treatment(figures));
    all.extend(of_surveys(&figures.surveys));
    all
}

fn of_visits(figures: &QueueFigures) -> Named {
    vec![
        ("entered", count(figures.entered)),
        ("answered", count(figures.answered)),
        ("answered_in_target", count(figures.answered_in_target)),
        ("abandoned", count(figures.abandoned)),
        ("abandoned_short", count(figures.abandoned_short)),
        ("outflowed", count(figures.outflowed)),
        ("dequeued", count(figures.dequeued)),
        ("answer_wait_us", micros(figures.answer_wait)),
        ("answer_wait_max_us", micros(figures.answer_wait_max)),
        ("abandon_wait_us", micros(figures.abandon_wait)),
        ("completed", count(figures.completed)),
        ("completed_in_target", count(figures.completed_in_target)),
        ("handled", count(figures.handled)),
        ("talk_us", micros(figures.talk)),
        ("hold_us", micros(figures.hold)),
        ("acw_us", micros(figures.acw)),
        ("warned", count(figures.warned)),
        ("breached", count(figures.breached)),
        ("recalled", count(figures.recalled)),
        ("marked", count(figures.marked)),
        ("helped", count(figures.helped)),
        ("unhelped", count(figures.unhelped)),
    ]
}

fn of_treatment(figures: &QueueFigures) -> Named {
    let QueueFigures { offers, told, steps, callbacks, voicemails, .. } = figures;
    vec![
        ("offers_made", count(offers.made)),
        ("offers_accepted", count(offers.accepted)),
        ("offers_refused", count(offers.refused)),
        ("offers_no_answer", count(offers.no_answer)),
        ("offers_unreachable", count(offers.unreachable)),
        ("offers_caller_left", count(offers.caller_left)),
        ("offers_withdrawn", count(offers.withdrawn)),
        ("offers_to_last_agent", count(offers.to_last_agent)),
        ("told", count(told.told)),
        ("told_kept", count(told.kept)),
        ("told_missed", count(told.missed)),
        ("steps_eased", count(steps.eased)),
        ("steps_moved", count(steps.moved)),
        ("steps_sent", count(steps.sent)),
        ("steps_in_vain", count(steps.in_vain)),
        ("steps_ended", count(steps.ended)),
        ("callbacks_offered", count(callbacks.offered)),
        ("callbacks_asked", count(callbacks.asked)),
        ("callback_dials", count(callbacks.dials)),
        ("callbacks_reached", count(callbacks.reached)),
        ("callbacks_given_up", count(callbacks.given_up)),
        ("callbacks_cancelled", count(callbacks.cancelled)),
        ("callbacks_left_in_line", count(callbacks.left_in_line)),
        ("voicemails_begun", count(voicemails.begun)),
        ("voicemails_refused", count(voicemails.refused)),
        ("voicemails_left", count(voicemails.left)),
        ("voicemails_heard", count(voicemails.heard)),
        ("voicemails_expired", count(voicemails.expired)),
    ]
}

fn of_surveys(figures: &SurveyFigures) -> Named {
    const ANSWERS: [&str; 3] = ["survey_answers_1", "survey_answers_2", "survey_answers_3"];
    const POINTS: [&str; 3] = ["survey_points_1", "survey_points_2", "survey_points_3"];
    let mut all =
        vec![("surveys_offered", count(figures.offered)), ("surveys_complete", count(figures.complete))];
    all.extend(ANSWERS.into_iter().zip(figures.answers.map(count)));
    all.extend(POINTS.into_iter().zip(figures.points.map(count)));
    all
}

/// The time of agents in each state.
pub(crate) fn of_times(times: &StateTimes) -> Named {
    vec![
        ("available_us", micros(times.available)),
        ("ringing_us", micros(times.ringing)),
        ("talking_us", micros(times.talking)),
        ("holding_us", micros(times.holding)),
        ("acw_us", micros(times.acw)),
        ("other_call_us", micros(times.other_call)),
        ("aux_us", micros(times.aux_all())),
    ]
}

/// An agent's counts.
pub(crate) fn of_counts(counts: &AgentCounts) -> Named {
    let mut all = vec![
        ("offered", count(counts.offered)),
        ("answered", count(counts.answered)),
        ("handled", count(counts.handled)),
        ("missed", count(counts.missed)),
        ("refused", count(counts.refused)),
        ("unreachable", count(counts.unreachable)),
        ("transferred", count(counts.transferred)),
        ("breached", count(counts.breached)),
        ("wrapped_up", count(counts.wrapped_up)),
        ("taken_over", count(counts.taken_over)),
        ("help_asked", count(counts.help_asked)),
        ("helped", count(counts.helped)),
        ("codes_owed", count(counts.codes_owed)),
        ("extended", count(counts.extended)),
        ("returned", count(counts.returned)),
        ("to_dependencies", count(counts.to_dependencies)),
        ("consulted", count(counts.consulted)),
        ("breaks", count(counts.breaks)),
        ("turns_taken_back", count(counts.turns_taken_back)),
        ("overstays", count(counts.overstays)),
    ];
    all.extend(of_surveys(&counts.surveys));
    all
}
