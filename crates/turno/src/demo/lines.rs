//! The demo in lines: what is written where no terminal is, and the day's figures at the end.

use std::io::Write;

use turno_ground::Moment;
use turno_ledger::{ContactStage, Snapshot};
use turno_model::AgentState;

use crate::demo::board::Board;
use crate::demo::news::Tally;
use crate::demo::speed::clock;

/// Writes one event.
pub(crate) fn event(wall: &str, line: &str, out: &mut impl Write) {
    let _ = writeln!(out, "{wall}  {line}");
}

/// One line that sums up the room.
pub(crate) fn room(snapshot: &Snapshot, tally: &Tally) -> String {
    let contacts = |wanted: fn(&ContactStage) -> bool| {
        snapshot.contacts.iter().filter(|contact| wanted(&contact.stage)).count()
    };
    let agents =
        |wanted: fn(AgentState) -> bool| snapshot.agents.iter().filter(|agent| wanted(agent.state)).count();
    format!(
        "-- {} in the menu, {} waiting, {} ringing, {} with an agent; of the agents {} available, {} in after-call \
         work, {} away; {} phones registered",
        contacts(|stage| *stage == ContactStage::Arrived),
        contacts(|stage| *stage == ContactStage::Waiting),
        contacts(|stage| matches!(stage, ContactStage::Ringing(_))),
        contacts(|stage| matches!(stage, ContactStage::Talking(_) | ContactStage::Holding(_))),
        agents(|state| state == AgentState::Available),
        agents(|state| state == AgentState::Acw),
        agents(|state| matches!(state, AgentState::Aux(_))),
        tally.registered.len(),
    )
}

/// Writes the day's figures.
pub(crate) fn figures(
    board: &Board,
    tally: &Tally,
    now: Moment,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let until = board.time.moment(now);
    writeln!(
        out,
        "{} of the site's day in {} (x{}); all times below are the site's\n",
        clock(board.time.passed(now)),
        clock(now.since(board.time.began)),
        board.time.speed.factor()
    )?;
    writeln!(out, "{}", board.ledger.day(until))?;
    match board.ledger.books(until) {
        Ok(()) => {
            writeln!(out, "the books balance: every contact has one outcome, every agent's time adds up")?
        }
        Err(imbalance) => writeln!(out, "THE BOOKS DO NOT BALANCE: {imbalance:?}")?,
    }
    writeln!(
        out,
        "RTP: {} packets from the phones, {} to them, {} lost; {} of {} sides of a talk heard the other",
        tally.sent, tally.received, tally.lost, tally.audible, tally.conversed
    )?;
    for (status, times) in &tally.refused {
        writeln!(out, "refused with {status}: {times}")?;
    }
    if let Some(confusion) = &tally.last_confusion {
        writeln!(out, "the phones saw {} breaks of SIP's rules, the last: {confusion}", tally.confused)?;
    }
    Ok(())
}
