//! Conversations as the API tells them.

use turno_api::{ChatForm, ConversationForm, Hint, Stage};
use turno_channels::conversation::{Silence, Stage as Machine};
use turno_channels::{Address, Author, Body, Message, MessageId, Millis};
use turno_conversations::{Kept, Line, Store, Trouble};
use turno_ledger::{ContactNow, ContactStage};
use turno_model::Channel;

use crate::conversations::office::Office;
use crate::conversations::saved::Saved;
use crate::conversations::settings::{limits, queue_of};

/// The first words of a message in a list, in characters.
const WORDS_MAX: usize = 120;

/// Messages that are looked through for the last words and marks.
const LOOKED_THROUGH: u32 = 20;

/// For how long WhatsApp takes free words after the person's last message, in seconds.
const FREE_SECS: i64 = 24 * 3_600;

/// A conversation for agents.
///
/// # Errors
/// [`Trouble`].
pub(crate) fn conversation(office: &Office, store: &Store, kept: &Kept) -> Result<ConversationForm, Trouble> {
    let saved = Saved::read(&kept.standing);
    let machine = &saved.machine;
    let lines = store.messages_before(kept.id, None, LOOKED_THROUGH)?;
    let last = lines.last().map(|line| &line.message);
    let spoken = lines.iter().rev().map(|line| &line.message).find(|one| one.body.words().is_some());
    let plan = office.plan();
    let channel = kept.address.channel();
    let queue = machine.queue.as_deref().or(kept.queue.as_deref()).or_else(|| queue_of(&plan, channel));
    let draft = match machine.holder() {
        Some(agent) => store.draft(kept.id, agent)?.map(|draft| draft.text),
        None => None,
    };
    let is_free_until = (channel == Channel::WhatsApp).then_some(kept.person_wrote).flatten();
    Ok(ConversationForm {
        conversation: kept.id.0,
        version: office.version(kept.id),
        channel: channel.word().to_owned(),
        stage: stage(&machine.stage),
        queue: queue.map(str::to_owned),
        agent: machine.holder().map(str::to_owned),
        is_offered: matches!(machine.stage, Machine::Waiting { offered: Some(_), .. }),
        contact: machine.contact(),
        name: kept.name.clone(),
        address: shown(&kept.address),
        subject: kept.subject.clone(),
        language: kept.language.clone(),
        began: kept.begun.0,
        waits_since: waits_since(&saved).map(|since| since.0),
        last_at: last.map_or(kept.begun, |last| last.at).0,
        last: last.map_or(0, |last| last.id.0),
        last_words: spoken.and_then(first_words),
        last_by: spoken.map(|one| author_word(&one.author).to_owned()),
        unread: u32::try_from(store.unseen(kept.id)?).unwrap_or(u32::MAX),
        seen_by_person: kept.person_seen.0,
        is_typing: office.is_typing(kept.id, true),
        draft,
        parked_until: match &machine.stage {
            Machine::Parked { until, .. } => Some(until.0),
            Machine::New | Machine::Bot | Machine::Waiting { .. } | Machine::With { .. } | Machine::Done => {
                None
            }
        },
        free_until: is_free_until.map(|wrote| wrote.plus_secs(FREE_SECS).0),
        procedures: saved
            .likely
            .iter()
            .map(|it| Hint { id: it.id.clone(), name: it.name.clone(), score: it.score })
            .collect(),
        marks: marks(&lines),
        rating: kept.rating,
    })
}

/// A chat for its person.
///
/// # Errors
/// [`Trouble`].
pub(crate) fn chat(office: &Office, store: &Store, kept: &Kept) -> Result<ChatForm, Trouble> {
    let saved = Saved::read(&kept.standing);
    let machine = &saved.machine;
    let last = store.messages_before(kept.id, None, 1)?;
    let plan = office.plan();
    let stage = stage(&machine.stage);
    // Only a person can be rated, and only when it is over.
    let asks_rating = stage == Stage::Done && machine.agent.is_some() && kept.rating.is_none();
    Ok(ChatForm {
        conversation: kept.id.0,
        stage,
        language: kept.language.clone().unwrap_or_else(|| "es".to_owned()),
        name: kept.name.clone(),
        place: None,
        wait: None,
        agent_name: None,
        is_typing: office.is_typing(kept.id, false),
        last: last.last().map_or(0, |line| line.message.id.0),
        seen: kept.agent_seen.0,
        rating: kept.rating,
        asks_rating,
        file_bytes_max: limits(&plan.written).file_bytes_max,
    })
}

