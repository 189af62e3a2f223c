//! Tests of several contacts of an agent at once: what may be added, and what follows.

use turno_acd::Arrival;
use turno_model::plan::{AtOnce, QueuePlan, RoomPlan};
use turno_model::{
    AgentState, AuxReason, Candidate, Channel, Channels, ContactId, EndedBy, Fact, OfferOutcome, PassedOver,
    Plan,
};

use crate::stage::{ANA, BRUNO, CARLA, CEDULA, PASSPORT, Stage, agent, plan, queue, secs};

impl Stage {
    pub(crate) fn comes(&mut self, contact: u64, channel: Channel) -> ContactId {
        self.arrive(Arrival {
            contact: ContactId(contact),
            channel,
            queue: CEDULA,
            priority: None,
            waiting_since: None,
        })
    }

    /// A contact arrives, and the agent accepts it.
    pub(crate) fn takes(&mut self, contact: u64, channel: Channel) -> ContactId {
        let contact = self.comes(contact, channel);
        assert_eq!(self.answers(ANA), contact);
        contact
    }

    fn ends(&mut self, contact: ContactId) {
        self.act(|room, now| room.release(contact, EndedBy::Caller, now));
        self.wait(1);
    }
}

#[test]
fn an_agent_has_three_chats_and_the_fourth_waits() {
    let mut stage = Stage::with_agents(1);
    let first = stage.takes(1, Channel::Chat);
    stage.takes(2, Channel::Chat);
    stage.takes(3, Channel::Chat);
    stage.comes(4, Channel::Chat);
    assert_eq!((stage.room.waiting(CEDULA), stage.state(ANA)), (1, AgentState::Talking));
    stage.ends(first);
    assert_eq!(stage.answers(ANA), ContactId(4), "as soon as there is room");
}

#[test]
fn a_caller_waits_until_the_chats_are_over_and_their_after_call_work() {
    let mut stage = Stage::with_agents(1);
    let chat = stage.takes(1, Channel::Chat);
    let caller = stage.comes(2, Channel::Voice);
    let later = stage.takes(3, Channel::Chat);
    stage.ends(chat);
    stage.ends(later);
    assert!(stage.offers.is_empty(), "after-call work first");
    stage.wait(20);
    assert_eq!(stage.answers(ANA), caller);
}

#[test]
fn an_agent_who_reads_an_email_gets_a_call_and_goes_back_to_it() {
    let mut stage = Stage::with_agents(1);
    let email = stage.takes(1, Channel::Email);
    let caller = stage.takes(2, Channel::Voice);
    stage.act(|room, now| room.hold(caller, now));
    assert_eq!(stage.state(ANA), AgentState::Holding, "the call is what the agent is seen to do");
    assert_eq!(stage.room.contact_of(ANA), Some(caller));
    stage.ends(caller);
    assert_eq!(stage.state(ANA), AgentState::Acw, "the call has its after-call work");
    stage.comes(3, Channel::Voice);
    assert!(stage.offers.is_empty(), "and nothing is given meanwhile");
    stage.wait(20);
    assert_eq!(stage.state(ANA), AgentState::Talking, "back at the e-mail");
    assert_eq!(stage.answers(ANA), ContactId(3), "and free for the next call");
    assert!(stage.room.is_with(email, ANA));
}

#[test]
fn nothing_is_given_beside_a_call() {
    let mut stage = Stage::with_agents(1);
    stage.takes(1, Channel::Voice);
    for (contact, channel) in (2..).zip(Channel::ALL) {
        stage.comes(contact, channel);
    }
    assert_eq!((stage.offers.len(), stage.room.waiting(CEDULA)), (0, 6));
}

#[test]
fn a_chat_goes_to_the_agent_with_the_fewest_and_the_reason_is_told() {
    let mut stage = keeping(2, 0);
    stage.takes(1, Channel::Chat);
    assert_eq!(
        stage.comes(2, Channel::Chat),
        stage.answers(BRUNO),
        "an agent with nothing in hand comes first"
    );
    stage.takes(3, Channel::Chat);
    stage.comes(4, Channel::Chat);
    assert_eq!(stage.offer_to(BRUNO).contact(), ContactId(4));
    assert_eq!(reasons(&stage), [(Candidate::Agent(ANA), PassedOver::MoreInHand)]);
}

