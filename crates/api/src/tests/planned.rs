//! The plan of the tests.

use std::net::{IpAddr, Ipv4Addr};

use turno_model::Plan;

use crate::tests::chats;

/// Two queues, and two agents of both.
pub(crate) fn plan() -> Plan {
    use turno_model::SkillId;
    use turno_model::sample::{agent, plan, queue};
    let queues = vec![queue("luae", SkillId(0)), queue("general", SkillId(1))];
    let agents = vec![agent("1001", &[(0, 1), (1, 1)]), agent("1002", &[(0, 1), (1, 1)])];
    let at = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let browser = turno_model::plan::BrowserPlan {
        port: 19_998,
        bind: at,
        bind_other: None,
        advertised: None,
        advertised_other: None,
        origins: vec!["https://crm.example".to_owned()],
    };
    Plan { queues, agents, browser: Some(browser), chat: Some(chats::chat_plan()), ..plan() }
}
