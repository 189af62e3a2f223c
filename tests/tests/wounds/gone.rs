//! The caller hangs up at every step, the agent disappears at every step, and both over a lossy network.

use core::time::Duration;

use turno_model::{AgentState, ContactOutcome};
use turno_phone::Behaviour;
use turno_tests::stage::plan::{TUESDAY_AT_TEN, site};
use turno_tests::stage::{Desk, Line, Stage, answering, millis, ringing, secs};

/// A disturbance in the middle of a call.
#[derive(Clone, Copy, Debug)]
enum Turn {
    CallerHangsUp,
    CallerVanishes,
    AgentHangsUp,
    AgentVanishes,
    BothHangUp,
    EverybodyVanishes,
}

struct Scene {
    stage: Stage,
    agent: Desk,
    caller: Line,
    began: u64,
}

/// A scene with an agent, a caller who has just dialled, and the number of messages before.
fn scene(number: &str) -> Scene {
    let mut stage = Stage::new();
    let agent = stage.agent("a001", answering(millis(700)));
    stage.run_for(secs(1));
    let began = stage.messages();
    let desk = stage.caller("0991234567");
    stage.behaves(desk, Behaviour { talk_for: Some(secs(3)), ..ringing() });
    let caller = stage.dials_from_trunk(desk, number, "0991234567");
    Scene { stage, agent, caller, began }
}

impl Scene {
    /// Runs until this many messages have arrived; false if the whole call, including its end, has fewer.
    fn run_to(&mut self, messages: u64) -> bool {
        let end = self.stage.now() + secs(8);
        while self.stage.messages() < self.began + messages {
            if !self.stage.step(end) {
                return false;
            }
        }
        true
    }

    fn turn(&mut self, turn: Turn) {
        match turn {
            Turn::CallerHangsUp => self.stage.hangs_up(self.caller),
            Turn::CallerVanishes => self.stage.vanishes(self.caller.desk),
            Turn::AgentHangsUp => self.agent_hangs_up(),
            Turn::AgentVanishes => self.stage.vanishes(self.agent),
            Turn::BothHangUp => {
                self.agent_hangs_up();
                self.stage.hangs_up(self.caller);
            }
            Turn::EverybodyVanishes => {
                self.stage.vanishes(self.caller.desk);
                self.stage.vanishes(self.agent);
            }
        }
    }

    fn agent_hangs_up(&mut self) {
        if let Some(line) = self.stage.last_incoming(self.agent) {
            self.stage.hangs_up(line);
        }
    }

    /// Half a minute later the media plane reports silence of the parties that vanished.
    fn silence(&mut self, turn: Turn) {
        let at_agent = self.stage.last_incoming(self.agent);
        let silent: Vec<Line> = match turn {
            Turn::CallerVanishes => vec![self.caller],
            Turn::AgentVanishes => at_agent.into_iter().collect(),
            Turn::EverybodyVanishes => at_agent.into_iter().chain([self.caller]).collect(),
            Turn::CallerHangsUp | Turn::AgentHangsUp | Turn::BothHangUp => Vec::new(),
        };
        self.stage.run_for(secs(31));
        for line in silent {
            if self.stage.stream_of(line).is_some() {
                self.stage.falls_silent(line);
            }
        }
    }
}

fn at_every_step(number: &str, turn: Turn) {
    let mut steps = 0;
    for messages in 1.. {
        let mut scene = scene(number);
        if !scene.run_to(messages) {
            scene.stage.finish();
            break;
        }
        steps = messages;
        scene.turn(turn);
        scene.silence(turn);
        scene.stage.finish();
        let is_there = !matches!(turn, Turn::AgentVanishes | Turn::EverybodyVanishes);
        if is_there {
            assert_eq!(
                scene.stage.state("a001"),
                AgentState::Available,
                "{turn:?} after {messages} messages"
            );
        }
    }
    assert!(steps >= 12, "a call has at least twelve messages: {steps}");
}

#[test]
fn a_caller_may_hang_up_at_any_step() {
    // Wound: agent stuck Receiving, Answered or in-call until the database is edited.
    at_every_step("7000", Turn::CallerHangsUp);
    at_every_step("7001", Turn::CallerHangsUp);
}

