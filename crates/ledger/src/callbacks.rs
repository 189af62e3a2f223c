//! Figures of callbacks.

use std::collections::BTreeSet;

use turno_model::CallbackChange;

use crate::contact::InLine;
use crate::figures::CallbackFigures;

/// Counts what happened to a callback.
pub(crate) const fn count(figures: &mut CallbackFigures, change: &CallbackChange) {
    match change {
        CallbackChange::Offered(_) => figures.offered += 1,
        CallbackChange::Asked { .. } => figures.asked += 1,
        CallbackChange::Dialled { .. } => figures.dials += 1,
        CallbackChange::Reached => figures.reached += 1,
        CallbackChange::GivenUp => figures.given_up += 1,
        CallbackChange::CancelledByCall { .. } => figures.cancelled += 1,
        CallbackChange::Refused(_)
        | CallbackChange::PutOff { .. }
        | CallbackChange::Due
        | CallbackChange::Failed(_) => {}
    }
}

/// A contact that is put off is in no line.
pub(crate) fn stand(line: &mut BTreeSet<InLine>, place: InLine, change: &CallbackChange) {
    match change {
        CallbackChange::PutOff { .. } => drop(line.remove(&place)),
        CallbackChange::Due => drop(line.insert(place)),
        CallbackChange::Offered(_)
        | CallbackChange::Asked { .. }
        | CallbackChange::Refused(_)
        | CallbackChange::Dialled { .. }
        | CallbackChange::Failed(_)
        | CallbackChange::Reached
        | CallbackChange::GivenUp
        | CallbackChange::CancelledByCall { .. } => {}
    }
}
