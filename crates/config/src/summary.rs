//! A plan in a few lines, for people who check it.

use turno_model::Plan;
use turno_model::plan::{Entry, TrunkTrust};

use crate::duration_text;

/// What `turno check` says of a valid plan: a few lines, no passwords.
pub fn summary(plan: &Plan) -> String {
    let listen: Vec<String> = plan
        .sip
        .listen
        .iter()
        .map(|(transport, address)| format!("{}:{address}", transport.uri_name()))
        .collect();
    let mut lines = vec![
        format!("{}: the plan is valid", plan.site),
        format!("  sip      {} for {}", listen.join(", "), plan.sip.domain),
        format!("  http     {}", plan.http),
        format!("  rtp      {} ports {} to {}", rtp(plan), plan.media.ports.0, plan.media.ports.1),
        format!("  seats    {}", seats(plan)),
    ];
    for queue in &plan.queues {
        let served = plan
            .agents
            .iter()
            .filter(|agent| agent.skills.iter().any(|&(skill, _)| skill == queue.skill))
            .count();
        lines.push(format!(
            "  queue    {}: {served} seats, ring {}, wait target {}, handling target {}",
            queue.name,
            duration_text::write(queue.ring),
            duration_text::write(queue.wait_target),
            duration_text::write(queue.handling_target)
        ));
    }
    for number in &plan.numbers {
        let entry = match number.entry {
            Entry::Menu(menu) => format!("menu {}", plan.menus[menu.index()].name),
            Entry::Queue(queue) => format!("queue {}", plan.queues[queue.index()].name),
        };
        let hours = number.hours.map_or("always open", |hours| plan.hours[hours.index()].name.as_str());
        lines.push(format!("  number   {} to {entry}, {hours}", number.number));
    }
    for trunk in &plan.trunks {
        let trust = match &trunk.trust {
            TrunkTrust::Addresses(networks) => format!("{} networks", networks.len()),
            TrunkTrust::Digest { username, .. } => format!("digest as {username}"),
            TrunkTrust::Registration { username, .. } => format!("registers as {username}"),
        };
        lines.push(format!("  trunk    {}: {trust}", trunk.name));
    }
    lines.join("\n")
}

fn seats(plan: &Plan) -> String {
    let agents = match plan.agents.as_slice() {
        [] => "none".to_owned(),
        [one] => one.extension.clone(),
        [first, .., last] => {
            format!("{}, {} to {}", plan.agents.len(), first.extension, last.extension)
        }
    };
    let own = plan.agents.iter().filter(|agent| agent.own_seat.is_some()).count();
    let (others, without) = (plan.seats.len() - own, plan.agents.len() - own);
    let mut text = agents;
    if without > 0 {
        text.push_str(&format!("; {without} of them without a phone of their own"));
    }
    if others > 0 {
        text.push_str(&format!("; {others} phones that are nobody's own"));
    }
    text
}

/// Where RTP is received.
fn rtp(plan: &Plan) -> String {
    let other = plan.media.bind_other.map(|other| format!(" and {other}"));
    format!("{}{}", plan.media.bind, other.unwrap_or_default())
}
