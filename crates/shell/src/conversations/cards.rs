//! Cards that callers in menus asked for. Each leaves once, however often its fact is read.

use turno_channels::{Address, Author, Body, whatsapp};
use turno_conversations::{Beginner, Say, Trouble};
use turno_knowledge::ProcedureForm;
use turno_model::{Fact, Language, MenuChange, MenuStep, Plan};

use crate::conversations::office::{Office, now};
use crate::conversations::phrases::language;
use crate::facts::batch::Batch;

/// The last minutes of the span in which free words may be sent are not counted on: a letter may wait.
const MARGIN_SECS: i64 = 600;

/// The longest value of a template, in characters.
const VALUE_CHARS_MAX: usize = 900;

/// Sends the cards that a batch of facts asks for.
///
/// # Errors
/// [`Trouble`].
pub(crate) fn send(office: &Office, batch: &Batch, plan: &Plan) -> Result<(), Trouble> {
    for (_, fact) in batch {
        if let Fact::Menu(MenuStep { contact, change: MenuChange::Sent { procedure, to, .. }, .. }) = fact {
            send_one(office, plan, (contact.0, procedure), &to.0)?;
        }
    }
    Ok(())
}

fn send_one(
    office: &Office,
    plan: &Plan,
    (contact, procedure): (u64, &str),
    number: &str,
) -> Result<(), Trouble> {
    let template = plan.whatsapp.as_ref().and_then(|platform| platform.card_template.as_deref());
    let Some((template, card)) = template.zip(office.means.procedures.procedure(procedure)) else {
        tracing::error!("the card of `{procedure}` is not sent: the plan has it, or its template, no more");
        return Ok(());
    };
    let address = Address::WhatsApp { number: Some(number.to_owned()), user: None };
    let who = Beginner { address: &address, name: None, subject: None, language: None, queue: None };
    let at = now();
    let mut store = office.store();
    let conversation = store.begin(&who, at)?;
    let wrote = store.conversation(conversation)?.and_then(|kept| kept.person_wrote);
    let is_free = wrote.is_some_and(|wrote| at.secs_since(wrote) < whatsapp::WINDOW_SECS - MARGIN_SECS);
    let language = language(None, plan.language);
    let say = Say {
        author: Author::Bot,
        body: if is_free { words(&card, language) } else { templated(&card, template, language) },
        client: Some(format!("menu {contact} {procedure}")),
        is_automatic: true,
    };
    store.say(conversation, &say, at)?;
    drop(store);
    office.ring(conversation);
    Ok(())
}

fn words(card: &ProcedureForm, language: Language) -> Body {
    Body::Card {
        procedure: card.id.clone(),
        text: turno_channels::bot::card(card, language),
        choices: Vec::new(),
    }
}

/// A template has three values: the name, what is needed, and the page or the source.
fn templated(card: &ProcedureForm, template: &str, language: Language) -> Body {
    let text = turno_channels::bot::card(card, language);
    let name = card.name.clone();
    let what: String = text.strip_prefix(&name).unwrap_or(&text).trim().replace('\n', " ");
    let what = what.chars().take(VALUE_CHARS_MAX).collect();
    let page = card.online.as_ref().or_else(|| card.source.first()).unwrap_or(&card.institution).clone();
    Body::Template {
        name: template.to_owned(),
        language: language.code().to_owned(),
        parameters: vec![name, what, page],
        text,
    }
}
