//! The people of these tests: an agent with a mobile phone, and the site that dials it.

use core::net::SocketAddr;

use turno_ground::{Pii, Secret};
use turno_media_plan::{Audio, PromptId};
use turno_model::plan::{AgentPlan, OutsidePhone, PhoneLine};
use turno_model::{Fact, PhoneChange, Plan, PromptName};
use turno_phone::Behaviour;
use turno_tests::stage::{Desk, Line, Stage};

/// The number of the agent's mobile phone.
pub(crate) const MOBILE: &str = "0987654321";

/// Ana's extension.
pub(crate) const ANA: &str = "3001";

/// Ana has a mobile phone and no other, and is the only agent.
pub(crate) fn site(edit: impl FnOnce(&mut Plan)) -> Stage {
    let mut stage = Stage::with(|plan| {
        plan.agents.push(AgentPlan {
            name: ANA.to_owned(),
            extension: ANA.to_owned(),
            own_seat: None,
            pin: Some(Secret::new("4711")),
            outside: Some(OutsidePhone {
                number: Pii(MOBILE.to_owned()),
                press_one: true,
                line: PhoneLine::EachCall,
            }),
            ..plan.agents[0].clone()
        });
        plan.phones.press_one = Some(PromptName(0));
        edit(plan);
    });
    stage.keeps_journal();
    stage
}

/// Changes Ana's telephone.
pub(crate) fn phone(plan: &mut Plan, edit: impl FnOnce(&mut OutsidePhone)) {
    edit(plan.agents.last_mut().and_then(|ana| ana.outside.as_mut()).expect("she has one"));
}

/// Ana's mobile phone behind the trunk.
pub(crate) fn mobile(stage: &mut Stage, behaviour: Behaviour) -> Desk {
    let address = |port: u16| format!("127.40.0.1:{port}").parse::<SocketAddr>().expect("an address");
    stage.phone_at(MOBILE, "", (address(5060), address(40_000)), behaviour)
}

/// Whether somebody is asked to press 1.
pub(crate) fn is_asked(stage: &Stage, line: Line) -> bool {
    stage.hears(line) == Some(Audio::Prompts(vec![PromptId(0)]))
}

/// How often this happened to a telephone.
pub(crate) fn steps(stage: &Stage, wanted: PhoneChange) -> usize {
    stage.count(|fact| matches!(fact, Fact::Phone(step) if step.change == wanted))
}

/// The mobile phone is picked up, and the question plays.
pub(crate) fn picked_up(stage: &mut Stage, mobile: Desk) -> Line {
    let line = stage.rings_at(mobile);
    stage.until("the question plays", core::time::Duration::from_secs(10), |stage| is_asked(stage, line));
    line
}
