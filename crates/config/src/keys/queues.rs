//! The keys of [[queue]] and [queue_defaults].

use turno_model::plan::{
    AnnouncementPlan, CallbackFirst, CallbackPlan, QueuePlan, SurveyPlan, VoicemailPlan,
};
use turno_model::{Language, Observing, Rule};

use crate::difference_names::{prompt, prompts, skill, steps, treatment};
use crate::key::keys;
use crate::keys::site::LANGUAGES;
use crate::told::Said;
use crate::values::{
    OptionalSpan, OptionalWhole, Span, Whole, hours, minutes, none_or, secs, span, whole, written,
};
use crate::words::{Choice, Flag, OFF, ON, Own, REQUIRED, Word, own, word};

const RULES: [(&str, Rule); 4] = [
    ("ucd-mia", Rule::UcdMia),
    ("ead-mia", Rule::EadMia),
    ("ucd-loa", Rule::UcdLoa),
    ("ead-loa", Rule::EadLoa),
];

const HELP: [(&str, Observing); 2] = [("whisper", Observing::Whisper), ("barge", Observing::Barge)];

fn help_word(help: Observing) -> &'static str {
    HELP.iter().find(|(_, known)| *known == help).map_or("", |(word, _)| word)
}

const fn announced(queue: &QueuePlan) -> Option<&AnnouncementPlan> {
    queue.announcements.as_ref()
}

const fn called_back(queue: &QueuePlan) -> Option<&CallbackPlan> {
    queue.callback.as_ref()
}

const FIRST: [(&str, CallbackFirst); 2] =
    [("agent", CallbackFirst::Agent), ("citizen", CallbackFirst::Citizen)];

const MACHINE: [(&str, bool); 2] = [("off", false), ("try_again", true)];

const fn first_word(first: CallbackFirst) -> &'static str {
    match first {
        CallbackFirst::Agent => "agent",
        CallbackFirst::Citizen => "citizen",
    }
}

const fn surveyed(queue: &QueuePlan) -> Option<&SurveyPlan> {
    queue.survey.as_ref()
}

const fn recorded(queue: &QueuePlan) -> Option<&VoicemailPlan> {
    queue.voicemail.as_ref()
}

