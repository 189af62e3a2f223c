//! What a voice is given.

use std::path::Path;

use crate::reader::read_procedure;
use crate::spoken::spoken_card;

fn card(change: (&str, &str)) -> String {
    let text = include_str!("../../../../sip-config/quito/procedures/luae.md").replace(change.0, change.1);
    spoken_card(&read_procedure(Path::new("luae.md"), &text).expect("a card"))
}

#[test]
fn a_card_is_read_out_with_its_source_and_day_and_without_pages() {
    let words = card(("", ""));
    for part in [
        "Ejercicio de Actividades Económicas.\n",
        "Se necesita.\nRUC.\nPatente o RAET al día.",
        "Costo: Tasa según la actividad: por confirmar.",
        "Horario: Balcones de servicio: lunes a viernes, 08:00 a 16:30.",
        "Así lo decían las páginas públicas de Municipio del Distrito Metropolitano de Quito el 30 de noviembre de 2026.",
        "Por confirmar con la institución.",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(!words.contains("http"), "{words}");
    assert!(!card(("wrap_up", "confirmed_on = \"2026-11-30\"\nwrap_up")).contains("Por confirmar con"));
}

#[test]
fn what_is_read_out_changes_with_the_card_and_not_with_what_is_beside_it() {
    let words = card(("", ""));
    assert_ne!(card(("\"RUC\"", "\"RUC activo\"")), words);
    assert_ne!(card(("checked_on = \"2026-11-30\"", "checked_on = \"2026-12-01\"")), words);
    assert_eq!(card(("\"permiso de funcionamiento\"", "\"permiso del local\"")), words);
}

#[test]
fn a_long_card_is_cut_and_says_so() {
    let many =
        format!("\"RUC\", {}", "\"Una copia del documento que se pide en la ventanilla\", ".repeat(60));
    let words = card(("\"RUC\",", &many));
    assert!(words.chars().count() <= 1_200 && words.contains("Hay más; una persona se lo dirá."), "{words}");
}
