//! `turno knowledge search` and `show`.

use turno_knowledge::{Procedure, ProcedureForm};
use turno_model::Language;

use super::Site;
use crate::exit::Exit;

/// Prints the procedures that `text` may ask for.
pub(super) fn search(site: &Site, text: &str, most: usize, is_json: bool) -> Exit {
    let answer = site.library.answer(text, most, site.today);
    let is_empty = answer.procedures.is_empty();
    if is_json {
        say!("{}", serde_json::json!(answer));
        return if is_empty { Exit::NothingThere } else { Exit::Done };
    }
    let language = site.language;
    for taken in &answer.taken {
        complain!("{} -> {}", taken.word, taken.meant);
    }
    if is_empty {
        complain!(
            "turno: {}",
            language.say("no procedure has these words", "ningún trámite tiene estas palabras")
        );
        return Exit::NothingThere;
    }
    for hit in &answer.procedures {
        let confirmed =
            if hit.confirmed { "" } else { language.say(" (to be confirmed)", " (por confirmar)") };
        let expired = if hit.expired { language.say(" (expired)", " (vencido)") } else { "" };
        say!("{:.2}  {:<32} {}{confirmed}{expired}", hit.score, hit.id, hit.name);
    }
    Exit::Done
}

/// Prints one procedure.
pub(super) fn show(site: &Site, id: &str, is_json: bool) -> Exit {
    let Some(procedure) = site.library.procedure(id) else {
        return missing(site, id);
    };
    if is_json {
        say!("{}", serde_json::json!(ProcedureForm::new(procedure, site.today)));
    } else {
        say!("{}", card(procedure, site.language));
    }
    Exit::Done
}

/// Tells that there is no such procedure, with the nearest name.
pub(super) fn missing(site: &Site, id: &str) -> Exit {
    let nearest = site.library.nearest(id).map_or_else(String::new, |nearest| match site.language {
        Language::English => format!("; the nearest is `{nearest}`"),
        Language::Spanish => format!("; el más parecido es `{nearest}`"),
    });
    let missing = site.language.say("there is no procedure", "no hay ningún trámite");
    complain!("turno: {missing} `{id}`{nearest}");
    Exit::NothingThere
}

/// A procedure for people.
fn card(procedure: &Procedure, language: Language) -> String {
    let mut card = format!("{}\n", procedure.name);
    let mut line = |english, spanish, text: &str| {
        if !text.is_empty() {
            card.push_str(&format!("  {}: {text}\n", language.say(english, spanish)));
        }
    };
    line("institution", "institución", &procedure.institution);
    line("requirements", "requisitos", &procedure.requirements.join("; "));
    line("cost", "costo", &procedure.cost);
    line("where", "dónde", &procedure.place);
    line("on line", "en línea", procedure.online.as_deref().unwrap_or_default());
    line("hours", "horario", &procedure.hours);
    line("telephone", "teléfono", procedure.phone.as_deref().unwrap_or_default());
    line("legal basis", "base legal", &procedure.legal_basis.join("; "));
    line("related", "relacionados", &procedure.related.join(", "));
    line("wrap-up code", "código", procedure.wrap_up.as_deref().unwrap_or_default());
    line("valid from", "vigente desde", &procedure.valid_from.to_string());
    let last = procedure.valid_until.map(|day| day.to_string());
    line("valid until", "vigente hasta", last.as_deref().unwrap_or_default());
    line("checked on", "revisado el", &procedure.checked_on.to_string());
    let to_confirm = language.say("to be confirmed by the institution", "por confirmar con la institución");
    let confirmed = procedure.confirmed_on.map_or_else(|| to_confirm.to_owned(), |day| day.to_string());
    line("confirmed", "confirmado", &confirmed);
    line("source", "fuente", &procedure.sources.join(" "));
    format!("{card}\n{}", procedure.body)
}
