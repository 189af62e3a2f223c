//! Reads [chat].

use turno_model::plan::ChatPlan;

use crate::fault::FaultKind;
use crate::keys::chat::CHAT;
use crate::read_browser::read_origins;
use crate::reading::Reading;
use crate::section::Section;
use crate::tables::Tables;

/// Longest title and longest name and words of a ready answer, in characters.
const TITLE_MAX: usize = 60;
const NAME_MAX: usize = 30;
const WORDS_MAX: usize = 4_096;

/// Reads [chat]; `None` where it does not stand: there is no web chat.
pub(crate) fn read_chat(reading: &mut Reading<'_>, tables: &Tables, has_api: bool) -> Option<ChatPlan> {
    if !tables.has_single("chat") {
        return None;
    }
    let section = tables.single(reading, "chat");
    if !has_api && !reading.is_partial {
        let found = "people would write to an API that is not served";
        reading.fault(FaultKind::Conflict, section.place_of(CHAT.origins.name), found, "a table [api]");
    }
    let title = section.text(reading, CHAT.title.name).unwrap_or_default().to_owned();
    if title.chars().count() > TITLE_MAX {
        let found = format!("`title` has more than {TITLE_MAX} characters");
        reading.fault(FaultKind::Unintelligible, section.place_of(CHAT.title.name), found, "a shorter one");
    }
    Some(ChatPlan {
        origins: read_origins(reading, section, CHAT.origins.name),
        title,
        sessions: CHAT.sessions.read(reading, section),
        messages: CHAT.messages.read(reading, section),
        answers: read_answers(reading, section),
    })
}

/// Ready answers: a name without spaces, a colon, and the words.
fn read_answers(reading: &mut Reading<'_>, section: Section<'_>) -> Vec<(String, String)> {
    let mut answers: Vec<(String, String)> = Vec::new();
    for (text, node) in section.texts(reading, CHAT.answers.name) {
        let parts = text.split_once(':').map(|(name, words)| (name.trim(), words.trim()));
        let is_name = |name: &str| {
            !name.is_empty()
                && name.chars().count() <= NAME_MAX
                && !name.contains(|c: char| c.is_whitespace() || c == '/')
        };
        let words = parts
            .filter(|(name, words)| is_name(name) && !words.is_empty() && words.chars().count() <= WORDS_MAX);
        match words {
            Some((name, _)) if answers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) => {
                let found = format!("two ready answers are called `{name}`");
                reading.fault(FaultKind::Conflict, node.place, found, "another name");
            }
            Some((name, words)) => answers.push((name.to_owned(), words.to_owned())),
            None => {
                let expected = "a name without spaces, a colon and the words, such as `hola: Buenos días.`";
                reading.fault(
                    FaultKind::Unintelligible,
                    node.place,
                    format!("`answers` has `{text}`"),
                    expected,
                );
            }
        }
    }
    answers
}

#[cfg(test)]
mod tests {
    use crate::tests::{Folder, QUEUE};

    #[test]
    fn the_chat_is_on_by_its_table_and_has_its_limits() {
        let folder = Folder::new("chat");
        folder.put("queues.toml", QUEUE);
        folder.put("api.toml", "[api]\nlisten = \"127.0.0.1:8081\"\n");
        assert_eq!(folder.load().expect("a plan").0.chat, None);
        folder.put("chat.toml", "[chat]\n");
        let chat = folder.load().expect("a plan").0.chat.expect("a chat");
        assert_eq!((chat.sessions, chat.messages, chat.title.as_str()), (60, 30, ""));
        let keys =
            "[chat]\norigins = [\"https://WWW.example\"]\nanswers = [\"hola: Buenos días: ¿qué desea?\"]\n";
        folder.put("chat.toml", keys);
        let chat = folder.load().expect("a plan").0.chat.expect("a chat");
        assert_eq!(chat.origins, ["https://www.example"]);
        assert_eq!(chat.answers, [("hola".to_owned(), "Buenos días: ¿qué desea?".to_owned())]);
    }

    #[test]
    fn a_chat_that_could_not_work_is_refused() {
        let folder = Folder::new("chat-refused");
        folder.put("queues.toml", QUEUE);
        folder.put("chat.toml", "[chat]\n");
        let refused = folder.load().expect_err("no API").to_string();
        assert!(refused.contains("an API that is not served"), "{refused}");
        folder.put("api.toml", "[api]\nlisten = \"127.0.0.1:8081\"\n");
        for keys in [
            "origins = [\"*\"]",
            "origins = [\"https://www.example/page\"]",
            "answers = [\"no words\"]",
            "answers = [\"two words: x\"]",
            "answers = [\"a: x\", \"A: y\"]",
            "sessions = 0",
            "title = \"0123456789012345678901234567890123456789012345678901234567890\"",
        ] {
            folder.put("chat.toml", &format!("[chat]\n{keys}\n"));
            assert!(folder.load().is_err(), "{keys}");
        }
    }
}
