//! `turno bans`: who is shut out, and by whom it is changed.

use core::net::IpAddr;
use core::time::Duration;
use std::sync::mpsc::sync_channel;

use turno_engine::BanSeen;
use turno_ground::Moment;
use turno_model::{Asker, Command, Done, Refusal};
use turno_trace::{Answer, BanRow, Bans};

use crate::engine_thread::inbox::{Inbox, Letter};

/// How long the engine's thread may take to answer.
const ANSWER_SPAN_MAX: Duration = Duration::from_secs(2);

/// Answers one question about bans. Waits for the engine's thread: not for the runtime's threads.
pub(crate) fn answer(inbox: &Inbox, asked: &Bans) -> Answer {
    let done = match asked {
        Bans::List => return list(inbox),
        Bans::Ban { address, seconds } => {
            address_of(address).map(|address| Command::Ban(address, Duration::from_secs(*seconds)))
        }
        Bans::Lift { address } => address_of(address).map(Command::LiftBan),
    };
    match done.and_then(|it| command(inbox, it).map_err(|why| why.to_string())) {
        Ok(_) => Answer::Bans(Vec::new()),
        Err(why) => Answer::Refused(why),
    }
}

fn address_of(text: &str) -> Result<IpAddr, String> {
    // A network of 64 bits is meant by any address in it, and listed with its length.
    text.strip_suffix("/64").unwrap_or(text).parse().map_err(|_| {
        format!("`{}` is no address; one is like 192.0.2.9 or 2001:db8::1", text.escape_default())
    })
}

fn command(inbox: &Inbox, command: Command) -> Result<Done, Refusal> {
    let (answer, answered) = sync_channel(1);
    if !inbox.post(Letter::Command(Asker::Control, command, Some(answer))) {
        return Err(Refusal::NoAnswer);
    }
    answered.recv_timeout(ANSWER_SPAN_MAX).unwrap_or(Err(Refusal::NoAnswer))
}

fn list(inbox: &Inbox) -> Answer {
    let (answer, answered) = sync_channel(1);
    if !inbox.post(Letter::Bans(answer)) {
        return Answer::Refused(Refusal::NoAnswer.to_string());
    }
    match answered.recv_timeout(ANSWER_SPAN_MAX) {
        Ok((bans, now)) => Answer::Bans(bans.iter().map(|ban| row(ban, now)).collect()),
        Err(_) => Answer::Refused(Refusal::NoAnswer.to_string()),
    }
}

fn row(ban: &BanSeen, now: Moment) -> BanRow {
    BanRow {
        source: ban.source.clone(),
        why: ban.why.word().to_owned(),
        strikes: ban.strikes,
        dropped: ban.dropped,
        seconds_left: ban.until.since(now).as_secs(),
    }
}
