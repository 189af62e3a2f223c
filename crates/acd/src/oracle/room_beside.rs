//! Capacity beside present contacts, computed independently of the room.

use turno_model::Channel;
use turno_model::plan::AtOnce;

/// Whether one more contact of a channel fits. Each present contact has a flag: only offered.
pub(super) fn has_room(at_once: &AtOnce, in_hand: &[(Channel, bool)], channel: Channel) -> bool {
    let most = |channel: Channel| match channel {
        Channel::Voice | Channel::Callback | Channel::Voicemail => 1,
        Channel::Chat => u32::from(at_once.chats),
        Channel::WhatsApp => u32::from(at_once.whatsapp),
        Channel::Email => u32::from(at_once.emails),
    };
    let part = |channel: Channel| if channel == Channel::Email { 0 } else { 100 / most(channel) };
    let of_it = in_hand.iter().filter(|(other, _)| *other == channel).count();
    let parts: u32 = in_hand.iter().map(|(other, _)| part(*other)).sum();
    let is_whole = |channel| matches!(channel, Channel::Voice | Channel::Callback | Channel::Voicemail);
    let beside_whole = in_hand.iter().any(|(other, _)| is_whole(*other));
    let offered = in_hand.iter().any(|(_, is_offered)| *is_offered);
    let talks =
        in_hand.iter().filter(|(other, _)| matches!(other, Channel::Chat | Channel::WhatsApp)).count();
    if is_whole(channel) {
        return !offered && !beside_whole && talks <= at_once.calls_beside as usize;
    }
    !offered && !beside_whole && parts + part(channel) <= 100 && of_it < most(channel) as usize
}
