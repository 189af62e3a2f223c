//! Reads [fence]: when calls are refused early, and who is shut out.

use turno_model::FencePlan;

use crate::fault::FaultKind;
use crate::keys::protection::FENCE;
use crate::read_trunks::read_network;
use crate::reading::Reading;
use crate::tables::Tables;

/// Reads [fence].
pub(crate) fn read_fence(reading: &mut Reading<'_>, tables: &Tables) -> FencePlan {
    let fence = tables.single(reading, "fence");
    let mut never_ban = Vec::new();
    for (text, node) in fence.texts(reading, FENCE.never_ban.name) {
        never_ban.extend(read_network(reading, text, node));
    }
    let plan = FencePlan {
        delay_max: FENCE.delay_max.read(reading, fence),
        calls_per_source_max: FENCE.calls_per_source_max.read(reading, fence),
        offences_max: FENCE.offences_max.read(reading, fence),
        ban: FENCE.ban.read(reading, fence),
        ban_max: FENCE.ban_max.read(reading, fence),
        never_ban,
    };
    if plan.ban > plan.ban_max {
        let found = "ban is longer than ban_max";
        reading.fault(FaultKind::Conflict, fence.place_of(FENCE.ban.name), found, "ban <= ban_max");
    }
    plan
}
