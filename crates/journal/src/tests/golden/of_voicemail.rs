//! Facts about voicemail in the golden journal.

use core::time::Duration;

use turno_ground::Pii;
use turno_model::{
    Channel, ContactId, Fact, MessageDiscarded, MessageEnd, RecordingChange, RecordingId, StepDid, StepTaken,
    StepWhy, Voicemail, VoicemailChange, VoicemailRefusal, VoicemailWhy,
};

use super::{AGENT, CONTACT, QUEUE};

pub(super) fn voicemail_facts() -> Vec<Fact> {
    let (length, voiced, agent) = (Duration::from_secs(12), Duration::from_secs(9), AGENT);
    let recording = RecordingId(1_795_617_175_477_571);
    let ends =
        [MessageEnd::Key, MessageEnd::Silence, MessageEnd::TooLong, MessageEnd::HungUp, MessageEnd::Lost];
    let discarded = [MessageDiscarded::Empty, MessageDiscarded::Again, MessageDiscarded::Unwanted];
    let later = [
        VoicemailChange::WaitsOn,
        VoicemailChange::Kept { message: ContactId(9) },
        VoicemailChange::Left { caller: ContactId(9), recording, length },
        VoicemailChange::Played { agent },
        VoicemailChange::Heard { agent },
        VoicemailChange::NotPlayed { agent },
        VoicemailChange::Expired,
        VoicemailChange::PutOff { span: Duration::from_secs(60) },
        VoicemailChange::Due,
    ];
    let began = [VoicemailWhy::Step, VoicemailWhy::Key].map(VoicemailChange::Began);
    let changes = began
        .into_iter()
        .chain(VoicemailRefusal::ALL.map(VoicemailChange::Refused))
        .chain(ends.map(|end| VoicemailChange::Recorded { length, voiced, end }))
        .chain(discarded.map(VoicemailChange::Discarded))
        .chain(later);
    let change = RecordingChange::MessageBegan { queue: QUEUE, class: "standard".into() };
    let arrived = Fact::ContactArrived {
        contact: CONTACT,
        channel: Channel::Voicemail,
        from: Pii("+593991234567".into()),
        dialled: "general".into(),
        trunk: None,
    };
    let (why, did) = (StepWhy::Nobody, StepDid::Voicemail);
    let stepped = Fact::Stepped(StepTaken { contact: CONTACT, queue: QUEUE, number: 3, why, did });
    changes
        .map(|change| Fact::Voicemail(Voicemail { contact: CONTACT, queue: QUEUE, change }))
        .chain([Fact::Recording { contact: CONTACT, recording, change }, arrived, stepped])
        .collect()
}
