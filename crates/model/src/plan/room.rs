//! Rules for agents in all queues, and for callers before any.

use core::time::Duration;

use crate::channel::Channel;

/// Rules for agents in all queues, and for callers before any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomPlan {
    /// Avaya's switch: time in ACW counts as idle for most-idle.
    pub acw_considered_idle: bool,
    /// Avaya's switch: time in AUX counts as idle for most-idle.
    pub aux_considered_idle: bool,
    /// Whether an agent hears a short tone when somebody begins to observe the talk. The caller never hears it.
    pub observed_tone: bool,
    /// The key by which an agent in a talk asks for help; `None`: there is none.
    pub help_key: Option<char>,
    /// The key of an agent's phone that begins and ends the keys of a consultation; `None`: there is none.
    pub consult_key: Option<char>,
    /// How many contacts of each channel an agent may have at once.
    pub at_once: AtOnce,
    /// How soon contacts of each written channel are due.
    pub answer_within: AnswerWithin,
    /// While no more agents than this are free for callers, chats and WhatsApp conversations go to those who have some already.
    pub keep_for_calls: u32,
    /// How long a caller may stay in all menus together.
    pub menus_max: Duration,
    /// How long a caller of an agent's own number waits for that agent alone.
    pub direct_wait: Duration,
    /// How many callers of own numbers wait for one agent at most; who comes then waits for everybody.
    pub direct_most: u32,
    /// How long a supervisor may speak to those who wait in a queue.
    pub speak_max: Duration,
}

impl Default for RoomPlan {
    /// Every switch is off; callers may stay in menus for five minutes, two wait for an agent alone for two minutes,
    /// and a supervisor speaks to a queue for two minutes.
    fn default() -> Self {
        Self {
            acw_considered_idle: false,
            aux_considered_idle: false,
            observed_tone: false,
            help_key: None,
            consult_key: None,
            at_once: AtOnce::default(),
            answer_within: AnswerWithin::default(),
            keep_for_calls: 4,
            menus_max: Duration::from_secs(5 * 60),
            direct_wait: Duration::from_secs(2 * 60),
            direct_most: 2,
            speak_max: Duration::from_secs(2 * 60),
        }
    }
}

/// How many contacts of each channel an agent may have at once. A phone call takes all attention: beside it there is
/// only what was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtOnce {
    /// Web chats, 1 to [`AtOnce::MOST`]; each takes a share of the attention.
    pub chats: u8,
    /// WhatsApp conversations, 1 to [`AtOnce::MOST`]; each takes a share of the attention.
    pub whatsapp: u8,
    /// E-mails, 1 to [`AtOnce::MOST`]. They take no attention: an agent who reads one still gets calls and chats.
    pub emails: u8,
    /// With how many chats and WhatsApp conversations an agent is still offered calls, 0 to [`AtOnce::MOST`].
    pub calls_beside: u8,
}

impl AtOnce {
    /// The maximum of one channel.
    pub const MOST: u8 = 20;
}

impl Default for AtOnce {
    /// Three chats, three WhatsApp conversations, one e-mail; no call beside a conversation.
    fn default() -> Self {
        Self { chats: 3, whatsapp: 3, emails: 1, calls_beside: 0 }
    }
}

/// How soon contacts of each written channel are due: the one measure by which an agent who may take several takes one. A
/// contact ranks as a call that came so much later, so a mail that has hours does not go before a caller who has seconds,
/// and goes before anybody when its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerWithin {
    /// A web chat.
    pub chat: Duration,
    /// A WhatsApp conversation.
    pub whatsapp: Duration,
    /// An e-mail.
    pub email: Duration,
}

impl AnswerWithin {
    /// How long after its arrival a contact of this channel is due. Calls, callbacks and messages of callers are due when they
    /// come, so that among them the longest wait is first.
    #[must_use]
    pub const fn of(&self, channel: Channel) -> Duration {
        match channel {
            Channel::Chat => self.chat,
            Channel::WhatsApp => self.whatsapp,
            Channel::Email => self.email,
            Channel::Voice | Channel::Callback | Channel::Voicemail => Duration::ZERO,
        }
    }
}

impl Default for AnswerWithin {
    /// A chat within a minute, WhatsApp within ten, an e-mail within four hours.
    fn default() -> Self {
        Self {
            chat: Duration::from_secs(60),
            whatsapp: Duration::from_secs(600),
            email: Duration::from_secs(4 * 3_600),
        }
    }
}
