//! The keys of [written] and [bot].

use turno_model::plan::{BotPlan, WrittenPlan};

use crate::key::keys;
use crate::told::Said;
use crate::values::{OptionalSpan, Span, Whole, hours, minutes, secs, span, whole};
use crate::words::{Flag, OFF, Own, Text, own};

keys! {
    /// The keys of [written].
    WRITTEN: WrittenKeys of WrittenPlan beside { chat, whatsapp, email, file_types, bot } {
        /// the queue of web chats ([CHANNELS.md](CHANNELS.md))
        chat: Own = own("none: no web chats", "a `name` of [[queue]]"), start { by |_, written| written.chat.clone() };
        /// the queue of WhatsApp conversations
        whatsapp: Own = own("none: no WhatsApp", "a `name` of [[queue]]"), start { by |_, written| written.whatsapp.clone() };
        /// the queue of e-mails
        email: Own = own("none: no e-mail", "a `name` of [[queue]]"), start { by |_, written| written.email.clone() };
        /// how many days conversations, their messages and their files are kept after their end
        keep_days: Whole = whole(365, 1..=36_500, "days"), reload { told keep_days };
        /// for how long after its end a conversation goes on when its person writes again, with the agent of last time if free
        reopen: Span = span(hours(24), secs(0)..=hours(720)), reload { told reopen };
        /// after how long without a word of the agent the person of a chat or of WhatsApp goes back to the line, in the old place
        give_back: OptionalSpan = span(minutes(5), secs(5)..=hours(24)).or("none"), reload { told give_back };
        /// after how long without a word of the person of a chat or of WhatsApp the person is asked
        ask: OptionalSpan = span(minutes(10), secs(5)..=hours(24)).or("none"), reload { told ask };
        /// how long after that the conversation is closed
        close: Span = span(minutes(5), secs(5)..=hours(24)), reload { told close };
        /// the largest file, in MB
        file_mb: Whole = whole(10, 1..=100, "MB"), reload { told file_mb };
        /// the media types of files that are kept, found by the files' first bytes; `image/*` means all images
        file_types: Own = own("images, sound, video, PDF, office documents and plain text", "at most 50"),
            reload { by |_, written| Some(Said(written.file_types.join(", "))) };
    }
}

keys! {
    /// The keys of [bot].
    BOT: BotKeys of BotPlan beside { is_on, person_words, angry_words } {
        /// whether a bot answers chats and WhatsApp first, with the procedures of [knowledge] ([BOT.md](BOT.md))
        on: Flag = OFF, reload { by |_, bot| bot.is_on };
        /// what it calls itself
        name: Text = Text { default: "turno", range: "" }, reload { told name };
        /// from which score of a procedure on it answers, in hundredths
        answers_from: Whole = whole(30, 1..=100, "hundredths"), reload { told answers_from };
        /// from which score on it asks which of several is meant, in hundredths; below, it has not understood
        asks_from: Whole = whole(20, 1..=100, "hundredths"), reload { told asks_from };
        /// which share of the first one's score the second must have for it to ask, in hundredths
        near: Whole = whole(80, 1..=100, "hundredths"), reload { told near };
        /// words and phrases that ask for a person, beside the built-in ones
        person_words: Own = own("none", "at most 50"), reload { by |_, bot| Some(Said(bot.person_words.join(", "))) };
        /// words and phrases of anger, beside the built-in ones
        angry_words: Own = own("none", "at most 50"), reload { by |_, bot| Some(Said(bot.angry_words.join(", "))) };
    }
}
