//! Checks who hears whom while an agent consults somebody: the facts against the media commands.

use turno_media_plan::{Audio, Member, Role, StreamId};
use turno_model::ContactId;

use crate::world::World;

impl World {
    /// Wounds: the citizen hears what is said of them; the citizen hears nothing at all meanwhile; who should talk with two
    /// others stays outside.
    pub(crate) fn check_aside(&self) {
        for (agent, contact, is_aside) in self.invariants.passed.words() {
            let Some(caller) = self.caller_stream(contact) else { continue };
            let with = self.media.bridges().find(|members| members.iter().any(|it| it.stream == caller));
            let with = with.map_or(&[][..], Vec::as_slice);
            let talks = |it: &&Member| matches!(it.role, Role::Talk(_) | Role::Whisper);
            let others = with.iter().filter(talks).filter(|it| it.stream != caller).count();
            if is_aside {
                assert_eq!(others, 0, "{agent:?} talks aside, and the caller of {contact:?} is with them");
                let playing = self.media.playing_to(caller);
                let is_entertained = matches!(playing, Some(Audio::Music | Audio::Prompts(_)));
                assert!(is_entertained, "{agent:?} talks aside, and the caller hears {playing:?}");
            } else {
                assert!(others >= 2, "{agent:?} wants a talk of three, and the caller talks with {others}");
            }
        }
    }

    /// The stream to the caller of a contact, if there is one.
    fn caller_stream(&self, contact: ContactId) -> Option<StreamId> {
        self.stream_of(*self.calling.get(&contact)?)
    }

    /// The stream to a caller in this attempt, if there is one.
    pub(crate) fn stream_of(&self, (caller, attempt): (u32, u8)) -> Option<StreamId> {
        let client = self.clients.get(&caller).filter(|client| client.attempt == attempt)?;
        let (rtp, _) = self.persons[client.person].keys_as.get(&client.call?)?;
        self.media.towards(*rtp).map(|(stream, _)| stream)
    }
}
