//! Figures of callbacks.

use turno_model::CallbackChange;

use crate::contact::InLine;
use crate::figures::CallbackFigures;
use crate::ledger::QueueBook;

/// Counts what happened to a callback.
pub(crate) const fn count(figures: &mut CallbackFigures, change: &CallbackChange) {
    match change {
        CallbackChange::Offered(_) => figures.offered += 1,
        CallbackChange::Asked { .. } => figures.asked += 1,
        CallbackChange::Dialled { .. } => figures.dials += 1,
        CallbackChange::Reached => figures.reached += 1,
        CallbackChange::GivenUp => figures.given_up += 1,
        CallbackChange::CancelledByCall { .. } => figures.cancelled += 1,
        CallbackChange::LeftInLine => figures.left_in_line += 1,
        CallbackChange::Refused(_)
        | CallbackChange::PutOff { .. }
        | CallbackChange::Due
        | CallbackChange::PickedUp
        | CallbackChange::LeftMessage
        | CallbackChange::Failed(_) => {}
    }
}

/// A contact that is put off is in no line.
pub(crate) fn stand(book: &mut QueueBook, place: InLine, change: &CallbackChange) {
    match change {
        CallbackChange::PutOff { .. } => {
            book.leave(place);
            book.put_off.insert(place);
        }
        CallbackChange::Due => {
            book.leave(place);
            book.line.insert(place);
        }
        CallbackChange::Offered(_)
        | CallbackChange::Asked { .. }
        | CallbackChange::Refused(_)
        | CallbackChange::Dialled { .. }
        | CallbackChange::Failed(_)
        | CallbackChange::Reached
        | CallbackChange::GivenUp
        | CallbackChange::PickedUp
        | CallbackChange::LeftInLine
        | CallbackChange::LeftMessage
        | CallbackChange::CancelledByCall { .. } => {}
    }
}
