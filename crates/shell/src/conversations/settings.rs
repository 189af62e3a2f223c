//! What the plan says, in the terms of the machines.

use core::time::Duration;

use turno_channels::bot;
use turno_channels::conversation::Rules;
use turno_conversations::Limits;
use turno_model::plan::{BotPlan, WrittenPlan};
use turno_model::{Channel, Plan};

/// A person who says nothing more to the bot is done after a day.
const BOT_SECS: i64 = 24 * 3_600;

/// Bytes of a megabyte.
const MB: u64 = 1_000_000;

/// What is kept.
pub(crate) fn limits(plan: &WrittenPlan) -> Limits {
    Limits {
        file_bytes_max: u64::from(plan.file_mb) * MB,
        kinds: plan.file_types.clone(),
        reopen_secs: secs(plan.reopen),
    }
}

/// The rules of a channel. Nobody expects an answer to a mail within minutes, and no bot answers mails.
pub(crate) fn rules(plan: &Plan, channel: Channel) -> Rules {
    let written = &plan.written;
    let is_quick = channel != Channel::Email;
    let quick = |span: Option<Duration>| span.filter(|_| is_quick).map(secs);
    Rules {
        has_bot: plan.written.bot.is_on && is_quick,
        give_back_secs: quick(written.give_back),
        ask_secs: quick(written.ask),
        close_secs: secs(written.close),
        bot_secs: BOT_SECS,
    }
}

/// How the bot decides.
pub(crate) fn bot(plan: &BotPlan) -> bot::Settings {
    let part = |hundredths: u32| f64::from(hundredths) / 100.0;
    bot::Settings {
        answers_from: part(plan.answers_from),
        asks_from: part(plan.asks_from),
        near: part(plan.near),
        person_words: plan.person_words.clone(),
        angry_words: plan.angry_words.clone(),
        name: plan.name.clone(),
    }
}

/// The queue of a channel by its name.
pub(crate) fn queue_of(plan: &Plan, channel: Channel) -> Option<&str> {
    match channel {
        Channel::Chat => plan.written.chat.as_deref(),
        Channel::WhatsApp => plan.written.whatsapp.as_deref(),
        Channel::Email => plan.written.email.as_deref(),
        Channel::Voice | Channel::Callback | Channel::Voicemail => None,
    }
}

fn secs(span: Duration) -> i64 {
    i64::try_from(span.as_secs()).unwrap_or(i64::MAX)
}
