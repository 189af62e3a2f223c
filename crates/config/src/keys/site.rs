//! The keys of the site as a whole: [site], [http], [trace], [journal], [room], [privacy].

use core::time::Duration;

use turno_model::plan::{Durability, JournalPlan, OnStop, RoomPlan, TracePlan};
use turno_model::{Language, Plan};

use crate::key::keys;
use crate::told::Said;
use crate::values::{OptionalWhole, Span, Whole, hours, minutes, secs, span, whole};
use crate::words::{Choice, Flag, OFF, Own, Text, Word, own, word};

pub(crate) const MEBIBYTE: u64 = 1 << 20;

pub(crate) const DAY: Duration = hours(24);

pub(crate) const LANGUAGES: [(&str, Language); 2] = [("en", Language::English), ("es", Language::Spanish)];

keys! {
    /// The keys of [site].
    SITE: SiteKeys of Plan {
        /// the site's name, for people
        name: Text = Text { default: "turno", range: "" }, start { by |_, plan| plan.site.clone() };
        /// the language of reports and of the demo, `es` for Spanish; `--language` counts before it
        language: Choice<Language> = Choice { words: &LANGUAGES, shown: "that of `LC_ALL`, `LC_MESSAGES` or `LANG`" },
            reload { told language };
    }
}

keys! {
    /// The keys of [http].
    HTTP: HttpKeys of Plan {
        /// address and port of /metrics and /health
        listen: Own = own("`127.0.0.1:8080`", ""), start { by |_, plan| plan.http };
    }
}

keys! {
    /// The keys of [trace].
    TRACE: TraceKeys of TracePlan beside { bytes } {
        /// how much room the SIP messages that passed may take, in MiB; with none nothing is kept, and `turno trace` has
        /// nothing to tell. The oldest go first
        memory: OptionalWhole = whole(64, 1..=4096, "MiB").or_none(), start { by |_, trace| memory(trace) };
        /// how many messages are kept at most; each costs about 90 bytes beside its own
        messages: Whole = whole(200_000, 100..=10_000_000, "messages"), start { told messages };
    }
}

const DURABILITIES: [(&str, Durability); 2] =
    [("process", Durability::Process), ("power", Durability::Power)];

const STOPS: [(&str, OnStop); 3] =
    [("end_calls", OnStop::EndCalls), ("drain", OnStop::Drain), ("keep_calls", OnStop::KeepCalls)];

keys! {
    /// The keys of [journal].
    JOURNAL: JournalKeys of JournalPlan beside { segment_bytes, facts_span, facts_bytes_max, seal_key } {
        /// keep a journal also where `--state` is not given: in `$STATE_DIRECTORY` (systemd sets it), else in `turno/SITE`
        /// below `$XDG_STATE_HOME` or `~/.local/state`
        keep: Flag = Flag { default: false, note: "(the built-in site: `true`)" }, start { told is_kept };
        /// `process`: it outlives the end of turno, however that comes. `power`: also the end of the machine; nothing leaves
        /// before what it depends on is on the disk, which costs each step the time of a write to it
        durability: Word<Durability> = word(&DURABILITIES, Durability::Process), start { told durability };
        /// after how many MiB the next file is begun; a restart reads about as much. The disk should have room for five of
        /// them and the facts ([The journal](OPERATIONS.md#the-journal)); with less, files are shorter
        segment: Whole = whole(16, 1..=1024, "MiB"), start { by |_, journal| in_mib(journal.segment_bytes) };
        /// how many days the facts are kept; everything else goes as soon as it is not needed. A reader of facts that was away
        /// for longer can't catch up
        facts_days: Whole = whole(30, 1..=3660, "days"), start { by |_, journal| in_days(journal.facts_span) };
        /// how many MiB the facts may take; the oldest go before `facts_days` are over where they would take more
        facts_room: Whole = whole(4096, 1..=1_048_576, "MiB"), start { by |_, journal| in_mib(journal.facts_bytes_max) };
        /// what SIGTERM does: `end_calls` hangs up politely; `drain` takes no new calls and ends with the last one;
        /// `keep_calls` leaves them as they are, for the next turno on the same journal (without one: as `end_calls`)
        on_stop: Word<OnStop> = word(&STOPS, OnStop::EndCalls), start { told on_stop };
        /// how long a drain may take; then the calls that are left are ended
        drain_max: Span = span(minutes(30), secs(1)..=hours(24)), start { told drain_max };
        /// the file with the keys that seal what is secret in the journal, of 64 hexadecimal digits, one a line; the first one
        /// seals, the others still open. turno makes it if it is not there. Keep it out of backups of the journal
        /// ([What is secret in it](OPERATIONS.md#what-is-secret-in-the-journal))
        seal_key: Own = own("seal.key in the journal's folder", ""), start {
            by |_, journal| journal.seal_key.as_ref().map(|file| Said(file.display().to_string()))
        };
    }
}

