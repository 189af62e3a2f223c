//! The story as one page: no script, nothing from elsewhere, and not one sign of a stranger's that could become markup.

use core::fmt::Write;

use crate::column::Kind;
use crate::contact_trace::{ContactTrace, TraceLine};
use crate::entry::{Message, Note, Tone};
use crate::text::{in_order, label};

const STYLE: &str = include_str!("page.css");

impl ContactTrace {
    /// The story as one self-contained page.
    pub fn html(&self) -> String {
        page(self)
    }
}

fn page(story: &ContactTrace) -> String {
    let head = &story.head;
    let mut page = String::with_capacity(16 * 1024 + story.lines.len() * 1024);
    let language = head.language;
    let title = say!(language, "contact {}", "contacto {}", head.contact);
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n<main>\n<header>\n<p class=\"site\">{}</p>\n<h1>{}</h1>\n",
        language.say("en", "es"),
        escaped(&title),
        escaped(&head.site),
        escaped(&title)
    );
    let _ = writeln!(
        page,
        "<p>{} · {} <b>{}</b> {} <b>{}</b></p>\n</header>",
        escaped(&head.clock),
        language.say("caller", "llama"),
        escaped(&head.caller),
        language.say("to", "a"),
        escaped(&head.dialled)
    );
    let count = story.columns.len().max(1);
    let _ = writeln!(page, "<section class=\"ladder\" style=\"--n:{count}\">");
    parties(story, &mut page);
    for line in &story.lines {
        match line {
            TraceLine::Message(message) => arrow(story, message, &mut page),
            TraceLine::Note(note) => sentence(head.began, note, &mut page),
        }
    }
    if let Some(missing) = &story.end.missing {
        let _ = writeln!(page, "<p class=\"note bad\"><i></i><span>{}</span></p>", escaped(missing));
    }
    page.push_str("</section>\n");
    page.push_str(if story.end.is_over {
        ""
    } else {
        language.say(
            "<p class=\"open\">The contact had not ended when this was saved.</p>\n",
            "<p class=\"open\">El contacto no había terminado cuando se guardó.</p>\n",
        )
    });
    let footer = language.say(
        "Times in milliseconds since the call arrived. A message opens at a touch.",
        "Tiempos en milisegundos desde que llegó la llamada. Un mensaje se abre con un toque.",
    );
    let _ = writeln!(page, "<footer>{footer}</footer>\n</main>\n</html>");
    page
}

fn parties(story: &ContactTrace, page: &mut String) {
    page.push_str("<div class=\"parties\"><i></i><div>");
    for place in 0..story.columns.len() {
        let column = &story.columns[in_order(&story.columns, place)];
        let kind = match column.kind {
            Kind::Caller => "caller",
            Kind::Turno => "turno",
            Kind::Agent => "agent",
            Kind::Outside => "outside",
        };
        let _ = write!(
            page,
            "<div class=\"{kind}\"><b>{}</b><small>{}</small></div>",
            escaped(&column.name),
            escaped(&column.address)
        );
    }
    page.push_str("</div></div>\n");
}

fn arrow(story: &ContactTrace, message: &Message, page: &mut String) {
    let places = 0..story.columns.len();
    let place_of = |column: usize| places.clone().find(|&place| in_order(&story.columns, place) == column);
    let turno = story.columns.iter().position(|column| column.kind == Kind::Turno).and_then(place_of);
    let (Some(turno), Some(other)) = (turno, place_of(message.column)) else { return };
    let points_right = message.inward == (other < turno);
    let again = if message.again { " again" } else { "" };
    let way = if points_right { "right" } else { "left" };
    let kind = if message.inward { "in" } else { "out" };
    let _ = write!(
        page,
        "<details class=\"{kind} {way}{again}{}\"><summary><i>{}</i>\
         <div class=\"rungs\" style=\"--a:{};--w:{}\"><div class=\"arrow\"><span>{}{}</span></div>",
        status_class(&message.title),
        time(story.head.began, message.at),
        turno.min(other),
        turno.abs_diff(other),
        escaped(&label(message)),
        if message.again { story.head.language.say(" <em>again</em>", " <em>otra vez</em>") } else { "" }
    );
    if !message.detail.is_empty() {
        let _ = write!(page, "<small><span>{}</span></small>", escaped(&message.detail));
    }
    let _ = writeln!(
        page,
        "</div></summary><div class=\"whole\"><p>{} {} {} {}</p><pre>{}</pre></div></details>",
        escaped(&message.transport),
        escaped(&message.from),
        story.head.language.say("to", "a"),
        escaped(&message.to),
        escaped(message.text.trim_end())
    );
}

fn status_class(title: &str) -> &'static str {
    match title.as_bytes() {
        [b'2', b'0'..=b'9', b'0'..=b'9', ..] => " success",
        [b'4'..=b'6', b'0'..=b'9', b'0'..=b'9', ..] => " failure",
        _ => "",
    }
}

fn sentence(began: u64, note: &Note, page: &mut String) {
    let tone = match note.tone {
        Tone::Plain => "plain",
        Tone::Decision => "decision",
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Figures => "figures",
    };
    let text = escaped(&note.text);
    let _ = write!(page, "<div class=\"note {tone}\"><i>{}</i><span>{text}", time(began, note.at));
    if !note.reasons.is_empty() {
        page.push_str("<ul>");
        for reason in &note.reasons {
            let _ = write!(page, "<li>{}</li>", escaped(reason));
        }
        page.push_str("</ul>");
    }
    page.push_str("</span></div>\n");
}

fn time(began: u64, at: u64) -> String {
    let micros = i128::from(at) - i128::from(began);
    let sign = if micros < 0 { "-" } else { "" };
    let micros = micros.unsigned_abs();
    format!("{sign}{}.{}", micros / 1_000, micros % 1_000 / 100)
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            sign => safe.push(sign),
        }
    }
    safe
}
