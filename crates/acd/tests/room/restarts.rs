//! Tests of the room after a restart: an offer that was not possible before it is not late.

use std::sync::Arc;
use std::time::Duration;

use turno_acd::{Arrival, Room, RoomForm};
use turno_ground::{Changeset, RowChange};
use turno_model::{AgentState, Channel, ContactId, Fact, Plan};

use crate::stage::{ANA, PASSPORT, Stage, agent, plan, queue, secs};

impl Stage {
    /// Restarts after ten seconds with this plan. Ana's phone is told of before the media ports are.
    fn restarts(&mut self, plan: Plan) {
        let mut changes = Changeset::default();
        self.room.write_down(&mut changes, |form| u8::from(form == RoomForm::Contact));
        let lines = changes.take();
        let form = |line: &RowChange| if line.table == 0 { RoomForm::Agent } else { RoomForm::Contact };
        self.now = self.now + secs(10);
        self.facts.clear();
        let forms = lines.iter().map(|line| (form(line), line));
        let (room, offers) =
            Room::recover(Arc::new(plan), forms, self.now).expect("what a room wrote can be read");
        assert!(offers.is_empty());
        self.room = room;
        self.act(|room, now| {
            room.set_reachable(ANA, true, now);
            room.ports_free(2);
            room.apply_plan_changes(now);
        });
    }

    /// How late the offers were since the restart.
    fn delays(&self) -> Vec<Duration> {
        let delay = |(_, fact): &(_, Fact)| match fact {
            Fact::Offered { delay, .. } => Some(*delay),
            _ => None,
        };
        self.facts.iter().filter_map(delay).collect()
    }
}

#[test]
fn what_no_media_port_was_free_for_before_a_crash_is_not_an_offer_that_comes_late_after_it() {
    // Wound: after a restart a phone was told of before the ports were, and the time without ports counted as the room's.
    let mut stage = Stage::with_agents(1);
    stage.takes(1, Channel::Email);
    stage.act(|room, _| room.ports_free(0));
    stage.comes(2, Channel::Voice);
    stage.restarts(plan(vec![queue(0)], vec![agent(&[(0, 1)])]));
    assert_eq!(stage.delays(), [secs(0)]);
    assert_eq!(stage.answers(ANA), ContactId(2));
}

#[test]
fn what_an_agent_may_take_only_since_the_restart_is_not_an_offer_that_comes_late() {
    // Wound: a changed skill ended while turno was away, and the whole wait until then counted as the room's delay.
    for is_busy in [false, true] {
        let mut stage = Stage::new(plan(vec![queue(0), queue(1)], vec![agent(&[(1, 1)])]));
        stage.works(ANA);
        if is_busy {
            let (contact, channel, queue) = (ContactId(1), Channel::Chat, PASSPORT);
            stage.arrive(Arrival { contact, channel, queue, priority: None, waiting_since: None });
            stage.answers(ANA);
        }
        stage.wait(30);
        stage.comes(2, Channel::Chat);
        assert!(stage.offers.is_empty(), "Ana has another skill");
        stage.restarts(plan(vec![queue(0), queue(1)], vec![agent(&[(0, 1), (1, 1)])]));
        assert_eq!(stage.delays(), [secs(0)]);
        assert_eq!(stage.answers(ANA), ContactId(2));
        assert_eq!(stage.state(ANA), AgentState::Talking);
    }
}
