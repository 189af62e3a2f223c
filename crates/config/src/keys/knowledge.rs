//! The keys of [knowledge].

use turno_model::plan::KnowledgePlan;

use crate::key::keys;
use crate::values::{Whole, whole};
use crate::words::{Own, Text, own};

keys! {
    /// The keys of [knowledge].
    KNOWLEDGE: KnowledgeKeys of KnowledgePlan beside { procedures } {
        /// the folder of the procedures, one Markdown file each ([KNOWLEDGE.md](KNOWLEDGE.md)). Where the plan's folder has none of
        /// this name, that of the first site which comes with turno. Each reload reads it again
        procedures: Own = own("none", ""), reload { by |_, knowledge| knowledge.procedures.clone() };
        /// after how many days without a comparison with its sources `turno check` tells of a procedure
        checked_days: Whole = whole(365, 1..=36_500, "days"), reload { told checked_days };
        /// the program with its arguments by which `turno knowledge speak` makes sounds of cards: text on its input, a WAV file
        /// on its output. It is run without a shell, never by a running turno
        voice: Text = Text { default: KnowledgePlan::VOICE, range: "" }, reload { told voice };
    }
}
