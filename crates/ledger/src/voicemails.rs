//! Books voicemail: a caller who leaves a message is in no line meanwhile.

use turno_model::{Voicemail, VoicemailChange};

use crate::ledger::Ledger;

impl Ledger {
    pub(crate) fn on_voicemail(&mut self, voicemail: &Voicemail) {
        let Voicemail { contact, queue, change } = *voicemail;
        self.book(queue, |figures| figures.voicemails.count(change));
        // Who was given back by an agent is booked as answered, and in no line of the books.
        let waiting = self.contacts.get(&contact).filter(|open| open.is_waiting());
        let place = waiting.and_then(|open| open.visit.as_ref());
        let Some(place) = place.map(|visit| (visit.since, contact)) else { return };
        let Some(book) = self.queues.get_mut(queue.index()) else { return };
        match change {
            VoicemailChange::Began(_) | VoicemailChange::PutOff { .. } => {
                book.leave(place);
                book.put_off.insert(place);
            }
            VoicemailChange::WaitsOn | VoicemailChange::Due => {
                book.leave(place);
                book.line.insert(place);
            }
            VoicemailChange::Refused(_)
            | VoicemailChange::Recorded { .. }
            | VoicemailChange::Discarded(_)
            | VoicemailChange::Kept { .. }
            | VoicemailChange::Left { .. }
            | VoicemailChange::Played { .. }
            | VoicemailChange::Heard { .. }
            | VoicemailChange::NotPlayed { .. }
            | VoicemailChange::Expired => {}
        }
    }
}
