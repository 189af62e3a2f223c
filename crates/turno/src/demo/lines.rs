//! The demo in lines: what is written where no terminal is, and the day's figures at the end.

use std::io::Write;

use turno_ground::Moment;
use turno_ledger::{ContactStage, Snapshot};
use turno_model::{AgentState, Language};

use crate::demo::board::Board;
use crate::demo::news::Tally;
use crate::demo::speed::clock;

/// Writes one event.
pub(crate) fn event(wall: &str, line: &str, out: &mut impl Write) {
    let _ = writeln!(out, "{wall}  {line}");
}

/// One line that sums up the room.
pub(crate) fn room(language: Language, snapshot: &Snapshot, tally: &Tally) -> String {
    let contacts = |wanted: fn(&ContactStage) -> bool| {
        snapshot.contacts.iter().filter(|contact| wanted(&contact.stage)).count()
    };
    let agents =
        |wanted: fn(AgentState) -> bool| snapshot.agents.iter().filter(|agent| wanted(agent.state)).count();
    let in_menu = contacts(|stage| *stage == ContactStage::Arrived);
    let waiting = contacts(|stage| *stage == ContactStage::Waiting);
    let ringing = contacts(|stage| matches!(stage, ContactStage::Ringing(_)));
    let talking = contacts(|stage| matches!(stage, ContactStage::Talking(_) | ContactStage::Holding(_)));
    let available = agents(|state| state == AgentState::Available);
    let after_call = agents(|state| state == AgentState::Acw);
    let away = agents(|state| matches!(state, AgentState::Aux(_)));
    let phones = tally.registered.len();
    match language {
        Language::English => format!(
            "-- {in_menu} in the menu, {waiting} waiting, {ringing} ringing, {talking} with an agent; of the agents \
             {available} available, {after_call} in after-call work, {away} away; {phones} phones registered"
        ),
        Language::Spanish => format!(
            "-- {in_menu} en el menú, {waiting} en espera, {ringing} timbrando, {talking} con un agente; de los agentes \
             {available} disponibles, {after_call} en trabajo posterior a la llamada, {away} en pausa; {phones} \
             teléfonos registrados"
        ),
    }
}

/// Writes the day's figures.
pub(crate) fn figures(
    board: &Board,
    tally: &Tally,
    now: Moment,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let until = board.time.moment(now);
    let say = |english, spanish| board.language.say(english, spanish);
    let (day, took) = (clock(board.time.passed(now)), clock(now.since(board.time.began)));
    let speed = board.time.speed.factor();
    match board.language {
        Language::English => {
            writeln!(out, "{day} of the site's day in {took} (x{speed}); all times below are the site's\n")?;
        }
        Language::Spanish => writeln!(
            out,
            "{day} del día del sitio en {took} (x{speed}); los tiempos que siguen son los del sitio\n"
        )?,
    }
    writeln!(out, "{}", board.ledger.day(until).table(board.language))?;
    match board.ledger.books(until) {
        Ok(()) => writeln!(
            out,
            "{}",
            say(
                "the books balance: every contact has one outcome, every agent's time adds up",
                "las cuentas cuadran: cada contacto tiene un solo resultado, y los tiempos de cada agente suman",
            )
        )?,
        Err(imbalance) => {
            writeln!(out, "{}: {imbalance}", say("THE BOOKS DO NOT BALANCE", "LAS CUENTAS NO CUADRAN"))?;
        }
    }
    let Tally { sent, received, lost, audible, conversed, .. } = tally;
    match board.language {
        Language::English => writeln!(
            out,
            "RTP: {sent} packets from the phones, {received} to them, {lost} lost; {audible} of {conversed} sides of a \
             talk heard the other"
        )?,
        Language::Spanish => writeln!(
            out,
            "RTP: {sent} paquetes de los teléfonos, {received} hacia ellos, {lost} perdidos; {audible} de {conversed} \
             lados de una conversación oyeron al otro"
        )?,
    }
    for (status, times) in &tally.refused {
        writeln!(out, "{} {status}: {times}", say("refused with", "rechazadas con"))?;
    }
    if let Some(confusion) = &tally.last_confusion {
        let count = tally.confused;
        match board.language {
            Language::English => {
                writeln!(out, "the phones saw {count} breaks of SIP's rules, the last: {confusion}")?;
            }
            Language::Spanish => {
                writeln!(
                    out,
                    "los teléfonos vieron {count} faltas a las reglas de SIP, la última: {confusion}"
                )?;
            }
        }
    }
    Ok(())
}
