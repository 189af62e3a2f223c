//! Messages by the facts: each is left once by one caller, waits or is heard, and ends once.

use std::collections::{BTreeMap, BTreeSet};

use turno_model::{
    AgentId, ContactId, ContactOutcome, EndedBy, Fact, RecordingChange, RecordingId, Voicemail,
    VoicemailChange,
};

/// Callers at voicemails, and messages that have not ended.
#[derive(Debug, Default)]
pub(crate) struct LeftMessages {
    /// Callers who are at a voicemail.
    visits: BTreeSet<ContactId>,
    /// Callers whose message was kept, and is about to come.
    kept: BTreeMap<ContactId, ContactId>,
    open: BTreeMap<ContactId, Left>,
    recordings: BTreeSet<RecordingId>,
    many: u64,
}

#[derive(Clone, Copy, Debug)]
struct Left {
    recording: RecordingId,
    /// An agent has heard it, or was told that it can't be played.
    is_over: bool,
    /// Its files are deleted.
    is_purged: bool,
    /// The agent who hears it.
    heard_by: Option<AgentId>,
}

impl LeftMessages {
    /// Reads a fact and checks it.
    pub(crate) fn reads(&mut self, fact: &Fact) {
        if let Fact::Voicemail(voicemail) = fact {
            self.changes(voicemail);
        } else if let Fact::Offered { contact, .. } = fact {
            // Wound: an agent gets a caller who is speaking.
            assert!(!self.visits.contains(contact), "{contact:?} is offered while the caller speaks");
            let purged = self.open.get(contact).is_some_and(|left| left.is_purged);
            assert!(!purged, "{contact:?} is offered, and its files are gone");
        } else if let Fact::Recording { recording, change: RecordingChange::Purged, .. } = fact {
            for left in self.open.values_mut().filter(|left| left.recording == *recording) {
                left.is_purged = true;
            }
        } else if let Fact::Connected { contact, agent, .. } = fact {
            self.open.get_mut(contact).into_iter().for_each(|left| left.heard_by = Some(*agent));
        } else if let Fact::ContactEnded { contact, outcome, by, .. } = fact {
            self.ends(*contact, *outcome, *by);
        }
    }

    fn changes(&mut self, voicemail: &Voicemail) {
        let contact = voicemail.contact;
        match voicemail.change {
            VoicemailChange::Began(_) => {
                assert!(self.visits.insert(contact), "{contact:?} is at the voicemail twice");
            }
            VoicemailChange::WaitsOn => {
                self.visits.remove(&contact);
            }
            VoicemailChange::Kept { message } => {
                assert!(self.visits.remove(&contact), "{contact:?} leaves a message from nowhere");
                let twice = self.kept.insert(contact, message);
                assert!(twice.is_none(), "{contact:?} leaves {message:?} and {twice:?}");
            }
            VoicemailChange::Left { caller, recording, .. } => {
                // Wound: after a restart one message is two contacts.
                let kept = self.kept.remove(&caller);
                assert_eq!(kept, Some(contact), "{caller:?} leaves one message");
                assert!(self.recordings.insert(recording), "{recording:?} is two messages");
                let left = Left { recording, is_over: false, is_purged: false, heard_by: None };
                assert!(self.open.insert(contact, left).is_none(), "{contact:?} is left twice");
                self.many += 1;
            }
            VoicemailChange::Heard { .. } | VoicemailChange::NotPlayed { .. } => {
                self.left(contact).is_over = true;
            }
            VoicemailChange::Played { .. } => {
                self.left(contact);
            }
            VoicemailChange::Refused(_)
            | VoicemailChange::Recorded { .. }
            | VoicemailChange::Discarded(_)
            | VoicemailChange::Expired
            | VoicemailChange::PutOff { .. }
            | VoicemailChange::Due => {}
        }
    }

    fn ends(&mut self, contact: ContactId, outcome: ContactOutcome, by: EndedBy) {
        self.visits.remove(&contact);
        if let Some(left) = self.open.remove(&contact) {
            // Wound: a message that nobody has heard counts as handled, and is gone.
            let is_handled = outcome == ContactOutcome::Answered && by == EndedBy::Agent;
            assert!(!is_handled || left.is_over, "{contact:?} is handled, and nobody has heard it: {left:?}");
            assert_ne!(outcome, ContactOutcome::Abandoned, "{contact:?} is a message: nobody gives up");
        }
    }

    fn left(&mut self, contact: ContactId) -> &mut Left {
        self.open.get_mut(&contact).expect("a message was left")
    }

    /// This agent presses the key that ends a message.
    pub(crate) fn ends_by_key(&mut self, agent: AgentId) {
        let heard = self.open.values_mut().filter(|left| left.heard_by == Some(agent));
        heard.for_each(|left| left.is_over = true);
    }

    /// The messages that have not ended.
    pub(crate) fn who_waits(&self) -> Vec<ContactId> {
        self.open.keys().copied().collect()
    }

    /// How many messages were left.
    pub(crate) const fn many(&self) -> u64 {
        self.many
    }

    /// What must be true at the end.
    pub(crate) fn prove_closed(&self) {
        assert!(self.open.is_empty() && self.kept.is_empty(), "messages are left: {self:?}");
        assert!(self.visits.is_empty(), "callers are at voicemails: {:?}", self.visits);
    }
}
