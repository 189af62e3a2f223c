//! Handles bindings that were added, moved or removed.

use turno_ground::{Flow, Moment};
use turno_model::SeatId;
use turno_sip::{BindingChange, BindingChangeKind};

use crate::means::Means;
use crate::seats::Seats;
use crate::user::{address_in, user_of};

impl Seats {
    /// A binding of the seat has changed.
    pub(super) fn on_binding_change(
        &mut self,
        seat: SeatId,
        change: &BindingChange,
        means: &mut Means<'_>,
        now: Moment,
    ) {
        match change.kind {
            BindingChangeKind::Added => {
                self.rows[seat.index()].add(&change.uri);
                self.watch(seat, &change.uri, means, now);
            }
            BindingChangeKind::Refreshed => return,
            BindingChangeKind::Moved(before) => {
                self.phone_has_moved(seat, before, &change.uri, means);
                return;
            }
            BindingChangeKind::Removed | BindingChangeKind::Expired => {
                self.rows[seat.index()].remove(&change.uri);
                if !self.lost_streams.is_empty() {
                    self.lost_streams.remove(&(seat, change.uri.clone()));
                }
            }
        }
        self.tell_contacts(seat);
    }

    /// A phone registered the Contact `uri` from another flow: a NAT changed its port, or it has a new connection. Its
    /// calls move to that flow.
    fn phone_has_moved(&self, seat: SeatId, before: Flow, uri: &str, means: &mut Means<'_>) {
        if means.plan.sip.contact_as_given {
            return;
        }
        let extension = &means.plan.seats[seat.index()].extension;
        let Some(fresh) = self.registrar.bindings(extension).iter().find(|binding| binding.uri == uri) else {
            return;
        };
        let is_theirs = |name: &str| address_in(name).and_then(user_of).as_deref() == Some(extension);
        means.stack.peer_has_moved(before, fresh.source, is_theirs);
    }
}