/// The place in its line of a contact, 1 for the next one, and whether nobody else who writes waits before it in any queue: the
/// estimate of the wait counts callers alone. It counts the whole room, so the file must not be locked.
pub(crate) fn place_of(office: &Office, contact: u64) -> Option<(u32, bool)> {
    let room = office.room();
    let own = room.contacts.iter().find(|one| one.contact.0 == contact)?;
    if own.stage != ContactStage::Waiting {
        return None;
    }
    let waits = |one: &&ContactNow| one.stage == ContactStage::Waiting && !one.is_put_off;
    let place = |one: &ContactNow| (one.priority, one.waited, core::cmp::Reverse(one.contact));
    let before = || room.contacts.iter().filter(waits).filter(|one| place(one) > place(own));
    let ahead = before().filter(|one| one.queue == own.queue).count();
    let is_first =
        before().all(|one| !matches!(one.channel, Channel::Chat | Channel::WhatsApp | Channel::Email));
    Some((u32::try_from(ahead + 1).ok()?, is_first))
}

fn stage(stage: &Machine) -> Stage {
    match stage {
        Machine::New | Machine::Bot => Stage::Bot,
        Machine::Waiting { .. } => Stage::Waiting,
        Machine::With { .. } => Stage::Agent,
        Machine::Parked { .. } => Stage::Parked,
        Machine::Done => Stage::Done,
    }
}

fn waits_since(saved: &Saved) -> Option<Millis> {
    match &saved.machine.stage {
        Machine::Waiting { .. } => saved.machine.first,
        Machine::With { silence: Silence::Agent { since }, .. } => Some(*since),
        Machine::New
        | Machine::Bot
        | Machine::With { silence: Silence::Person { .. }, .. }
        | Machine::Parked { .. }
        | Machine::Done => None,
    }
}

fn first_words(message: &Message) -> Option<String> {
    message.body.words().map(|words| words.chars().take(WORDS_MAX).collect())
}

/// The marks of the person's last message.
fn marks(lines: &[Line]) -> Vec<String> {
    let of_person = lines.iter().rev().find(|line| line.message.author == Author::Citizen);
    of_person.map(|line| line.marks.clone()).unwrap_or_default()
}

/// The number or the mail address of a person; a chat has none.
fn shown(address: &Address) -> Option<String> {
    match address {
        Address::Chat(_) => None,
        Address::WhatsApp { number: Some(number), .. } => Some(number.clone()),
        Address::WhatsApp { number: None, .. } | Address::Mail(_) => Some(address.key().to_owned()),
    }
}

const fn author_word(author: &Author) -> &'static str {
    match author {
        Author::Citizen => "citizen",
        Author::Bot => "bot",
        Author::Agent { .. } => "agent",
        Author::Turno => "turno",
    }
}

/// A message as the API wants it.
pub(crate) fn message(line: Line) -> turno_api::Kept {
    // A page of turno is the channel of a chat, so its number is the channel's name for the message.
    let own = line.external.filter(|_| line.message.author == Author::Citizen);
    turno_api::Kept { message: line.message, client: line.client.or(own) }
}

/// Whether one of a conversation's messages has this file, and that message's body.
///
/// # Errors
/// [`Trouble`].
pub(crate) fn body_with(
    store: &Store,
    conversation: turno_channels::ConversationId,
    file: &turno_channels::FileId,
) -> Result<Option<Body>, Trouble> {
    let mut after = MessageId(0);
    loop {
        let lines = store.messages(conversation, after, 500)?;
        let Some(last) = lines.last() else { return Ok(None) };
        after = last.message.id;
        let found = lines
            .into_iter()
            .map(|line| line.message.body)
            .find(|body| matches!(body, Body::File { file: known, .. } if known == file));
        if found.is_some() {
            return Ok(found);
        }
    }
}
