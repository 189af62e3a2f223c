//! Runs the errands that conversations have left: orders to the engine, in their order, each until it is answered.

use compact_str::CompactString;
use turno_channels::Address;
use turno_channels::conversation::{Effect, Event};
use turno_conversations::{Errand as Row, Kept, Trouble};
use turno_ground::Pii;
use turno_model::{Act, Channel, ContactId, Done, Newcomer, Refusal, Spoken};

use crate::conversations::office::{Office, now};
use crate::conversations::settings::queue_of;
use crate::conversations::turn::{Errand, Turn};

/// Errands that are read at once.
const AT_ONCE: u32 = 32;

/// What came of an errand.
enum Came {
    /// It is done; the machine takes this.
    Done(Option<Event>),
    /// The engine does not answer: again, before all later ones.
    Again,
}

/// Runs all errands. False: the engine does not answer, so the rest waits.
///
/// # Errors
/// [`Trouble`].
pub(crate) fn run(office: &Office) -> Result<bool, Trouble> {
    loop {
        let errands = office.store().errands(AT_ONCE)?;
        if errands.is_empty() {
            return Ok(true);
        }
        for errand in errands {
            if !run_one(office, &errand)? {
                return Ok(false);
            }
        }
    }
}

fn run_one(office: &Office, row: &Row) -> Result<bool, Trouble> {
    let Some(kept) = office.store().conversation(row.conversation)? else {
        office.store().step(&[], (None, Some(row.id)), now())?;
        return Ok(true);
    };
    let came = match serde_json::from_str(&row.what) {
        Ok(Errand::Order(effect)) => order(office, &kept, &effect),
        Ok(Errand::CallBack(number)) => call_back(office, &kept, &number),
        Err(why) => {
            tracing::error!("an errand of a conversation is left out, since it can't be read: {why}");
            Came::Done(None)
        }
    };
    let Came::Done(event) = came else { return Ok(false) };
    let at = now();
    let mut store = office.store();
    let mut steps = Vec::new();
    // The conversation may have gone on while the engine was asked.
    if let Some((event, kept)) = event.zip(store.conversation(row.conversation)?) {
        let mut turn = Turn::new(kept, &office.plan());
        turn.notes(event, at);
        steps.push(turn.into_step());
    }
    store.step(&steps, (None, Some(row.id)), at)?;
    drop(store);
    office.ring(row.conversation);
    Ok(true)
}

fn order(office: &Office, kept: &Kept, effect: &Effect) -> Came {
    match effect {
        Effect::Enqueue { round, .. } => enqueue(office, kept, effect, *round),
        Effect::Withdraw { contact } => is_done(office, Act::Withdraw(ContactId(*contact))),
        Effect::Finish { contact, agent, code } => {
            let agent = CompactString::from(agent);
            if let Came::Again = is_done(office, Act::Finish(agent.clone(), ContactId(*contact))) {
                return Came::Again;
            }
            match code {
                // The contact is over, so it is the agent's last one.
                Some(code) => is_done(office, Act::WrapUp(agent, code.into())),
                None => Came::Done(None),
            }
        }
        Effect::AskBot
        | Effect::AskPerson
        | Effect::TellClosed
        | Effect::TellGivenBack
        | Effect::TellNobody => Came::Done(None),
    }
}

/// The same order again finds nothing to do, so every answer but none is an answer.
fn is_done(office: &Office, order: Spoken) -> Came {
    match office.obey(order) {
        Err(Refusal::NoAnswer) => Came::Again,
        Ok(_) | Err(_) => Came::Done(None),
    }
}

fn enqueue(office: &Office, kept: &Kept, effect: &Effect, of_round: u32) -> Came {
    let Effect::Enqueue { round, queue, since, prefer, is_theirs } = effect else { return Came::Done(None) };
    let channel = kept.address.channel();
    let plan = office.plan();
    let known = |name: &&str| plan.queues.iter().any(|queue| queue.name == *name);
    let wanted = queue.as_deref().filter(known).or(kept.queue.as_deref().filter(known));
    let Some(queue) = wanted.or_else(|| queue_of(&plan, channel)) else {
        return Came::Done(Some(Event::NotQueued { round: of_round }));
    };
    let newcomer = Newcomer {
        channel,
        queue: CompactString::from(queue),
        from: Pii(who(kept)),
        since: Some(office.moment(*since)),
        prefer: prefer.as_deref().map(CompactString::from),
        is_theirs: *is_theirs,
        key: Some(CompactString::from(format!("c{}.{round}", kept.id.0))),
    };
    match office.obey(Act::Enqueue(newcomer)) {
        Ok(Done::Queued(contact)) => Came::Done(Some(Event::Queued { round: *round, contact: contact.0 })),
        Err(Refusal::NoAnswer) => Came::Again,
        Ok(_) | Err(_) => Came::Done(Some(Event::NotQueued { round: *round })),
    }
}

/// Somebody who left a number with the bot is a contact of the channel's queue, for an agent who calls.
fn call_back(office: &Office, kept: &Kept, number: &str) -> Came {
    let plan = office.plan();
    let Some(queue) = kept.queue.as_deref().or_else(|| queue_of(&plan, kept.address.channel())) else {
        return Came::Done(None);
    };
    let key = Some(CompactString::from(format!("c{}.callback.{number}", kept.id.0)));
    let newcomer = Newcomer { key, ..Newcomer::now(Channel::Callback, queue.into(), Pii(number.into())) };
    is_done(office, Act::Enqueue(newcomer))
}

/// Who it is, as the room and its facts show.
fn who(kept: &Kept) -> CompactString {
    match &kept.address {
        Address::Chat(_) => CompactString::from(format!("chat {}", kept.id.0)),
        Address::WhatsApp { number: Some(number), .. } => number.into(),
        Address::WhatsApp { number: None, .. } | Address::Mail(_) => kept.address.key().into(),
    }
}
