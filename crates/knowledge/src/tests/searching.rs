//! The search over made procedures, and text of people who mean ill.

use proptest::prelude::*;

use super::folder::{Folder, card};
use crate::index::Answer;
use crate::library::Library;

fn library() -> Library {
    let folder = Folder::new();
    folder.put("patente.md", &card("Patente municipal", ""));
    folder.put(
        "luae.md",
        &card("LUAE licencia de actividades económicas", "")
            .replace("aliases = []", "aliases = [\"permiso de funcionamiento\"]"),
    );
    folder.put("vehiculo.md", &card("Transferencia de dominio de un vehículo", ""));
    folder.put("predio.md", &card("Impuesto predial", ""));
    folder.put("otra.md", &card("Registro civil", ""));
    folder.put(
        "synonyms.toml",
        "same = [[\"carro\", \"vehículo\"]]\n[asked_as]\npredio = [\"pagar la casa\"]\n",
    );
    folder.read().expect("a library")
}

fn first(library: &Library, text: &str) -> Option<(String, f64)> {
    let hit = library.search(text, 5).hits.into_iter().next()?;
    Some((library.procedures()[hit.place].id.clone(), hit.score))
}

#[test]
fn citizens_find_it_without_accents_in_the_plural_misspelt_and_in_other_words() {
    let library = library();
    for (text, id) in [
        ("PATENTES MUNICIPALES", "patente"),
        ("lisensia de actibidades", "luae"),
        ("traspaso transferensia del carro", "vehiculo"),
        ("como pago la casa?", "predio"),
        ("permisos de funcionamiento", "luae"),
    ] {
        let (found, score) = first(&library, text).expect("a hit");
        assert_eq!(found, id, "{text}");
        assert!((0.0..=1.0).contains(&score), "{text}: {score}");
    }
}

#[test]
fn an_answer_says_what_was_taken_for_what_and_what_nobody_knows() {
    let answer = library().search("lisensia para mi elefante", 3);
    assert_eq!((answer.taken[0].word.as_str(), answer.taken[0].meant.as_str()), ("lisensia", "licencia"));
    assert_eq!(answer.unknown, ["elefante"]);
    let unknown = library().search("elefante rosado", 3);
    assert_eq!(unknown.hits, []);
    assert_eq!(library().search("¿?", 3), Answer::default());
}

#[test]
fn strange_words_make_a_sure_answer_less_sure_and_the_own_name_makes_it_sure() {
    let library = library();
    let score = |text: &str| first(&library, text).map_or(0.0, |(_, score)| score);
    assert!(score("patente municipal") > 0.7);
    assert!(score("patente de elefante rosado") < score("patente") * 0.7);
    assert!(score("el permiso de funcionamiento") > 0.7);
}

proptest! {
    #[test]
    fn no_text_breaks_the_search(text in "\\PC{0,400}", most in 0_usize..10) {
        let answer = library().search(&text, most);
        prop_assert!(answer.hits.len() <= most);
        for hit in answer.hits {
            prop_assert!((0.0..=1.0).contains(&hit.score));
        }
    }

    #[test]
    fn no_language_of_queries_gets_through(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "\"", "*", "NEAR(", ")", "AND", "OR", "NOT", "^", "name:", "{name aliases}:", "--", ";", "'", "\0",
                "patente", "lisensia", "\u{202e}", "DROP TABLE terms", "%", "\\", "(", "+", "pat*",
            ]),
            0..40,
        )
    ) {
        let library = library();
        for text in [parts.join(" "), parts.concat()] {
            prop_assert!(library.search(&text, 5).hits.len() <= 5);
        }
        prop_assert_eq!(library.search("patente", 1).hits.len(), 1);
    }
}
