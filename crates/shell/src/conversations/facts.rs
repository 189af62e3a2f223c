//! What facts mean for conversations: an offer, its end, a talk, the end of a contact.

use std::collections::BTreeMap;

use turno_channels::ConversationId;
use turno_channels::conversation::Event;
use turno_conversations::{Step, Store, Trouble};
use turno_model::{AgentId, ContactId, Fact, OfferOutcome, Plan, PlanIndex};

use crate::conversations::office::now;
use crate::conversations::turn::Turn;
use crate::facts::batch::Batch;

/// The steps of the conversations that a batch of facts is about.
///
/// # Errors
/// [`Trouble`].
pub(crate) fn steps(store: &Store, batch: &Batch, plan: &Plan) -> Result<Vec<Step>, Trouble> {
    let mut turns: BTreeMap<ConversationId, Turn> = BTreeMap::new();
    let mut of_contact: BTreeMap<ContactId, Option<ConversationId>> = BTreeMap::new();
    let at = now();
    for (_, fact) in batch {
        let Some((contact, event)) = event(fact, batch.places().map(AsRef::as_ref), plan) else { continue };
        let known = match of_contact.get(&contact) {
            Some(known) => *known,
            None => {
                let kept = store.of_contact(contact.0)?;
                let id = kept.as_ref().map(|kept| kept.id);
                if let Some(kept) = kept {
                    turns.entry(kept.id).or_insert_with(|| Turn::new(kept, plan));
                }
                of_contact.insert(contact, id);
                id
            }
        };
        if let Some(turn) = known.and_then(|id| turns.get_mut(&id)) {
            turn.notes(event, at);
        }
    }
    Ok(turns.into_values().map(Turn::into_step).collect())
}

#[expect(clippy::wildcard_enum_match_arm, reason = "all other facts say nothing of a conversation")]
fn event(fact: &Fact, places: Option<&PlanIndex>, plan: &Plan) -> Option<(ContactId, Event)> {
    let agent = |agent: AgentId| extension(agent, places, plan);
    match fact {
        Fact::Offered { contact, agent: to, .. } => {
            Some((*contact, Event::Offered { contact: contact.0, agent: agent(*to) }))
        }
        Fact::OfferSettled { contact, outcome, .. } if *outcome != OfferOutcome::Accepted => {
            Some((*contact, Event::NotTaken { contact: contact.0 }))
        }
        Fact::Connected { contact, agent: by, .. } => {
            Some((*contact, Event::Taken { contact: contact.0, agent: agent(*by) }))
        }
        Fact::ContactEnded { contact, .. } => Some((*contact, Event::Ended { contact: contact.0 })),
        _ => None,
    }
}

/// The extension of an agent, also of a fact from another plan's time.
fn extension(agent: AgentId, places: Option<&PlanIndex>, plan: &Plan) -> String {
    let of_then = places.and_then(|places| places.agents.get(agent.index()));
    let found = match of_then {
        Some(name) => plan.agents.iter().find(|known| known.name == *name),
        None => plan.agents.get(agent.index()),
    };
    found.map_or_else(String::new, |found| found.extension.to_string())
}
