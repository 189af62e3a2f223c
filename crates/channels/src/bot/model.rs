//! An OpenAI-compatible model beside the bot: what it is asked, and what its answers may change.
//!
//! It is off by default, and everything works without it. It may do two things: put the first ten procedures of a search
//! into a better order (by embeddings), and say a card in simpler words (by a chat completion), where the card's text is all
//! that it is given. A phrase with a figure, a page or an address that the card lacks is thrown away.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use turno_knowledge::{AnswerForm, ProcedureForm};
use turno_model::Language;

/// How many procedures it may put into another order.
pub const RERANKED_MAX: usize = 10;
/// What one standard deviation of likeness is worth beside a score. Measured on questions set aside (docs/BOT.md).
const LIKENESS_WORTH: f64 = 0.05;
/// Taken off each score, so that scores mean as much as before: the right one is about two deviations above the mean.
const LIKENESS_MEAN: f64 = 0.1;
/// The longest phrase in characters.
const PHRASE_CHARS_MAX: usize = 800;

/// The text of a procedure by which a model knows it.
#[must_use]
pub fn passage(procedure: &ProcedureForm) -> String {
    let ProcedureForm { name, aliases, requirements, text, .. } = procedure;
    let begin: String = text.trim().chars().take(400).collect();
    format!("{name}. {}. {}. {begin}", aliases.join(", "), requirements.join("; "))
}

/// What a text is to a model of embeddings; many models tell the two apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// A citizen's question.
    Query,
    /// A card.
    Passage,
}

/// The body of `POST …/embeddings`. `kind` goes along as `input_type`, which servers of models of one's own understand and
/// OpenAI's does not.
#[must_use]
pub fn embeddings_request(model: &str, texts: &[String], kind: Option<TextKind>) -> Value {
    let mut body = json!({ "model": model, "input": texts, "encoding_format": "float" });
    if let Some(kind) = kind {
        body["input_type"] = match kind {
            TextKind::Query => "query".into(),
            TextKind::Passage => "passage".into(),
        };
    }
    body
}

/// The vectors of an answer, in the order of the texts; `None`: it is not one with so many vectors of one length.
#[must_use]
pub fn read_embeddings(answer: &[u8], count: usize) -> Option<Vec<Vec<f32>>> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    let mut vectors = vec![Vec::new(); count];
    for (at, row) in answer.get("data")?.as_array()?.iter().enumerate() {
        let at =
            row.get("index").and_then(Value::as_u64).map_or(Some(at), |index| usize::try_from(index).ok())?;
        let numbers = row.get("embedding")?.as_array()?;
        let vector: Option<Vec<f32>> =
            numbers.iter().map(|number| number.as_f64().map(|number| number as f32)).collect();
        *vectors.get_mut(at)? = vector?;
    }
    let length = vectors.first().map_or(0, Vec::len);
    let are_whole = length > 0
        && vectors.iter().all(|vector| vector.len() == length && vector.iter().all(|part| part.is_finite()));
    are_whole.then_some(vectors)
}

/// The answer of a search in a better order: each of the first ten gets or loses by how much more like the question it is than
/// the other procedures are. Procedures without a vector keep their scores.
#[must_use]
pub fn rerank(mut answer: AnswerForm, question: &[f32], cards: &BTreeMap<String, Vec<f32>>) -> AnswerForm {
    let likeness: BTreeMap<&str, f64> =
        cards.iter().filter_map(|(id, card)| Some((id.as_str(), cosine(question, card)?))).collect();
    let count = likeness.len() as f64;
    let mean = likeness.values().sum::<f64>() / count;
    let deviation = (likeness.values().map(|one| (one - mean).powi(2)).sum::<f64>() / count).sqrt();
    if count < 3.0 || deviation <= f64::EPSILON {
        return answer;
    }
    let first = answer.procedures.len().min(RERANKED_MAX);
    for hit in &mut answer.procedures[..first] {
        if let Some(one) = likeness.get(hit.id.as_str()) {
            let better = (one - mean) / deviation * LIKENESS_WORTH - LIKENESS_MEAN;
            hit.score = (hit.score + better).clamp(0.0, 1.0);
        }
    }
    answer.procedures[..first].sort_by(|one, other| other.score.total_cmp(&one.score));
    answer
}

fn cosine(one: &[f32], other: &[f32]) -> Option<f64> {
    if one.len() != other.len() || one.is_empty() {
        return None;
    }
    let dot = |left: &[f32], right: &[f32]| -> f64 {
        left.iter().zip(right).map(|(left, right)| f64::from(*left) * f64::from(*right)).sum()
    };
    let lengths = (dot(one, one) * dot(other, other)).sqrt();
    (lengths > 0.0).then(|| dot(one, other) / lengths)
}

