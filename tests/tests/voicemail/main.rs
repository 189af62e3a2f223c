//! A caller who does not want to wait leaves a message, which an agent hears in its turn.

#![expect(clippy::wildcard_enum_match_arm, reason = "a look for one fact among all that there may ever be")]

mod called_back;
mod hearing;
mod leaving;
mod people;
mod surviving;

use turno_model::plan::VoicemailPrompt;
use turno_model::{AgentState, ContactOutcome, Fact, VoicemailChange};
use turno_tests::stage::{MESSAGE_SPAN, secs};

use people::{busy_site, changes, leaves, message, plays_to, prompt, waits};

#[test]
fn a_message_waits_in_the_callers_place_and_is_heard_before_later_callers() {
    let (mut stage, ana, first) = busy_site();
    leaves(&mut stage);
    let later = waits(&mut stage, "0997777777");
    stage.hangs_up(first);
    let heard = plays_to(&mut stage, ana);
    assert!(!stage.is_over(later), "who came later still waits");
    assert_eq!(stage.state("a001"), AgentState::Talking);
    stage.run_for(MESSAGE_SPAN + secs(1));
    assert_eq!(stage.hears(heard), prompt(VoicemailPrompt::Keys));
    stage.hangs_up(heard);
    stage.run_for(secs(1));
    assert_eq!(stage.state("a001"), AgentState::Acw, "after-call work follows a message too");
    assert_eq!(changes(&stage, |it| matches!(it, VoicemailChange::Heard { .. })), 1);
    let talk = stage.talks_to(later, ana);
    stage.hangs_up(talk);
    stage.run_for(secs(1));
    // The first caller, the message and the later caller; the one who left the message was sent away.
    assert_eq!((stage.ended(ContactOutcome::Answered), stage.ended(ContactOutcome::Outflowed)), (3, 1));
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 0);
    stage.finish();
}

#[test]
fn the_agent_sees_the_queue_and_the_number_and_the_books_count_the_message() {
    let (mut stage, ana, first) = busy_site();
    stage.keep_messages();
    leaves(&mut stage);
    stage.hangs_up(first);
    let heard = plays_to(&mut stage, ana);
    let shown = stage.sent_with("VOICEMAIL general 0987654321", stage.address(ana)).len();
    let all = stage.sent_with("VOICEMAIL", "127.0.0.1:1".parse().expect("an address")).len();
    assert!(shown == 0 && all > 0, "the phone shows what it is");
    stage.run_for(MESSAGE_SPAN + secs(1));
    stage.hangs_up(heard);
    stage.run_for(secs(1));
    let figures = stage.ledger().snapshot(stage.now());
    let left: u64 = figures.queues.iter().map(|queue| queue.total.voicemails.left).sum();
    let was_heard: u64 = figures.queues.iter().map(|queue| queue.total.voicemails.heard).sum();
    assert_eq!((left, was_heard), (1, 1));
    let waited = stage.facts().iter().find_map(|(_, fact)| match fact {
        Fact::Connected { contact, waited, .. } if *contact == message(&stage) => Some(*waited),
        _ => None,
    });
    assert!(waited.is_some_and(|waited| waited > secs(10)), "the message has the caller's wait: {waited:?}");
    stage.finish();
}

#[test]
fn the_trace_tells_who_left_the_message_and_hides_the_number() {
    let (mut stage, ana, first) = busy_site();
    stage.keep_messages();
    leaves(&mut stage);
    let left = message(&stage);
    let caller = stage.facts().iter().find_map(|(_, fact)| match fact {
        Fact::Voicemail(it) => match it.change {
            VoicemailChange::Kept { .. } => Some(it.contact),
            _ => None,
        },
        _ => None,
    });
    stage.hangs_up(first);
    let heard = plays_to(&mut stage, ana);
    stage.run_for(MESSAGE_SPAN + secs(1));
    stage.hangs_up(heard);
    stage.run_for(secs(1));
    let told = format!("{:?}", stage.story(left));
    for sentence in
        ["has left a message for", "left by contact", "the message plays to", "heard it to the end"]
    {
        assert!(told.contains(sentence), "{sentence}: {told}");
    }
    assert!(!told.contains("87654321"), "the number is told");
    let told = format!("{:?}", stage.story(caller.expect("a caller left it")));
    assert!(
        told.contains("presses the key to leave a message") && told.contains("waits as contact"),
        "{told}"
    );
    stage.finish();
}