/// Why the others did not get the last contact.
fn reasons(stage: &Stage) -> Vec<(Candidate, PassedOver)> {
    let decision = |fact: &Fact| match fact {
        Fact::Offered { decision, .. } => Some(decision.passed_over.to_vec()),
        _ => None,
    };
    stage.facts.iter().rev().find_map(|(_, fact)| decision(fact)).expect("somebody was offered something")
}

/// So many agents of one queue, of whom some are kept for callers.
fn keeping(agents: u32, keep_for_calls: u32) -> Stage {
    in_room(agents, RoomPlan { keep_for_calls, ..RoomPlan::default() })
}

fn in_room(agents: u32, room: RoomPlan) -> Stage {
    let all = (0..agents).map(|_| agent(&[(0, 1)])).collect();
    let mut stage = Stage::new(Plan { room, ..plan(vec![queue(0)], all) });
    stage.everyone_works(agents);
    stage
}

#[test]
fn while_few_are_free_for_callers_a_chat_goes_to_who_has_one_and_the_reason_is_told() {
    // Conversations over all agents: 92 of 100 callers in time where 94 were with teams apart (CHANNELS.md).
    let mut stage = keeping(3, 2);
    stage.takes(1, Channel::Chat);
    stage.comes(2, Channel::WhatsApp);
    assert_eq!(stage.answers(ANA), ContactId(2), "two are free, and both are kept");
    let kept = |agent| (Candidate::Agent(agent), PassedOver::KeptForCalls);
    assert_eq!(reasons(&stage), [kept(BRUNO), kept(CARLA)]);
    stage.takes(3, Channel::Chat);
    stage.comes(4, Channel::Chat);
    assert_eq!(stage.answers(BRUNO), ContactId(4), "no chat waits beside a free agent");
}

#[test]
fn with_more_free_for_callers_than_are_kept_chats_spread() {
    let mut stage = keeping(3, 1);
    stage.takes(1, Channel::Chat);
    stage.comes(2, Channel::Chat);
    assert_eq!(stage.answers(BRUNO), ContactId(2), "two are free, and one is kept");
    stage.comes(3, Channel::Chat);
    assert_eq!(stage.offer().agent(), ANA, "one is left");
}

#[test]
fn an_agent_who_reads_an_email_is_free_for_callers_and_kept_too() {
    let mut stage = keeping(2, 2);
    stage.takes(1, Channel::Email);
    stage.comes(2, Channel::Chat);
    assert_eq!(stage.answers(BRUNO), ContactId(2), "nobody has conversations yet");
    stage.comes(3, Channel::Chat);
    assert_eq!(stage.offer().agent(), BRUNO);
    assert_eq!(reasons(&stage), [(Candidate::Agent(ANA), PassedOver::KeptForCalls)]);
}

#[test]
fn agents_of_queues_without_callers_are_not_kept_for_them() {
    let room = RoomPlan { keep_for_calls: 20, ..RoomPlan::default() };
    let both = vec![agent(&[(0, 1), (1, 1)]), agent(&[(1, 1)]), agent(&[(1, 1)])];
    let mut of_chats = plan(vec![queue(0), queue(1)], both);
    of_chats.written.chat = Some(of_chats.queues[1].name.clone());
    let mut stage = Stage::new(Plan { room, ..of_chats });
    stage.everyone_works(3);
    for (contact, expected) in (1..).zip([BRUNO, CARLA, BRUNO]) {
        stage.arrive(Arrival {
            contact: ContactId(contact),
            channel: Channel::Chat,
            queue: PASSPORT,
            priority: None,
            waiting_since: None,
        });
        assert_eq!(
            stage.answers(expected),
            ContactId(contact),
            "idle writers first, then the one with fewest"
        );
    }
    assert_eq!(stage.state(ANA), AgentState::Available);
}