#[test]
fn a_caller_may_vanish_at_any_step() {
    // Wound: agent stuck in-call; dead dialogs stay.
    at_every_step("7000", Turn::CallerVanishes);
    at_every_step("7001", Turn::CallerVanishes);
}

#[test]
fn an_agent_may_hang_up_at_any_step() {
    // Wound: answering and hanging up before the bridge.
    at_every_step("7000", Turn::AgentHangsUp);
    at_every_step("7001", Turn::AgentHangsUp);
}

#[test]
fn an_agent_may_vanish_at_any_step() {
    // Wound: the caller of a lost agent is lost too.
    at_every_step("7000", Turn::AgentVanishes);
    at_every_step("7001", Turn::AgentVanishes);
}

#[test]
fn both_may_hang_up_at_the_same_moment() {
    // Wound: calls counted twice.
    at_every_step("7000", Turn::BothHangUp);
    at_every_step("7001", Turn::BothHangUp);
}

#[test]
fn everybody_may_vanish_at_any_step() {
    // Wound: every state that is not stable has a deadline.
    at_every_step("7001", Turn::EverybodyVanishes);
}

#[test]
fn a_dead_call_without_any_voice_check_ends_by_its_session_timer() {
    // RFC 4028: session timers find dead dialogs.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    stage.talks_to(caller, ana);
    stage.vanishes(ana);
    stage.vanishes(caller.desk);
    stage.run_for(secs(2 * 3600));
    stage.finish();
}

#[test]
fn a_caller_in_line_who_vanished_is_found_by_its_session_timer() {
    // RFC 4028: a caller who vanished does not stay in line for ever.
    let mut stage = Stage::new();
    let caller = stage.call("7001", "0991234567");
    stage.run_for(secs(10));
    stage.vanishes(caller.desk);
    stage.run_for(secs(2 * 3600));
    stage.finish();
}

/// One call over a network that loses and duplicates packets; the seed chooses what happens and when.
fn bad_day(seed: u64) {
    let mut stage = Stage::open(site(), seed, TUESDAY_AT_TEN);
    let agent = stage.agent("a001", answering(millis(700)));
    stage.weather(20, 20);
    let number = if seed.is_multiple_of(2) { "7000" } else { "7001" };
    let caller = stage.call(number, "0991234567");
    stage.run_for(Duration::from_millis(seed * 137 % 9000));
    match seed % 3 {
        0 => stage.hangs_up(caller),
        1 => {
            if let Some(line) = stage.last_incoming(agent) {
                stage.hangs_up(line);
            }
        }
        _ => {
            if let Some(line) = stage.last_incoming(agent) {
                stage.holds(line);
                stage.run_for(secs(5));
                stage.resumes(line);
            }
        }
    }
    stage.run_for(secs(70));
    stage.finish();
}

#[test]
fn a_line_that_loses_a_fifth_and_doubles_a_fifth_leaves_nothing_behind() {
    // Wound: recovery breaks on CSeq, hold, ringing, BYE.
    for seed in 0..60 {
        bad_day(seed);
    }
}

#[test]
fn a_caller_who_is_never_answered_and_gone_is_let_go() {
    // Wound: every state has a deadline. Only missing RTP reveals a dead early dialog, which this plan does not watch.
    let mut stage = Stage::with(|plan| plan.media.inactivity = None);
    let caller = stage.call("7000", "0991234567");
    stage.until("the caller waits unanswered", secs(5), |stage| stage.hears_music(caller));
    stage.vanishes(caller.desk);
    stage.run_for(secs(29 * 60));
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 0, "a caller who is there may wait for long");
    stage.run_for(secs(3 * 60));
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 1);
    stage.finish();
}

#[test]
fn an_agent_who_tries_the_line_out_and_loses_power_is_soon_at_work_again() {
    // Wound: an agent stuck in a call until the database is edited (FreeSWITCH F#2540).
    let mut stage = Stage::with(|plan| plan.media.inactivity = None);
    let agent = stage.agent("a001", answering(secs(1)));
    stage.dials(agent, "7000");
    stage.until("the agent is occupied", secs(5), |stage| stage.state("a001") == AgentState::OtherCall);
    stage.vanishes(agent);
    stage.run_for(secs(4 * 60));
    assert_ne!(stage.state("a001"), AgentState::OtherCall);
    stage.finish();
}