/// The body of `POST …/chat/completions`: a card in simpler words for this question.
#[must_use]
pub fn phrase_request(model: &str, question: &str, card: &str, language: Language) -> Value {
    let orders = match language {
        Language::Spanish => {
            "Responde la pregunta del ciudadano en español, en dos o tres frases sencillas y amables. Usa únicamente lo que \
             dice la ficha. No agregues ni cambies cifras, fechas, direcciones ni páginas. Si la ficha no lo dice, dilo."
        }
        Language::English => {
            "Answer the citizen's question in English in two or three simple, friendly sentences. Use only what the card \
             says. Never add or change figures, days, addresses or pages. If the card does not say it, say so."
        }
    };
    json!({
        "model": model,
        "temperature": 0,
        "max_tokens": 250,
        "messages": [
            { "role": "system", "content": format!("{orders}\n\n{card}") },
            { "role": "user", "content": question },
        ],
    })
}

/// The phrase of an answer, if it says nothing that the card does not say; else `None`, and the card alone is sent.
#[must_use]
pub fn read_phrase(answer: &[u8], card: &str) -> Option<String> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    let phrase = answer.get("choices")?.get(0)?.get("message")?.get("content")?.as_str()?.trim();
    let is_fit = !phrase.is_empty() && phrase.chars().count() <= PHRASE_CHARS_MAX && is_of_card(phrase, card);
    is_fit.then(|| phrase.to_owned())
}

/// Whether each figure, page and mail address of a phrase stands in the card.
fn is_of_card(phrase: &str, card: &str) -> bool {
    let card_figures = figures(card);
    let links = |text: &str| -> Vec<String> {
        let words = text.split(|letter: char| {
            letter.is_whitespace() || matches!(letter, '(' | ')' | '<' | '>' | '"' | '«' | '»')
        });
        let links = words.filter(|word| word.contains("://") || word.contains("www.") || word.contains('@'));
        links.map(|word| word.trim_end_matches(['.', ',', ';', ':', '/']).to_lowercase()).collect()
    };
    let card_links = links(card);
    figures(phrase).iter().all(|figure| card_figures.contains(figure))
        && links(phrase).iter().all(|link| card_links.contains(link))
}

/// The runs of digits in a text, with points and commas between digits left out, so that `2.350` and `2350` are alike.
fn figures(text: &str) -> Vec<String> {
    let mut figures = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_between = matches!(letter, '.' | ',') && letters.peek().is_some_and(char::is_ascii_digit);
        match figures.last_mut() {
            Some(last) if letter.is_ascii_digit() => last.push(letter),
            Some(last) if last.is_empty() || is_between => {}
            _ => figures.push(String::new()),
        }
    }
    figures.retain(|figure| !figure.is_empty());
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: &str =
        "Patente: de 10 a 25.000 USD. En línea: https://pam.quito.gob.ec/ (revisada el 2026-11-30)";

    fn answered(phrase: &str) -> Option<String> {
        let answer = json!({ "choices": [{ "message": { "content": phrase } }] });
        read_phrase(answer.to_string().as_bytes(), CARD)
    }

    #[test]
    fn a_phrase_that_adds_a_figure_or_a_page_is_thrown_away() {
        assert!(answered("Cuesta entre 10 y 25000 dólares; vea https://pam.quito.gob.ec.").is_some());
        assert_eq!(answered("Cuesta 15 dólares."), None);
        assert_eq!(answered("Pague en https://pam-quito.example/pago"), None);
        assert_eq!(answered("Escriba a pagos@quito.example"), None);
        assert_eq!(answered(""), None);
        assert_eq!(answered(&"palabra ".repeat(200)), None);
        assert_eq!(read_phrase(b"not json", CARD), None);
        assert_eq!(read_phrase(b"{\"choices\":[]}", CARD), None);
    }

    #[test]
    fn vectors_are_read_by_their_index_or_not_at_all() {
        let answer = json!({ "data": [{ "index": 1, "embedding": [0.0, 1.0] }, { "index": 0, "embedding": [1.0, 0.0] }] });
        let read = read_embeddings(answer.to_string().as_bytes(), 2);
        assert_eq!(read, Some(vec![vec![1.0, 0.0], vec![0.0, 1.0]]));
        for wrong in [
            "{}",
            "[]",
            "{\"data\":[]}",
            "{\"data\":[{\"embedding\":[1]},{\"embedding\":[1,2]}]}",
            "{\"data\":[{\"index\":7,\"embedding\":[1]}]}",
        ] {
            assert_eq!(read_embeddings(wrong.as_bytes(), 2), None, "{wrong}");
        }
    }
}