#[test]
fn where_calls_fit_beside_a_chat_they_go_to_free_agents_first() {
    let at_once = AtOnce { calls_beside: 1, ..AtOnce::default() };
    let mut stage = in_room(2, RoomPlan { at_once, keep_for_calls: 0, ..RoomPlan::default() });
    let chat = stage.takes(1, Channel::Chat);
    stage.comes(2, Channel::Voice);
    assert_eq!(stage.answers(BRUNO), ContactId(2));
    let call = stage.takes(3, Channel::Voice);
    assert_eq!(stage.room.contact_of(ANA), Some(call), "the call is what the agent is seen to do");
    stage.comes(4, Channel::Chat);
    assert!(stage.offers.is_empty(), "nothing beside a call");
    stage.ends(call);
    assert_eq!(stage.state(ANA), AgentState::Acw, "the call has its after-call work");
    stage.wait(20);
    assert_eq!(stage.answers(ANA), ContactId(4), "and back at the chats");
    assert!(stage.room.is_with(chat, ANA));
    stage.comes(5, Channel::Voice);
    assert!(stage.offers.is_empty(), "two conversations are more than calls fit beside");
}

#[test]
fn an_agent_who_asks_for_a_break_gets_no_more_and_goes_after_the_last() {
    let mut stage = Stage::with_agents(1);
    let (first, second) = (stage.takes(1, Channel::Chat), stage.takes(2, Channel::Chat));
    stage.act(|room, now| room.aux(ANA, 0, now)).expect("it is granted for afterwards");
    stage.comes(3, Channel::Chat);
    assert!(stage.offers.is_empty());
    stage.ends(first);
    assert_eq!(stage.state(ANA), AgentState::Talking);
    stage.ends(second);
    assert_eq!(stage.state(ANA), AgentState::Aux(AuxReason::Planned(0)));
}

#[test]
fn an_agent_who_takes_back_a_pending_change_gets_the_next_at_once() {
    let mut stage = Stage::with_agents(1);
    stage.takes(1, Channel::Chat);
    stage.act(|room, now| room.log_out(ANA, now)).expect("it is granted for afterwards");
    stage.comes(2, Channel::Chat);
    assert!(stage.offers.is_empty());
    stage.act(|room, now| room.ready(ANA, now)).expect("they are logged in");
    assert_eq!(stage.answers(ANA), ContactId(2));
}

#[test]
fn who_misses_an_offer_beside_a_chat_finishes_that_and_cools_down() {
    let mut stage = Stage::with_agents(1);
    let chat = stage.takes(1, Channel::Chat);
    stage.comes(2, Channel::Chat);
    let missed = stage.offer();
    stage.settle(missed, OfferOutcome::NoAnswer);
    assert!(stage.offers.is_empty(), "the contact is not sent round at once");
    stage.ends(chat);
    assert_eq!(stage.state(ANA), AgentState::Aux(AuxReason::Rona));
    stage.wait(30);
    assert_eq!(stage.answers(ANA), ContactId(2));
}

#[test]
fn what_is_taken_beside_is_told_when_it_changes_and_not_of_calls() {
    let mut stage = Stage::with_agents(1);
    let told = |stage: &Stage| -> Vec<Channels> {
        let told =
            |fact: &Fact| if let Fact::TakesBeside { channels, .. } = fact { Some(*channels) } else { None };
        stage.facts.iter().filter_map(|(_, fact)| told(fact)).collect()
    };
    let call = stage.takes(1, Channel::Voice);
    stage.ends(call);
    stage.wait(20);
    assert_eq!(told(&stage), []);
    let chat = stage.takes(2, Channel::Chat);
    stage.ends(chat);
    let beside_a_chat = Channels::NONE.with(Channel::Chat).with(Channel::WhatsApp).with(Channel::Email);
    assert_eq!(told(&stage), [beside_a_chat, Channels::NONE]);
}

#[test]
fn chats_are_offered_when_no_media_port_is_free_and_calls_are_not() {
    let mut stage = Stage::with_queue(1, QueuePlan { rona_cool_down: secs(0), ..queue(0) });
    stage.act(|room, _| room.ports_free(0));
    stage.comes(1, Channel::Voice);
    assert!(stage.offers.is_empty() && stage.room.is_short_of_ports());
    stage.takes(2, Channel::Chat);
    stage.ends(ContactId(2));
    stage.wait(20);
    assert!(stage.offers.is_empty());
    stage.act(|room, now| room.serve(1, now));
    assert_eq!(stage.answers(ANA), ContactId(1));
}
