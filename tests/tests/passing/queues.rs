//! A transfer to another queue, with the wait of the first arrival or without it.

use turno_model::{Fact, QueueId};
use turno_tests::stage::{Stage, answering, secs};

/// Ana passes her caller to a queue in which another one has come meanwhile; who is offered first?
fn first_offered_after_a_transfer(keeps_wait: bool) -> &'static str {
    let mut stage = Stage::with(|plan| {
        plan.queues.iter_mut().for_each(|queue| queue.transfer_keeps_wait = keeps_wait);
    });
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991111111");
    let at_ana = stage.talks_to(caller, ana);
    stage.run_for(secs(5));
    let other = stage.call("7001", "0992222222");
    stage.run_for(secs(5));
    stage.passes_on(at_ana, "taxes");
    stage.run_for(secs(1));
    let bruno = stage.agent("a002", answering(secs(1)));
    let at_bruno = stage.rings_at(bruno);
    stage.run_for(secs(3));
    let first = match (stage.hear_each_other(caller, at_bruno), stage.hear_each_other(other, at_bruno)) {
        (true, false) => "who was transferred",
        (false, true) => "who came later",
        both => panic!("{both:?}"),
    };
    let visits: Vec<u64> = stage.snapshot().queues.iter().map(|queue| queue.total.entered).collect();
    assert_eq!(visits, [1, 2, 0], "each queue counts the contacts that entered it");
    let info = QueueId(0);
    let talks = stage.count(|fact| matches!(fact, Fact::Disconnected { queue, .. } if *queue == info));
    assert_eq!(talks, 1, "Ana's talk belongs to the first queue");
    stage.finish();
    first
}

#[test]
fn a_transferred_caller_stands_in_the_new_line_by_the_first_arrival() {
    assert_eq!(first_offered_after_a_transfer(true), "who was transferred");
}

#[test]
fn a_queue_may_let_transferred_callers_wait_from_the_transfer_on() {
    assert_eq!(first_offered_after_a_transfer(false), "who came later");
}
