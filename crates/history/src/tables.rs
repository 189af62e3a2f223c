//! The tables of contacts, agents and what belongs to them.
//!
//! Names end in `_us` for microseconds: a moment since 1970 (UTC), or a span. Names of queues, agents and reasons are
//! text, since their indexes mean something else in another plan.

use crate::interval_tables::{AgentInterval, AuxInterval, QueueInterval};
use crate::table::{Columns, Table, table};

table! {
    /// A contact, from its arrival on.
    Contact of "contact" {
        Id "contact" Key Int,
        Channel "channel" Set Text,
        Caller "caller" Set Text,
        Dialled "dialled" Set Text,
        Trunk "trunk" Set Text,
        Day "day" Set Text,
        Arrived "arrived_us" Set Moment,
        MenuDigit "menu_digit" Set Text,
        FirstQueue "first_queue" Set Text,
        Queued "queued_us" Set Moment,
        LastQueue "last_queue" Set Text,
        Answered "answered_us" Set Moment,
        FirstAgent "first_agent" Set Text,
        LastAgent "last_agent" Set Text,
        Ended "ended_us" Set Moment,
        Outcome "outcome" Set Text,
        TurnedAway "turned_away" Set Text,
        EndedBy "ended_by" Set Text,
        Waited "waited_us" Set Span,
        Talk "talk_us" Add Span,
        Hold "hold_us" Add Span,
        Visits "visits" Add Int,
        Talks "talks" Add Int,
        Holds "holds" Add Int,
        Transfers "transfers" Add Int,
        Returns "returns" Add Int,
        Recalls "recalls" Add Int,
        Warned "warned" Add Int,
        Breached "breached" Add Int,
        HelpAsked "help_asked" Add Int,
        Helped "helped" Add Int,
        Dependency "dependency" Set Text,
        WrapUp "wrap_up" Set Text,
        IsOpen "is_open" Set Int,
        IsPartial "is_partial" Set Int,
    }
}

table! {
    /// A contact's stay in a queue.
    Visit of "visit" {
        Id "contact" Key Int,
        Number "number" Key Int,
        Queue "queue" Set Text,
        Priority "priority" Set Int,
        Position "position" Set Int,
        Entered "entered_us" Set Moment,
        Told "told_us" Set Span,
        ToldKept "told_kept" Set Int,
        Target "target_us" Set Span,
        Answered "answered_us" Set Moment,
        InTarget "in_target" Set Int,
        Left "left_us" Set Moment,
        Outcome "outcome" Set Text,
        IsShort "is_short" Set Int,
        WaitsAgain "waits_again" Set Int,
        IsCompleted "is_completed" Set Int,
        CompletedInTarget "completed_in_target" Set Int,
        Handled "handled" Set Int,
        Talk "talk_us" Set Span,
        Hold "hold_us" Set Span,
    }
}

table! {
    /// A talk of a contact with an agent.
    Talk of "talk" {
        Id "contact" Key Int,
        Number "number" Key Int,
        Visit "visit" Set Int,
        Queue "queue" Set Text,
        Agent "agent" Set Text,
        Began "began_us" Set Moment,
        TakenOver "taken_over" Set Int,
        Ended "ended_us" Set Moment,
        Spoken "talk_us" Set Span,
        Hold "hold_us" Set Span,
        IsHeld "is_held" Set Int,
        BookedUntil "booked_until_us" Set Moment,
    }
}

table! {
    /// An offer of a contact to an agent.
    Offer of "offer" {
        Id "offer" Key Int,
        Contact "contact" Set Int,
        Queue "queue" Set Text,
        Agent "agent" Set Text,
        Day "day" Set Text,
        Offered "offered_us" Set Moment,
        Rule "rule" Set Text,
        Waited "waited_us" Set Span,
        Idle "idle_us" Set Span,
        Delay "delay_us" Set Span,
        Others "others" Set Int,
        Settled "settled_us" Set Moment,
        Outcome "outcome" Set Text,
        Rang "rang_us" Set Span,
    }
}

