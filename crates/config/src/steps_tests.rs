//! Tests of the steps of queues: how they are read, and which are refused.

use core::time::Duration;

use turno_model::QueueId;
use turno_model::plan::{StepAction as A, StepPlan, StepWhen as W};

use crate::tests::plan_of;

const QUEUES: &str = "[[queue]]\nname = \"b\"\n[[queue]]\nname = \"c\"\n";

/// Queue `a` with these lines, beside `b` and `c`, and a trunk to the outside.
fn plan(name: &str, steps: &str) -> Result<Vec<StepPlan>, Vec<String>> {
    let outside = "[[trunk]]\nname = \"t\"\naddresses = [\"192.0.2.1\"]\nhost = \"192.0.2.1\"\n[dial_out]\ntrunk = \"t\"\n";
    let text = format!("[[queue]]\nname = \"a\"\n{steps}{QUEUES}{outside}");
    match plan_of(name, &text) {
        Ok((plan, _)) => Ok(plan.queues[0].steps.clone()),
        Err(refused) => Err(refused.faults.into_iter().map(|fault| fault.found).collect()),
    }
}

fn fault(name: &str, steps: &str) -> String {
    plan(name, steps).expect_err("a faulty plan").join("; ")
}

#[test]
fn every_condition_and_every_action_is_read() {
    let secs = Duration::from_secs;
    let cases = [
        ("after = \"60s\"\nlevel_max = 2", W::Waited(secs(60)), A::LevelMax(Some(2))),
        ("after = \"60s\"\nlevel_max = \"all\"", W::Waited(secs(60)), A::LevelMax(None)),
        ("told_over = \"5m\"\nalso = \"c\"", W::ToldOver(secs(300)), A::Also(QueueId(2))),
        ("longer_than = 20\npriority = 3", W::LongerThan(20), A::Raise(3)),
        ("when = \"nobody\"\nmove_to = \"b\"", W::Nobody, A::MoveTo(QueueId(1))),
        ("after = \"90s\"\noffer = \"callback\"", W::Waited(secs(90)), A::OfferCallback),
        ("after = \"1m\"\ninterrupt = 2", W::Waited(secs(60)), A::Interrupt(2)),
        ("when = \"closed\"\noffer = \"voicemail\"", W::Closed, A::Voicemail),
        ("when = \"closed\"\nsend_to = \"02-255 1234\"", W::Closed, A::SendTo("022551234".to_owned())),
    ];
    let text: String = cases.iter().map(|(text, ..)| format!("[[queue.step]]\n{text}\n")).collect();
    let read = plan("steps", &text).expect("a valid plan");
    let expected: Vec<_> = cases.into_iter().map(|(_, when, action)| StepPlan { when, action }).collect();
    assert_eq!(read, expected);
}

#[test]
fn a_step_says_once_when_and_once_what() {
    let step = |lines: &str| format!("[[queue.step]]\n{lines}\n");
    let none = fault("steps-none", &step("priority = 1"));
    assert!(none.contains("does not say when"), "{none}");
    let both = fault("steps-both", &step("after = \"1m\"\npriority = 1\nalso = \"b\""));
    assert!(both.contains("both `also` and `priority`"), "{both}");
    let shut = fault("steps-shut", &step("when = \"closed\"\npriority = 1"));
    assert!(shut.contains("wait in a closed queue"), "{shut}");
    let own = fault("steps-own", &step("after = \"1m\"\nalso = \"a\""));
    assert!(own.contains("anyway"), "{own}");
}

#[test]
fn voicemail_needs_a_recorder_and_a_key_of_its_own() {
    let none = fault("voicemail-none", "voicemail = true\n");
    assert!(none.contains("messages of callers are recordings"), "{none}");
    let both = fault("voicemail-key", "voicemail = true\ncallback = true\nvoicemail_key = \"1\"\n");
    assert!(both.contains("for a callback and for a message"), "{both}");
}

#[test]
fn a_circle_of_queues_is_refused_by_name() {
    // A contact could go round for ever.
    let circle = "[[queue]]\nname = \"a\"\n[[queue.step]]\nafter = \"1m\"\nmove_to = \"b\"\n\
                  [[queue]]\nname = \"b\"\n[[queue.step]]\nwhen = \"nobody\"\nmove_to = \"c\"\n\
                  [[queue]]\nname = \"c\"\n[[queue.step]]\nlonger_than = 5\nmove_to = \"b\"\n\
                  [[queue.step]]\nafter = \"1m\"\nmove_to = \"a\"\n";
    let refused = plan_of("steps-circle", circle).expect_err("a circle").to_string();
    assert!(refused.contains("queue `b` moves to `c`, `c` to `b`"), "{refused}");
    assert!(refused.contains("queue `a` moves to `b`, `b` to `c`, `c` to `a`"), "{refused}");
    let alone = fault("steps-alone", "[[queue.step]]\nafter = \"1m\"\nmove_to = \"a\"\n");
    assert!(alone.contains("queue `a` moves to `a`"), "{alone}");
}

#[test]
fn queues_that_help_each_other_are_no_circle() {
    // A contact stays in its queue while others may take it. A queue that two others move to is no circle either.
    let text = "[[queue]]\nname = \"a\"\n[[queue.step]]\nafter = \"1m\"\nalso = \"b\"\n\
                [[queue.step]]\nafter = \"2m\"\nmove_to = \"c\"\n\
                [[queue]]\nname = \"b\"\n[[queue.step]]\nafter = \"1m\"\nalso = \"a\"\n\
                [[queue.step]]\nafter = \"2m\"\nmove_to = \"c\"\n[[queue]]\nname = \"c\"\n";
    assert!(plan_of("steps-help", text).is_ok());
}

#[test]
fn a_step_to_the_outside_needs_a_trunk() {
    let text = "[[queue]]\nname = \"a\"\n[[queue.step]]\nafter = \"1m\"\nsend_to = \"022551234\"\n";
    let refused = plan_of("steps-outside", text).expect_err("no trunk").to_string();
    assert!(refused.contains("no trunk for it") && refused.contains(":5:"), "{refused}");
}
