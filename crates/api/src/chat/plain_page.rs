//! The page without script as HTML. Whatever people wrote passes [`escaped`].

use std::fmt::Write as _;

use crate::chat::plain_words::Words;
use crate::harmless::harmless;
use crate::written::{BodyForm, ChatForm, MessageForm, Stage};

/// The page's styles.
pub(crate) const STYLE: &str = include_str!("plain.css");

/// What the page shows.
pub(crate) struct Shown<'a> {
    pub(crate) words: &'static Words,
    pub(crate) title: &'a str,
    pub(crate) chat: &'a ChatForm,
    pub(crate) messages: &'a [MessageForm],
    /// Whether there are earlier messages, and whether these are not the last.
    pub(crate) is_more: bool,
    pub(crate) is_earlier: bool,
    pub(crate) csrf: &'a str,
    /// A fresh number for the next message.
    pub(crate) client: &'a str,
    /// Milliseconds since 1970.
    pub(crate) now: i64,
}

/// Text as it may stand in HTML, also between quotation marks.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for sign in harmless(text).chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            sign => out.push(sign),
        }
    }
    out
}

/// A whole page.
fn whole(words: &Words, title: &str, body: &str) -> String {
    let title = if title.is_empty() { words.title } else { title };
    let (other, other_name) = words.other_language;
    format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title}</title><link rel=\"stylesheet\" href=\"/chat/plain.css\"></head><body>\
         <header><h1>{title}</h1><a href=\"/chat/plain?lang={other}\" lang=\"{other}\" hreflang=\"{other}\">{other_name}</a></header>\
         <main>{body}</main></body></html>",
        lang = words.language,
        title = escaped(title),
    )
}

/// The page where a chat begins.
pub(crate) fn begin_page(words: &Words, title: &str, queue: Option<&str>) -> String {
    let queue = queue.map_or_else(String::new, |queue| {
        format!("<input type=\"hidden\" name=\"queue\" value=\"{}\">", escaped(queue))
    });
    let body = format!(
        "<p>{hello}</p><form method=\"post\" action=\"/chat/plain/open\">{queue}\
         <input type=\"hidden\" name=\"language\" value=\"{lang}\">\
         <label for=\"name\">{name}</label><input id=\"name\" name=\"name\" maxlength=\"60\" autocomplete=\"name\">\
         <label for=\"text\">{question}</label><textarea id=\"text\" name=\"text\" rows=\"4\" maxlength=\"4096\" required></textarea>\
         <button type=\"submit\">{begin}</button></form>",
        hello = words.hello,
        lang = words.language,
        name = words.name,
        question = words.question,
        begin = words.begin,
    );
    whole(words, title, &body)
}

/// The page that says why something was not done.
pub(crate) fn trouble_page(words: &Words, title: &str, why: &str) -> String {
    let body = format!(
        "<h2>{}</h2><p role=\"alert\">{}</p><p><a href=\"/chat/plain\">{}</a></p>",
        words.not_sent,
        escaped(why),
        words.back
    );
    whole(words, title, &body)
}

/// The chat.
pub(crate) fn chat_page(shown: &Shown<'_>) -> String {
    let Shown { words, title, chat, .. } = shown;
    let mut body = format!("<p class=\"state\" role=\"status\">{}</p>", state_of(words, chat));
    let _ = write!(body, "<h2 id=\"log\">{}</h2>", words.log);
    earlier(&mut body, shown);
    if shown.messages.is_empty() {
        let _ = write!(body, "<p>{}</p>", words.nothing);
    } else {
        body.push_str("<ol class=\"log\" aria-labelledby=\"log\">");
        for message in shown.messages {
            one_message(&mut body, shown, message);
        }
        body.push_str("</ol>");
    }
    let _ = write!(
        body,
        "<p id=\"end\"><a class=\"look\" href=\"/chat/plain?look={}#end\">{}</a></p>",
        shown.now, words.look
    );
    choices(&mut body, shown);
    writing(&mut body, shown);
    rating(&mut body, shown);
    let csrf = shown.csrf;
    if chat.stage == Stage::Done {
        let _ = write!(
            body,
            "<form method=\"post\" action=\"/chat/plain/new\"><input type=\"hidden\" name=\"csrf\" value=\"{csrf}\"><button type=\"submit\" class=\"quiet\">{}</button></form>",
            words.new
        );
    } else {
        let _ = write!(
            body,
            "<form method=\"post\" action=\"/chat/plain/leave\"><input type=\"hidden\" name=\"csrf\" value=\"{csrf}\"><button type=\"submit\" class=\"quiet\">{}</button></form>",
            words.leave
        );
    }
    whole(words, title, &body)
}