keys! {
    /// The keys of [[queue]]; all but the first three may stand in [queue_defaults] too.
    QUEUE: QueueKeys of QueuePlan
    beside {
        name, skill, handling_marks, help_as, when_full, when_waited, when_nobody, steps, greeting, announcements, callback,
        survey, voicemail, recording_notice
    } {
        /// the name in the plan, in metrics and in reports
        name: Own = REQUIRED, reload { name }, only "queue";
        /// what agents' phones show
        display: Own = own("the name", ""), reload { told display }, only "queue";
        /// the skill that an agent needs; several queues may ask for the same
        skill: Own = own("the name", ""), reload { by |plan, queue| skill(plan, queue.skill) }, only "queue";
        /// who gets a contact when several agents are available: `ucd-mia` most idle; `ead-mia` best level, then most idle;
        /// `ucd-loa` least occupied; `ead-loa` best level, then least occupied
        rule: Word<Rule> = word(&RULES, Rule::UcdMia), reload { told rule };
        /// when several contacts wait: the highest is served first, then the longest wait
        priority: Whole = whole(0, 0..=255, "(higher is served first)"), reload { told priority };
        /// how long an offer rings before it goes to the next agent (RONA)
        ring: Span = span(secs(15), secs(1)..=minutes(2)), reload { told ring };
        /// how long an agent who missed or refused an offer gets no other
        rona_cool_down: Span = span(secs(30), secs(0)..=hours(1)), reload { told rona_cool_down };
        /// longest hold before the agent is called back to the caller
        hold_max: Span = span(minutes(2), secs(1)..=hours(1)), reload { told hold_max };
        /// after-call work: a time, 0s for none, or `"manual"`: until the agent ends it
        acw: OptionalSpan = span(secs(20), secs(0)..=hours(1)).or("manual"), reload { told acw };
        /// longest talk and hold that a contact should take; its passing is heard by the agent and counted
        handling_target: Span = span(minutes(3), secs(1)..=hours(4)), reload { told handling_target };
        /// how long before the target the agent hears a soft tone
        handling_warning: Span = span(secs(30), secs(0)..=hours(1)).and("shorter than the target"),
            reload { told handling_warning };
        /// further marks after the target, in per cent of it, such as `[150, 200]`: at each the agent hears the tone again, and
        /// it is counted. No talk is ever ended
        handling_marks: Own = own("`[]`", "101 to 1000, rising, at most 8"), reload {
            by |_, queue| Said(queue.handling_marks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        };
        /// whether after-call work goes on until the agent has given a wrap-up code. An agent who asked to log out during the
        /// talk leaves without one; `turno ctl ready` lets an agent go
        wrap_up_required: Flag = OFF, reload { told wrap_up_required };
        /// how an agent with `helps` helps in a talk of this queue: `whisper`, heard by the agent alone, or `barge`, heard by
        /// both; the helper's keys 1, 2 and 3 change it
        help_as: Word<Observing> = word(&HELP, Observing::Whisper),
            reload { by |_, queue| Said(help_word(queue.help_as).to_owned()) };
        /// a service level counts contacts answered within this
        wait_target: Span = span(secs(20), secs(1)..=hours(1)), reload { told wait_target };
        /// a caller who leaves sooner is counted apart
        short_abandon: Span = span(secs(5), secs(0)..=minutes(1)), reload { told short_abandon };
        /// most contacts that may wait
        length_max: Whole = whole(200, 1..=10_000, "contacts"), reload { told length_max };
        /// what happens to the next one: `"wait"`, or `{ prompt = "NAME" }`: the prompt is played, then the call ends
        when_full: Own = own("`\"wait\"`", ""), reload { by |plan, queue| treatment(plan, queue.when_full) };
        /// longest wait
        wait_max: OptionalSpan = none_or(secs(1)..=hours(4)), reload { told wait_max };
        /// what happens then, as for `when_full`
        when_waited: Own = own("`\"wait\"`", ""), reload { by |plan, queue| treatment(plan, queue.when_waited) };
        /// what happens while nobody with the skill is logged in, as for `when_full`
        when_nobody: Own = own("`\"wait\"`", ""), reload { by |plan, queue| treatment(plan, queue.when_nobody) };
        /// for how long a caller who calls again is offered first to the agent who served them last in such a queue, if that
        /// agent is free. Without `last_agent_wait` nobody waits for an agent while others are free, and turno remembers who
        /// served which number for no longer
        last_agent: OptionalSpan = none_or(minutes(1)..=hours(24 * 90)), reload { told last_agent };
        /// whether a contact that an agent transfers to this queue stands in line by its first arrival, before all who have come
        /// later; `false`: by the moment of the transfer
        transfer_keeps_wait: Flag = ON, reload { told transfer_keeps_wait };
        /// how long such a caller waits for that agent alone, if the agent works and is busy, before everybody may take the
        /// call; `0s`: not at all
        last_agent_wait: Span = span(secs(0), secs(0)..=minutes(10)), reload { told last_agent_wait };
        /// agents with a worse skill level are not offered its contacts, until a step lets them: the reserve
        level_max: OptionalWhole = written("`all`", 1..=16, "(1 is best)").or_word("all"),
            reload { told level_max };
        /// the tables `[[queue.step]]`, in the order of the plan: each contact takes a step once, when it is due
        step: Own = own("none", ""), reload { by |plan, queue| steps(plan, &queue.steps) };
        /// `true`: the call is answered when it enters the queue. `false`: music is early media, and the call is answered
        /// when the agent answers, so waiting costs the caller (or a toll-free line) nothing
        answer_on_entry: Flag = OFF, reload { told answer_on_entry };
        /// prompts played once before the music; an agent's answer cuts them
        greeting: Own = own("`[]`", ""), reload { by |plan, queue| prompts(plan, &queue.greeting) };
        /// whether callers who wait are told their place in line
        announce_place: Flag = OFF,
            reload { by |_, queue| announced(queue).is_some_and(|it| it.tells_place) };
        /// whether callers who wait are told how long they will probably wait; four of five are answered within that
        announce_wait: Flag = OFF,
            reload { by |_, queue| announced(queue).is_some_and(|it| it.tells_wait) };
        /// prompts of which each announcement plays the next one, after place and wait
        announce_comfort: Own = own("`[]`", ""), reload {
            by |plan, queue| prompts(plan, announced(queue).map_or(&[], |it| &it.comfort))
        };
        /// when the first announcement comes; with 0s, at once after the greeting
        announce_first: Span = span(secs(0), secs(0)..=minutes(10)),
            reload { by |_, queue| announced(queue).map(|it| it.first) };
        /// time from one announcement to the next
        announce_every: Span = span(secs(60), secs(15)..=minutes(30)),
            reload { by |_, queue| announced(queue).map(|it| it.every) };
        /// whether place and wait are left out while they are as told before
        announce_changes_only: Flag = ON,
            reload { by |_, queue| announced(queue).is_some_and(|it| it.only_changes) };
        /// the language of place and wait, from the recordings in its folder `say`
        announce_language: Choice<Language> = Choice { words: &LANGUAGES, shown: "that of the site, else `en`" },
            reload { by |_, queue| Said(announced(queue).map_or("", |it| it.language.say("en", "es")).to_owned()) };
        /// whether callers who wait may be called back and keep their place; the numbers are dialled over the trunk of
        /// [dial_out]
        callback: Flag = OFF, reload { by |_, queue| queue.callback.is_some() };
        /// the key by which a waiting caller asks for it at any time; the prompt `callback/offer` names it
        callback_key: Own = own("`\"1\"`", "`0` to `9`, `*` or `#`"), reload {
            by |_, queue| called_back(queue).map(|it| it.key.to_string())
        };
        /// the wait after which it is offered
        callback_after: OptionalSpan = span(secs(60), secs(0)..=hours(1)).or("none"),
            reload { by |_, queue| called_back(queue).map(|it| it.after) };
        /// it is offered on entering where the expected wait is longer than this
        callback_told_over: OptionalSpan = none_or(secs(30)..=hours(2)),
            reload { by |_, queue| called_back(queue).map(|it| it.told_over) };
        /// whether it is offered to the caller who finds the line full; `when_full` follows if the caller does not want it
        callback_when_full: Flag = OFF,
            reload { by |_, queue| called_back(queue).is_some_and(|it| it.when_full) };
        /// whether a caller may choose one of the next half hours
        callback_times: Flag = OFF, reload { by |_, queue| called_back(queue).is_some_and(|it| it.times) };
        /// whether a caller may key in another number, which is read back
        callback_number_keyed: Flag = ON,
            reload { by |_, queue| called_back(queue).is_some_and(|it| it.number_keyed) };
        /// patterns of the numbers that are called back, as in [dial_out], whose `deny` holds too
        callback_allow: Own = own("`[]`: those of [dial_out]", ""),
            reload { by |_, queue| called_back(queue).map_or_else(Vec::new, |it| it.allow.clone()) };
        /// most dials of one callback
        callback_tries: Whole = whole(3, 1..=10, "dials"),
            reload { by |_, queue| called_back(queue).map(|it| it.tries) };
        /// time between two dials
        callback_pause: Span = span(minutes(5), secs(10)..=hours(4)),
            reload { by |_, queue| called_back(queue).map(|it| it.pause) };
        /// how long the person's phone rings
        callback_ring: Span = span(secs(30), secs(5)..=secs(55)),
            reload { by |_, queue| called_back(queue).map(|it| it.ring) };
        /// a callback that has reached nobody ends after this
        callback_until: Span = span(hours(24), minutes(1)..=hours(168)),
            reload { by |_, queue| called_back(queue).map(|it| it.until) };
        /// who is rung first: the agent, who is held while the person is dialled, or the person, who then waits in line
        callback_first: Choice<CallbackFirst> = Choice { words: &FIRST, shown: "`agent`" },
            reload { by |_, queue| Said(called_back(queue).map_or("", |it| first_word(it.first)).to_owned()) };
        /// with `citizen`: the person is dialled when an agent is free or expected within this time
        callback_ahead: Span = span(secs(15), secs(0)..=minutes(2)),
            reload { by |_, queue| called_back(queue).map(|it| it.ahead) };
        /// with `citizen`: `try_again` listens for an answering machine or a silent line, hangs up and dials again after
        /// `callback_pause`; `off` takes everybody who answers for a person
        callback_machine: Choice<bool> = Choice { words: &MACHINE, shown: "`off`, with `citizen` `try_again`" },
            reload { by |_, queue| called_back(queue).is_some_and(|it| it.leaves_machines) };
        /// the language of what callers hear of it, from the recordings in its folders `callback` and `say`
        callback_language: Choice<Language> = Choice { words: &LANGUAGES, shown: "that of the site, else `en`" },
            reload { by |_, queue| Said(called_back(queue).map_or("", |it| it.language.say("en", "es")).to_owned()) };
        /// prompts of the questions that the caller hears after a talk, when the agent has hung up first, each answered by a
        /// key from 1 to 5
        survey_questions: Own = own("`[]`: no survey", "at most 3 prompts"), reload {
            by |plan, queue| prompts(plan, surveyed(queue).map_or(&[], |it| &it.questions))
        };
        /// how many of a hundred callers are asked by chance; whom an agent transfers to the code `survey` is asked anyway
        survey_chance: Whole = whole(100, 0..=100, "in a hundred"),
            reload { by |_, queue| surveyed(queue).map(|it| it.chance) };
        /// how long a caller may think after a question, which is asked twice at most
        survey_wait: Span = span(secs(6), secs(2)..=secs(30)),
            reload { by |_, queue| surveyed(queue).map(|it| it.wait) };
        /// the language of the introduction and the thanks, from the recordings in its folder `survey`
        survey_language: Choice<Language> = Choice { words: &LANGUAGES, shown: "that of the site, else `en`" },
            reload { by |_, queue| Said(surveyed(queue).map_or("", |it| it.language.say("en", "es")).to_owned()) };
        /// whether callers who wait may leave a message, which then waits in their place; it needs [recording]
        voicemail: Flag = OFF, reload { by |_, queue| queue.voicemail.is_some() };
        /// the key by which a waiting caller leaves one at any time; the prompt `voicemail/offer` names it
        voicemail_key: Own = own("`\"2\"`", "`0` to `9`, `*` or `#`"), reload {
            by |_, queue| recorded(queue).map(|it| it.key.to_string())
        };
        /// prompts before the tone
        voicemail_greeting: Own = own("`[]`: the prompt `voicemail/greeting`", ""), reload {
            by |plan, queue| prompts(plan, recorded(queue).map_or(&[], |it| &it.greeting))
        };
        /// a silence of this length ends a message
        voicemail_silence: Span = span(secs(4), secs(2)..=secs(30)),
            reload { by |_, queue| recorded(queue).map(|it| it.silence) };
        /// longest message
        voicemail_longest: Span = span(minutes(3), secs(10)..=minutes(9)),
            reload { by |_, queue| recorded(queue).map(|it| it.longest) };
        /// most messages of the queue that wait or are heard; further callers hear that there are too many
        voicemail_max: Whole = whole(100, 1..=1_000, "messages"),
            reload { by |_, queue| recorded(queue).map(|it| it.messages_max) };
        /// the language of what callers and agents hear of it, from the recordings in its folders `voicemail` and `say`
        voicemail_language: Choice<Language> = Choice { words: &LANGUAGES, shown: "that of the site, else `en`" },
            reload { by |_, queue| Said(recorded(queue).map_or("", |it| it.language.say("en", "es")).to_owned()) };
        /// which talks are recorded, if the plan has [recording]: `"never"`; `"demand"`: those of agents who are recorded, and
        /// those for which somebody asks; or besides so many in a hundred by chance, such as `100`
        recording: Own = own("`\"never\"`", "`\"never\"`, `\"demand\"`, or 1 to 100"), reload { told recording };
        /// the class of retention of its recordings
        recording_class: Own = own("the first class of [recording]", ""), reload { told recording_class };
        /// the prompt by which callers hear that they may be recorded: once, to its end, before they wait in the queue
        recording_notice: Own = own("none", ""), reload {
            by |plan, queue| queue.recording_notice.map(|it| prompt(plan, it))
        };
    }
}
