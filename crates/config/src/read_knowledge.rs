//! Reads [knowledge]: where the procedures are. What is in them the crate `knowledge` reads.

use turno_model::plan::KnowledgePlan;

use crate::keys::knowledge::KNOWLEDGE;
use crate::reading::Reading;
use crate::shipped::folder_or_shipped;
use crate::tables::Tables;

/// The site whose procedures come with turno.
const FIRST_SITE: &str = "quito";

pub(crate) fn read_knowledge(reading: &mut Reading<'_>, tables: &Tables) -> KnowledgePlan {
    let section = tables.single(reading, "knowledge");
    let procedures = section.text(reading, KNOWLEDGE.procedures.name).map(|name| {
        let own = reading.origin.folder.join(name);
        folder_or_shipped(own, &format!("{FIRST_SITE}/{name}"), reading.origin.environment)
    });
    KnowledgePlan {
        procedures,
        checked_days: KNOWLEDGE.checked_days.read(reading, section),
        voice: KNOWLEDGE.voice.read(reading, section),
    }
}
