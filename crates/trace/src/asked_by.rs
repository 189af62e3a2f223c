//! Who asked for something, in words.

use turno_model::Asker;

use crate::names::Names;

/// Who asked for something, after a comma.
pub(crate) fn asked_by(by: Asker, names: Names<'_>) -> String {
    let language = names.language;
    match by {
        Asker::Phone(agent) => say!(language, ", as {} asked", ", como pidió {}", names.agent(agent)),
        Asker::Control => say!(
            language,
            ", as was asked over the control socket",
            ", como se pidió por el socket de control"
        ),
        Asker::Shell => say!(language, ", as turno asked", ", como pidió turno"),
    }
}
