//! The demo where no terminal is: one line for each event, and the day's figures at the end.

use std::io::Write;

use turno_ground::Moment;

use crate::demo::board::Board;
use crate::demo::news::Tally;
use crate::demo::speed::{Speed, clock};

/// Writes one event.
pub(crate) fn event(board: &Board, at: Moment, line: &str, speed: Speed, out: &mut impl Write) {
    let time = clock(speed.day(at.since(board.day.began)));
    let _ = writeln!(out, "{time}  {line}");
}

/// One line that sums up the room.
pub(crate) fn room(board: &Board) -> String {
    let waiting = board.contacts.len() - board.handled().len();
    format!(
        "{} waiting or in the menu, {} talking; agents: {} available, {} with a contact, {} after-call, {} away",
        waiting,
        board.handled().len(),
        board.agents_in(|state| state == turno_model::AgentState::Available),
        board.agents_in(turno_model::AgentState::has_contact),
        board.agents_in(|state| state == turno_model::AgentState::Acw),
        board.agents_in(|state| matches!(state, turno_model::AgentState::Aux(_))),
    )
}

/// The day's figures.
pub(crate) fn figures(board: &Board, tally: &Tally, now: Moment, speed: Speed) -> Vec<String> {
    let day = &board.day;
    let total = day.total();
    let percent = |value: Option<u32>| value.map_or_else(|| "-".to_owned(), |value| format!("{value} %"));
    let span = |span| clock(speed.day(span));
    let mut lines = vec![
        format!(
            "{} of the site's day ({} at x{:.0}); times are the site's",
            span(now.since(day.began)),
            clock(now.since(day.began)),
            speed.factor()
        ),
        format!(
            "{:<24} {:>7} {:>8} {:>9} {:>10} {:>7} {:>8} {:>9}",
            "queue", "offered", "answered", "abandoned", "in time", "wait", "handling", "in target"
        ),
    ];
    let row = |name: &str, queue: &crate::demo::day::QueueDay| {
        format!(
            "{:<24} {:>7} {:>8} {:>9} {:>10} {:>7} {:>8} {:>9}",
            name.chars().take(24).collect::<String>(),
            queue.offered,
            queue.answered,
            queue.abandoned,
            percent(queue.service_level()),
            span(queue.speed_of_answer()),
            span(queue.handling()),
            percent(queue.target_kept()),
        )
    };
    for (plan, queue) in board.plan.queues.iter().zip(&day.queues) {
        lines.push(row(&plan.display, queue));
    }
    lines.push(row("all", &total));
    lines.push(format!(
        "{} contacts arrived, {} never entered a queue; {} offers rang out; occupancy {}",
        day.arrived,
        day.turned_away,
        day.missed,
        percent(day.occupancy())
    ));
    lines.push(format!(
        "RTP: {} packets from phones, {} to phones, {} lost; {} of {} sides of a talk heard the other",
        tally.sent, tally.received, tally.lost, tally.audible, tally.conversed
    ));
    for (status, times) in &tally.refused {
        lines.push(format!("refused with {status}: {times} times"));
    }
    if let Some(confusion) = &tally.last_confusion {
        lines.push(format!(
            "phones found {} messages against the rules, the last: {confusion}",
            tally.confused
        ));
    }
    lines
}
