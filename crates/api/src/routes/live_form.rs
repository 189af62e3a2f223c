//! The live room, and what a user may see of its contacts.

use serde::Serialize;
use turno_access::{Deed, Principal, View};
use turno_ledger::Snapshot;
use turno_model::Plan;
use utoipa::ToSchema;

use crate::pages::pages_version;
use crate::routes::lost_form::LostForm;
use crate::routes::room_form::{ContactForm, RoomForm};

/// Most open contacts that a page is shown; the room says how many there are.
const CONTACTS_MAX: usize = 500;

/// The live room, and what this user may see of its contacts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Live {
    /// Now, in microseconds since 1970 (UTC), by turno's clock.
    at: u64,
    /// The version of the pages that this turno serves; another one than the page's own: load it again.
    pages: String,
    /// The room.
    room: RoomForm,
    /// Open contacts in the order of their numbers: an agent's own, others those of their queues. At most 500.
    contacts: Vec<ContactForm>,
    /// How many open contacts there are, also those that are not shown.
    open: usize,
    /// Callers who gave up in the last 30 minutes and were not answered since, the latest first.
    lost: Vec<LostForm>,
    /// Trunks that are out of service, by their names in the plan.
    trunks_down: Vec<String>,
}

impl Live {
    /// What this user sees of a room.
    pub(crate) fn new(room: &Snapshot, plan: &Plan, who: &Principal) -> Self {
        let sees_numbers = who.may(&Deed::See(View::Numbers)).is_ok();
        let forms = room.contacts.iter().map(|now| ContactForm::new(now, plan, sees_numbers));
        let mut contacts: Vec<ContactForm> = forms.filter(|form| form.is_seen_by(who)).collect();
        contacts.sort_by_key(ContactForm::number);
        let open = contacts.len();
        contacts.truncate(CONTACTS_MAX);
        Self {
            at: room.at.as_micros(),
            pages: pages_version(),
            room: RoomForm::new(room, plan, |queue| who.sees_queue(queue)),
            contacts,
            open,
            lost: LostForm::all(room, plan, sees_numbers, |queue| who.sees_queue(queue)),
            trunks_down: room
                .line_today
                .trunks_down
                .iter()
                .filter_map(|trunk| Some(plan.trunks.get(trunk.index())?.name.clone()))
                .collect(),
        }
    }
}
