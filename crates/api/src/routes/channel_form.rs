//! Who waits in line, by channel.

use serde::Serialize;
use turno_ground::Moment;
use turno_ledger::{ContactNow, ContactStage, Snapshot};
use turno_model::{Channel, Plan};
use utoipa::ToSchema;

/// Every channel, in the order in which they are shown.
const CHANNELS: [Channel; 6] =
    [Channel::Voice, Channel::Callback, Channel::Voicemail, Channel::Chat, Channel::WhatsApp, Channel::Email];

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ChannelForm {
    /// `voice`, `callback`, `voicemail`, `chat`, `whatsapp` or `email`.
    channel: &'static str,
    /// Contacts in line, including those whose offer rings.
    waiting: u32,
    /// Since when the one that has waited longest waits, in microseconds since 1970 (UTC).
    waiting_since: Option<u64>,
    /// When the next of them passes its queue's wait target, in microseconds since 1970 (UTC); earlier than now: it has passed.
    due: Option<u64>,
    /// Contacts with agents.
    in_progress: u32,
}

impl ChannelForm {
    /// The channels that the plan has or that have a contact, of the queues that `sees` lets through.
    pub(crate) fn all(room: &Snapshot, plan: &Plan, sees: impl Fn(&str) -> bool) -> Vec<Self> {
        let queue = |now: &ContactNow| plan.queues.get(now.queue?.index());
        let seen = room.contacts.iter().filter(|now| queue(now).is_some_and(|queue| sees(&queue.name)));
        let seen: Vec<&ContactNow> = seen.collect();
        let of = |channel: Channel| {
            let own = || seen.iter().copied().filter(move |now| now.channel == channel);
            let waits = |now: &&ContactNow| {
                !now.is_put_off && matches!(now.stage, ContactStage::Waiting | ContactStage::Ringing(_))
            };
            let since = |now: &ContactNow| room.at - now.waited;
            let target = |now: &ContactNow| Some(since(now) + queue(now)?.wait_target);
            let form = Self {
                channel: channel.word(),
                waiting: many(own().filter(waits).count()),
                waiting_since: own().filter(waits).map(since).min().map(Moment::as_micros),
                due: own().filter(waits).filter_map(target).min().map(Moment::as_micros),
                in_progress: many(
                    own()
                        .filter(|now| {
                            matches!(now.stage, ContactStage::Talking(_) | ContactStage::Holding(_))
                        })
                        .count(),
                ),
            };
            (is_planned(plan, channel) || own().next().is_some()).then_some(form)
        };
        CHANNELS.into_iter().filter_map(of).collect()
    }
}

fn is_planned(plan: &Plan, channel: Channel) -> bool {
    match channel {
        Channel::Voice => true,
        Channel::Callback => plan.queues.iter().any(|queue| queue.callback.is_some()),
        Channel::Voicemail => false,
        Channel::Chat => plan.written.chat.is_some(),
        Channel::WhatsApp => plan.written.whatsapp.is_some(),
        Channel::Email => plan.written.email.is_some(),
    }
}

fn many(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
