//! Reads [fence]: when calls are refused early, and who is shut out.

use turno_model::FencePlan;

use crate::fault::FaultKind;
use crate::limits;
use crate::read_trunks::read_network;
use crate::reading::Reading;
use crate::tables::Tables;

pub(crate) const FENCE_KEYS: [&str; 6] =
    ["delay_max", "calls_per_source_max", "offences_max", "ban", "ban_max", "never_ban"];

/// Reads [fence].
pub(crate) fn read_fence(reading: &mut Reading<'_>, tables: &Tables) -> FencePlan {
    let fence = tables.single(reading, "fence", "[fence]", &FENCE_KEYS);
    let mut never_ban = Vec::new();
    for (text, node) in fence.texts(reading, "never_ban") {
        never_ban.extend(read_network(reading, text, node));
    }
    let plan = FencePlan {
        delay_max: fence.span_or_none(reading, limits::DELAY_MAX, limits::DELAY_MAX.default),
        calls_per_source_max: fence.whole_or_none(reading, limits::CALLS_PER_SOURCE),
        offences_max: fence.whole_or_none(reading, limits::OFFENCES_MAX),
        ban: fence.span(reading, limits::BAN),
        ban_max: fence.span(reading, limits::BAN_MAX),
        never_ban,
    };
    if plan.ban > plan.ban_max {
        let found = "ban is longer than ban_max";
        reading.fault(FaultKind::Conflict, fence.place_of("ban"), found, "ban <= ban_max");
    }
    plan
}