table! {
    /// An agent's stay in a state.
    Sitting of "agent_state" {
        Agent "agent" Key Text,
        Began "began_us" Key Moment,
        Day "day" Set Text,
        State "state" Set Text,
        Reason "reason" Set Text,
        Ended "ended_us" Set Moment,
        LastQueue "last_queue" Set Text,
        BookedUntil "booked_until_us" Set Moment,
        IsPartial "is_partial" Set Int,
    }
}

table! {
    /// A wrap-up code that an agent gave.
    WrapUp of "wrap_up" {
        Id "contact" Key Int,
        Agent "agent" Key Text,
        Given "given_us" Key Moment,
        Day "day" Set Text,
        Code "code" Set Text,
    }
}

table! {
    /// A survey after a talk.
    Survey of "survey" {
        Id "contact" Key Int,
        Queue "queue" Set Text,
        Agent "agent" Set Text,
        Day "day" Set Text,
        Offered "offered_us" Set Moment,
        Answer1 "answer_1" Set Int,
        Answer2 "answer_2" Set Int,
        Answer3 "answer_3" Set Int,
        Ended "ended_us" Set Moment,
        Outcome "outcome" Set Text,
    }
}

table! {
    /// A callback that was offered or asked for.
    Callback of "callback" {
        Id "contact" Key Int,
        Queue "queue" Set Text,
        Day "day" Set Text,
        Number "number" Set Text,
        Offered "offered_us" Set Moment,
        OfferedWhy "offered_why" Set Text,
        Refusal "refusal" Set Text,
        Asked "asked_us" Set Moment,
        After "after_us" Set Span,
        Dials "dials" Set Int,
        LastFailure "last_failure" Set Text,
        Ended "ended_us" Set Moment,
        Outcome "outcome" Set Text,
    }
}

table! {
    /// A recording of a talk or a message. Its sound is not here.
    Recording of "recording" {
        Id "recording" Key Int,
        Contact "contact" Set Int,
        Queue "queue" Set Text,
        Agent "agent" Set Text,
        Day "day" Set Text,
        Began "began_us" Set Moment,
        Why "why" Set Text,
        Class "class" Set Text,
        Pauses "pauses" Add Int,
        Ended "ended_us" Set Moment,
        Length "length_us" Set Span,
        Missing "missing_us" Set Span,
        Outcome "outcome" Set Text,
        Hash "hash" Set Text,
        Purged "purged_us" Set Moment,
    }
}

table! {
    /// Facts that are lost.
    Missing of "gap" {
        AfterRun "after_run_us" Key Moment,
        AfterNumber "after_number" Key Int,
        UntilRun "until_run_us" Set Moment,
        UntilNumber "until_number" Set Int,
        Facts "facts" Set Int,
    }
}

table! {
    /// The position up to which facts are in these tables: one row.
    Place of "history_position" {
        Id "id" Key Int,
        Site "site" Set Text,
        Run "run_us" Set Moment,
        Number "number" Set Int,
        At "at_us" Set Moment,
    }
}

table! {
    /// What was exported or deleted of a person's data, and why.
    Audit of "history_audit" {
        Id "id" Key Text,
        At "at_us" Set Moment,
        What "what" Set Text,
        Who "who" Set Text,
        Why "why" Set Text,
        NumberHash "number_hash" Set Text,
        Rows "row_count" Set Int,
    }
}

/// The tables of version 1 of the schema.
pub(crate) const FIRST: [&Table; 14] = [
    Contact::TABLE,
    Visit::TABLE,
    Talk::TABLE,
    Offer::TABLE,
    Sitting::TABLE,
    WrapUp::TABLE,
    Survey::TABLE,
    Callback::TABLE,
    Recording::TABLE,
    QueueInterval::TABLE,
    AgentInterval::TABLE,
    AuxInterval::TABLE,
    Missing::TABLE,
    Place::TABLE,
];
