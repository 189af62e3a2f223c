//! Reads [emergency].

use turno_model::plan::EmergencyPlan;

use crate::keys::emergency::EMERGENCY;
use crate::reading::Reading;
use crate::tables::Tables;

pub(crate) fn read_emergency(reading: &mut Reading<'_>, tables: &Tables) -> EmergencyPlan {
    let section = tables.single(reading, "emergency");
    EmergencyPlan {
        prompt: section.prompt(reading, EMERGENCY.prompt.name),
        then: EMERGENCY.then.read(reading, section),
    }
}
