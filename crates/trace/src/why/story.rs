//! The whole story of one contact, from facts.

use turno_ground::Moment;
use turno_model::{ContactId, Fact};

use crate::why::answer::{Kind, Why};
use crate::why::room_then::RoomThen;
use crate::why::tale::Tale;
use crate::why::telling::{Telling, capital};

/// Why a contact was served as it was: its story in sentences. `facts` are consecutive, of all contacts and agents, and begin
/// some time before the contact: what the room looked like is computed from them. `None`: none of them is the contact's.
pub fn why(contact: ContactId, facts: &[(Moment, Fact)], telling: Telling<'_>) -> Option<Why> {
    let is_ours = |fact: &Fact| fact.contact() == Some(contact);
    let first = facts.iter().position(|(_, fact)| is_ours(fact))?;
    let last = facts.iter().rposition(|(_, fact)| is_ours(fact))?;
    let mut tale = Tale::new(contact, telling, RoomThen::before(facts, telling));
    for (place, (at, fact)) in facts.iter().enumerate().take(last + 1) {
        let in_line = matches!(fact, Fact::Queued { .. } | Fact::Reprioritised { .. } | Fact::Stepped(_));
        if is_ours(fact) {
            if place == first && !matches!(fact, Fact::ContactArrived { .. }) {
                came_before(&mut tale, *at);
            }
            if in_line {
                tale.room.hear(*at, fact);
            }
            tell(&mut tale, *at, fact);
        } else if tale.wait.is_some() {
            tale.meanwhile(*at, fact);
        }
        if place >= first && matches!(fact, Fact::Started) {
            restarted(&mut tale, *at);
        }
        if !(is_ours(fact) && in_line) {
            tale.room.hear(*at, fact);
        }
    }
    let is_open = facts.iter().all(|(_, fact)| !is_ours(fact) || !is_end(fact));
    if is_open {
        goes_on(&mut tale, facts.last().map_or(Moment::default(), |(at, _)| *at));
    }
    let language = telling.language;
    Some(Why { contact: Some(contact.0), language, sentences: tale.into_said() })
}

fn tell(tale: &mut Tale<'_>, at: Moment, fact: &Fact) {
    tale.tell_let_go(fact);
    tale.arrives(at, fact);
    tale.waits(at, fact);
    tale.is_offered(at, fact);
    tale.talks(at, fact);
}

const fn is_end(fact: &Fact) -> bool {
    matches!(fact, Fact::TurnedAway { .. } | Fact::ContactEnded { .. } | Fact::OwnCallSettled { .. })
}

/// The contact is older than the facts that are kept.
fn came_before(tale: &mut Tale<'_>, at: Moment) {
    let when = tale.when(at);
    let text = say!(
        tale.language(),
        "How the call came is not known any more: what is kept of it begins {when}.",
        "Ya no se sabe cómo llegó la llamada: lo que se conserva de ella empieza {when}."
    );
    tale.say(Kind::Unknown, at, text);
}

/// turno was started again while the contact was there.
fn restarted(tale: &mut Tale<'_>, at: Moment) {
    let when = capital(&tale.when(at));
    let text = say!(
        tale.language(),
        "{when} the telephone system was started again, and went on with the call where it was.",
        "{when} el sistema telefónico se reinició y siguió con la llamada donde estaba."
    );
    tale.say(Kind::Unknown, at, text);
}

/// The contact has not ended.
fn goes_on(tale: &mut Tale<'_>, at: Moment) {
    tale.tell_hold_up();
    let text = say!(
        tale.language(),
        "The call had not ended when this was written.",
        "La llamada no había terminado cuando se escribió esto."
    );
    tale.say(Kind::Unknown, at, text);
}