fn state_of(words: &Words, chat: &ChatForm) -> String {
    match chat.stage {
        Stage::Bot => words.with_bot.to_owned(),
        Stage::Waiting => {
            let place = chat.place.map_or_else(|| words.waiting.to_owned(), words.place);
            let told = |wait: u32| (words.wait)(wait.div_ceil(60));
            // Who does not know the place is told nothing of the wait.
            let wait = chat.wait.map(told).or_else(|| chat.place.map(|_| words.no_wait.to_owned()));
            [Some(place), wait].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Stage::Agent => match &chat.agent_name {
            Some(name) => format!("{} ({})", words.with_person, escaped(name)),
            None => words.with_person.to_owned(),
        },
        Stage::Parked => words.parked.to_owned(),
        Stage::Done => words.done.to_owned(),
    }
}

fn earlier(body: &mut String, shown: &Shown<'_>) {
    if let (true, Some(first)) = (shown.is_more, shown.messages.first()) {
        let _ =
            write!(body, "<p><a href=\"/chat/plain?before={}\">{}</a></p>", first.id, shown.words.earlier);
    }
    if shown.is_earlier {
        let _ = write!(body, "<p><a href=\"/chat/plain#end\">{}</a></p>", shown.words.latest);
    }
}

fn one_message(body: &mut String, shown: &Shown<'_>, message: &MessageForm) {
    let words = shown.words;
    let who = match message.by {
        "citizen" => words.you,
        "bot" => words.bot,
        "agent" => shown.chat.agent_name.as_deref().unwrap_or(words.person),
        _ => words.turno,
    };
    let own = message.by == "citizen";
    let minutes = shown.now.saturating_sub(message.at) / 60_000;
    let _ = write!(
        body,
        "<li class=\"{}\"><p class=\"who\"><b>{}</b> <span>{}</span>",
        if own { "own" } else { "other" },
        escaped(who),
        (words.ago)(minutes)
    );
    if own {
        let _ = write!(
            body,
            " <span>{}</span>",
            if message.id <= shown.chat.seen { words.seen } else { words.kept }
        );
    }
    body.push_str("</p>");
    said(body, words, &message.body);
    body.push_str("</li>");
}

fn said(body: &mut String, words: &Words, what: &BodyForm) {
    let mut say = |text: &str| {
        let _ = write!(body, "<p dir=\"auto\" class=\"words\">{}</p>", escaped(text));
    };
    match what {
        BodyForm::Text { text }
        | BodyForm::Choices { text, .. }
        | BodyForm::Card { text, .. }
        | BodyForm::Template { text, .. } => say(text),
        BodyForm::Chosen { title, .. } => say(title),
        BodyForm::File { file, name, media, size, caption } => {
            let (name, address) = (escaped(name), format!("/chat/plain/files/{}", escaped(file)));
            if media.starts_with("image/") {
                let _ = write!(
                    body,
                    "<p><a href=\"{address}\"><img src=\"{address}\" alt=\"{name}\" loading=\"lazy\"></a></p>"
                );
            } else {
                let _ = write!(
                    body,
                    "<p>{}: <a href=\"{address}\" download>{name}</a> ({} kB)</p>",
                    words.file,
                    size.div_ceil(1_024)
                );
            }
            if let Some(caption) = caption {
                let _ = write!(body, "<p dir=\"auto\" class=\"words\">{}</p>", escaped(caption));
            }
        }
        BodyForm::FileElsewhere { name, .. } => {
            say(&format!("{}: {}", words.file, name.as_deref().unwrap_or("-")))
        }
        BodyForm::Location { name, .. } => {
            say(&format!("{}: {}", words.place_word, name.as_deref().unwrap_or("-")))
        }
        BodyForm::Reaction { sign } => say(sign),
        BodyForm::Other { .. } => say(words.unknown),
    }
}

/// The choices of the last message, if it asks.
fn choices(body: &mut String, shown: &Shown<'_>) {
    let last = shown.messages.last().map(|message| &message.body);
    let Some(BodyForm::Choices { choices, .. } | BodyForm::Card { choices, .. }) = last else { return };
    if shown.is_earlier || choices.is_empty() {
        return;
    }
    let _ = write!(
        body,
        "<form method=\"post\" action=\"/chat/plain/choose\"><fieldset><legend>{}</legend>\
         <input type=\"hidden\" name=\"csrf\" value=\"{}\"><input type=\"hidden\" name=\"client\" value=\"{}\">",
        shown.words.choose, shown.csrf, shown.client
    );
    for choice in choices {
        let detail = choice
            .detail
            .as_deref()
            .map_or_else(String::new, |detail| format!("<small>{}</small>", escaped(detail)));
        let _ = write!(
            body,
            "<button type=\"submit\" name=\"choice\" value=\"{}\">{}{detail}</button>",
            escaped(&choice.id),
            escaped(&choice.title)
        );
    }
    body.push_str("</fieldset></form>");
}

fn writing(body: &mut String, shown: &Shown<'_>) {
    let _ = write!(
        body,
        "<form method=\"post\" action=\"/chat/plain/say\"><input type=\"hidden\" name=\"csrf\" value=\"{}\">\
         <input type=\"hidden\" name=\"client\" value=\"{}\"><label for=\"text\">{}</label>\
         <textarea id=\"text\" name=\"text\" rows=\"3\" maxlength=\"4096\" required></textarea><button type=\"submit\">{}</button></form>",
        shown.csrf, shown.client, shown.words.answer, shown.words.send
    );
}

fn rating(body: &mut String, shown: &Shown<'_>) {
    if shown.chat.rating.is_some() {
        let _ = write!(body, "<p>{}</p>", shown.words.rated);
        return;
    }
    if !shown.chat.asks_rating {
        return;
    }
    let _ = write!(
        body,
        "<form method=\"post\" action=\"/chat/plain/rate\"><fieldset><legend>{}</legend><input type=\"hidden\" name=\"csrf\" value=\"{}\">",
        shown.words.rate, shown.csrf
    );
    for (place, word) in (1..).zip(shown.words.stars) {
        let _ = write!(
            body,
            "<label class=\"star\"><input type=\"radio\" name=\"stars\" value=\"{place}\" required> {word}</label>"
        );
    }
    let _ = write!(body, "<button type=\"submit\">{}</button></fieldset></form>", shown.words.give);
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn text_is_never_markup() {
        assert_eq!(
            escaped("<script>\"a\" & 'b'</script>"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;"
        );
        assert_eq!(escaped("a\u{202E}b\0"), "ab");
    }
}
