//! The people of these tests: an agent who is busy, and a citizen who waits.

use core::net::SocketAddr;

use turno_model::plan::{CallbackPlan, Entry, NumberPlan, QueuePlan};
use turno_model::{CallbackChange, Fact};
use turno_phone::Behaviour;
use turno_tests::stage::{Desk, Line, Stage, answering, secs};

/// Ana is the only agent, and talks to the first caller.
pub(crate) fn busy_site() -> (Stage, Desk, Line) {
    busy_site_with(|_, _| {})
}

/// The same with another plan of callbacks, and of the queue.
pub(crate) fn busy_site_with(edit: impl FnOnce(&mut CallbackPlan, &mut QueuePlan)) -> (Stage, Desk, Line) {
    let mut stage = Stage::with(|plan| {
        let general = plan.queues.iter().position(|queue| queue.name == "general").expect("it is planned");
        let mut callback = plan.queues[general].callback.clone().expect("the site has callbacks");
        callback.pause = secs(120);
        edit(&mut callback, &mut plan.queues[general]);
        plan.queues[general].callback = Some(callback);
        let queue = turno_model::QueueId(u32::try_from(general).expect("few queues"));
        plan.numbers.push(NumberPlan {
            number: "7003".to_owned(),
            entry: Entry::Queue(queue),
            hours: None,
            closed: None,
            holiday: None,
        });
    });
    let ana = stage.agent("a001", answering(secs(1)));
    let first = stage.call("7003", "0991111111");
    stage.talks_to(first, ana);
    (stage, ana, first)
}

/// The citizen's phone behind the trunk.
pub(crate) fn citizen(stage: &mut Stage, behaviour: Behaviour) -> Desk {
    let address = |port: u16| format!("127.40.0.1:{port}").parse::<SocketAddr>().expect("an address");
    stage.phone_at("0987654321", "", (address(5060), address(40_000)), behaviour)
}

/// A caller who waits in the queue.
pub(crate) fn waits(stage: &mut Stage, from: &str) -> Line {
    let line = stage.call("7003", from);
    stage.run_for(secs(3));
    line
}

/// A caller waits and asks for a callback.
pub(crate) fn asks(stage: &mut Stage) -> Line {
    let line = waits(stage, "0987654321");
    stage.presses(line, '1');
    stage.run_for(secs(2));
    confirms(stage, line);
    line
}

/// The caller confirms.
pub(crate) fn confirms(stage: &mut Stage, line: Line) {
    stage.presses(line, '1');
    assert_eq!(changes(stage, |change| matches!(change, CallbackChange::Asked { .. })), 1);
}

/// How many facts of callbacks match.
pub(crate) fn changes(stage: &Stage, is_such: impl Fn(&CallbackChange) -> bool) -> usize {
    stage.count(|fact| matches!(fact, Fact::Callback(_, change) if is_such(change)))
}

/// Whether this happened to a callback.
pub(crate) fn change(stage: &Stage, wanted: &CallbackChange) -> bool {
    changes(stage, |change| change == wanted) > 0
}