keys! {
    /// The keys of [room].
    ROOM: RoomKeys of RoomPlan beside { at_once, answer_within, help_key, consult_key } {
        /// time in after-call work counts as idle for 'most idle'
        acw_considered_idle: Flag = OFF, reload { told acw_considered_idle };
        /// time in AUX counts as idle for 'most idle'
        aux_considered_idle: Flag = OFF, reload { told aux_considered_idle };
        /// an agent hears a short tone when somebody begins to observe the talk; the caller never hears it
        observed_tone: Flag = OFF, reload { told observed_tone };
        /// the key of the own phone by which an agent in a talk asks for help: a free agent with `helps` and the queue's skill is
        /// rung into the talk. The caller hears the key too
        help_key: Own = own("none", "one of 0 to 9, `*`, `#`"), reload {
            by |_, room| room.help_key.map(|key| Said(key.to_string()))
        };
        /// the key of the own phone by which an agent in a talk consults somebody: the key, an extension or number, and the key
        /// again. During the consultation the key and 1 lets all three talk, the key and 2 leaves the caller to who is consulted,
        /// the key and 3 goes back to the caller
        consult_key: Own = own("none", "one of 0 to 9, `*`, `#`"), reload {
            by |_, room| room.consult_key.map(|key| Said(key.to_string()))
        };
        /// how many web chats an agent may have at once; each takes its part of the attention, so with 3 none fits beside
        /// two chats and a WhatsApp conversation. A call takes all of it, and nothing is offered beside one
        chats_at_once: Whole = whole(3, 1..=20, "chats"), reload { by |_, room| u32::from(room.at_once.chats) };
        /// how many WhatsApp conversations an agent may have at once, likewise
        whatsapp_at_once: Whole = whole(3, 1..=20, "conversations"), reload {
            by |_, room| u32::from(room.at_once.whatsapp)
        };
        /// how many e-mails an agent may have at once; they take no attention: who reads one gets calls and chats as before
        emails_at_once: Whole = whole(1, 1..=20, "e-mails"), reload { by |_, room| u32::from(room.at_once.emails) };
        /// with how many chats and WhatsApp conversations at hand an agent is still offered calls, if nobody without any is free;
        /// they wait meanwhile. With 0 a call waits until the last of them is over
        calls_beside: Whole = whole(0, 0..=20, "conversations"), reload {
            by |_, room| u32::from(room.at_once.calls_beside)
        };
        /// while no more agents than this are free for callers, chats and WhatsApp conversations go to agents who have some
        /// already, as long as these have room ([CHANNELS.md](CHANNELS.md#agents-who-are-kept-for-callers)); 0 spreads them
        keep_for_calls: Whole = whole(4, 0..=1_000, "agents"), reload { told keep_for_calls };
        /// how soon a web chat is due: it ranks as a call that came so much later ([CHANNELS.md](CHANNELS.md#who-is-next))
        chat_within: Span = span(minutes(1), secs(0)..=hours(24)), reload { by |_, room| room.answer_within.chat };
        /// how soon a WhatsApp conversation is due, likewise
        whatsapp_within: Span = span(minutes(10), secs(0)..=hours(24)), reload { by |_, room| room.answer_within.whatsapp };
        /// how soon an e-mail is due, likewise
        email_within: Span = span(hours(4), secs(0)..=hours(240)), reload { by |_, room| room.answer_within.email };
        /// how long a caller may stay in all menus together; then `otherwise` of the menu at hand is taken
        menus_max: Span = span(minutes(5), secs(30)..=hours(1)), reload { told menus_max };
        /// how long a caller of an agent's own number (`agent` in `[[number]]`) waits for that agent alone; then everybody may
        /// take the caller
        direct_wait: Span = span(minutes(2), secs(5)..=minutes(30)), reload { told direct_wait };
        /// how many callers of own numbers wait for one agent at most; who comes then waits for everybody at once
        direct_most: Whole = whole(2, 0..=50, "callers"), reload { told direct_most };
        /// how long a supervisor may speak live to the callers who wait in a queue; a beep comes five seconds before the end
        speak_max: Span = span(minutes(2), secs(10)..=minutes(30)), reload { told speak_max };
    }
}

keys! {
    /// The keys of [privacy].
    PRIVACY: PrivacyKeys of Plan {
        /// whether a number that its caller withheld is written to the journal, for the operator alone
        /// (`turno journal show --numbers`)
        keep_withheld: Flag = OFF, reload { told keep_withheld };
    }
}

/// How much room messages have.
pub(crate) fn memory(trace: &TracePlan) -> Said {
    in_mib(trace.bytes as u64)
}

fn in_mib(bytes: u64) -> Said {
    Said(format!("{} MiB", bytes / MEBIBYTE))
}

pub(crate) const fn in_days(span: Duration) -> u64 {
    span.as_secs() / DAY.as_secs()
}
