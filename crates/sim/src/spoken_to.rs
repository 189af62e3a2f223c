//! Who speaks to which queue and who hears it, by the facts: each speech has one begin and one end.

use std::collections::{BTreeMap, BTreeSet};

use turno_model::{AgentId, ContactId, Fact, QueueId, SpeechChange};

/// Who speaks to which queue and who has heard it, by the facts.
#[derive(Debug, Default)]
pub(crate) struct SpokenTo {
    pub(crate) live: BTreeMap<QueueId, (AgentId, BTreeSet<ContactId>)>,
    /// The queue in which each contact waits.
    pub(crate) waits: BTreeMap<ContactId, QueueId>,
    /// Contacts to whom a callback was offered: they may be asked questions while they wait.
    pub(crate) asked: BTreeSet<ContactId>,
    /// How many spoke, and how many heard them.
    many: (u64, u64),
}

impl SpokenTo {
    /// Reads a fact: each speech has one begin and one end, and counts each listener once.
    pub(crate) fn reads(&mut self, fact: &Fact) {
        if let Fact::LiveSpeech(speech) = fact {
            let (queue, speaker) = (speech.queue, speech.speaker);
            match speech.change {
                SpeechChange::Began { .. } => {
                    self.many.0 += 1;
                    let before = self.live.insert(queue, (speaker, BTreeSet::new()));
                    assert_eq!(before, None, "{speaker:?} is the second who speaks to {queue:?}");
                }
                SpeechChange::Heard { contact } => {
                    self.many.1 += 1;
                    let (by, heard) = self.live.get_mut(&queue).expect("somebody speaks who is heard");
                    assert_eq!(*by, speaker, "{contact:?} hears somebody else");
                    assert!(heard.insert(contact), "{contact:?} hears {speaker:?} for the first time twice");
                    let waits = self.waits.get(&contact);
                    assert_eq!(waits, Some(&queue), "{contact:?} hears {speaker:?}, who speaks to {queue:?}");
                }
                SpeechChange::Ended { heard } => {
                    let before = self.live.remove(&queue);
                    let many = before.and_then(|(_, heard)| u32::try_from(heard.len()).ok());
                    assert_eq!(many, Some(heard), "so many heard {speaker:?}, and so many were counted");
                }
            }
        } else if let Fact::Queued { contact, queue, .. } = fact {
            self.waits.insert(*contact, *queue);
        } else if let Fact::Connected { contact, .. } | Fact::ContactEnded { contact, .. } = fact {
            self.waits.remove(contact);
        } else if let Fact::Callback(contact, _) = fact {
            self.asked.insert(*contact);
        }
    }

    /// How many spoke, and how many heard them.
    pub(crate) const fn many(&self) -> (u64, u64) {
        self.many
    }

    /// Nobody speaks any more.
    pub(crate) fn prove_closed(&self) {
        assert!(self.live.is_empty(), "still speaking: {:?}", self.live);
    }
}
