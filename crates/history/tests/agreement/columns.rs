//! The ledger's figures by the names of the history's columns.

use core::time::Duration;

use turno_ledger::{AgentCounts, QueueFigures, StateTimes, SurveyFigures};

/// A figure with the name of its column.
pub(crate) type Figures = Vec<(String, i64)>;

fn whole(number: u64) -> i64 {
    i64::try_from(number).expect("a small number")
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).expect("a short span")
}

fn surveys(figures: &SurveyFigures) -> Figures {
    let mut all = vec![
        ("surveys_offered".to_owned(), whole(figures.offered)),
        ("surveys_complete".to_owned(), whole(figures.complete)),
    ];
    for place in 0..3 {
        all.push((format!("survey_answers_{}", place + 1), whole(figures.answers[place])));
        all.push((format!("survey_points_{}", place + 1), whole(figures.points[place])));
    }
    all
}

/// A queue's figures.
pub(crate) fn of_queue(figures: &QueueFigures) -> Figures {
    let QueueFigures { offers, told, steps, callbacks, voicemails, .. } = figures;
    let counts = [
        ("entered", figures.entered),
        ("answered", figures.answered),
        ("answered_in_target", figures.answered_in_target),
        ("abandoned", figures.abandoned),
        ("abandoned_short", figures.abandoned_short),
        ("outflowed", figures.outflowed),
        ("dequeued", figures.dequeued),
        ("completed", figures.completed),
        ("completed_in_target", figures.completed_in_target),
        ("handled", figures.handled),
        ("warned", figures.warned),
        ("breached", figures.breached),
        ("recalled", figures.recalled),
        ("marked", figures.marked),
        ("helped", figures.helped),
        ("unhelped", figures.unhelped),
        ("offers_made", offers.made),
        ("offers_accepted", offers.accepted),
        ("offers_refused", offers.refused),
        ("offers_no_answer", offers.no_answer),
        ("offers_unreachable", offers.unreachable),
        ("offers_caller_left", offers.caller_left),
        ("offers_withdrawn", offers.withdrawn),
        ("offers_to_last_agent", offers.to_last_agent),
        ("told", told.told),
        ("told_kept", told.kept),
        ("told_missed", told.missed),
        ("steps_eased", steps.eased),
        ("steps_moved", steps.moved),
        ("steps_sent", steps.sent),
        ("steps_in_vain", steps.in_vain),
        ("steps_ended", steps.ended),
        ("callbacks_offered", callbacks.offered),
        ("callbacks_asked", callbacks.asked),
        ("callback_dials", callbacks.dials),
        ("callbacks_reached", callbacks.reached),
        ("callbacks_given_up", callbacks.given_up),
        ("callbacks_cancelled", callbacks.cancelled),
        ("callbacks_left_in_line", callbacks.left_in_line),
        ("voicemails_begun", voicemails.begun),
        ("voicemails_refused", voicemails.refused),
        ("voicemails_left", voicemails.left),
        ("voicemails_heard", voicemails.heard),
        ("voicemails_expired", voicemails.expired),
    ];
    let spans = [
        ("answer_wait_us", figures.answer_wait),
        ("answer_wait_max_us", figures.answer_wait_max),
        ("abandon_wait_us", figures.abandon_wait),
        ("talk_us", figures.talk),
        ("hold_us", figures.hold),
        ("acw_us", figures.acw),
    ];
    let counts = counts.into_iter().map(|(name, count)| (name.to_owned(), whole(count)));
    let spans = spans.into_iter().map(|(name, span)| (name.to_owned(), micros(span)));
    counts.chain(spans).chain(surveys(&figures.surveys)).collect()
}

/// The time of agents in each state.
pub(crate) fn of_times(times: &StateTimes) -> Figures {
    let spans = [
        ("available_us", times.available),
        ("ringing_us", times.ringing),
        ("talking_us", times.talking),
        ("holding_us", times.holding),
        ("acw_us", times.acw),
        ("other_call_us", times.other_call),
        ("aux_us", times.aux_all()),
    ];
    spans.into_iter().map(|(name, span)| (name.to_owned(), micros(span))).collect()
}

/// An agent's counts.
pub(crate) fn of_agent(counts: &AgentCounts) -> Figures {
    let all = [
        ("offered", counts.offered),
        ("answered", counts.answered),
        ("handled", counts.handled),
        ("missed", counts.missed),
        ("refused", counts.refused),
        ("unreachable", counts.unreachable),
        ("transferred", counts.transferred),
        ("breached", counts.breached),
        ("wrapped_up", counts.wrapped_up),
        ("taken_over", counts.taken_over),
        ("help_asked", counts.help_asked),
        ("helped", counts.helped),
        ("codes_owed", counts.codes_owed),
        ("extended", counts.extended),
        ("returned", counts.returned),
        ("to_dependencies", counts.to_dependencies),
        ("consulted", counts.consulted),
        ("breaks", counts.breaks),
        ("turns_taken_back", counts.turns_taken_back),
        ("overstays", counts.overstays),
    ];
    let counted = all.into_iter().map(|(name, count)| (name.to_owned(), whole(count)));
    counted.chain(surveys(&counts.surveys)).collect()
}
