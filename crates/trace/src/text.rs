//! The ladder for a terminal.

use turno_model::Language;

use crate::column::{Column, Kind};
use crate::entry::{Entry, Head, Message, Note, Tone};
use crate::safe;

/// How the ladder is drawn.
#[derive(Clone, Debug)]
pub struct TextOptions {
    /// Whether whole messages stand below their arrows.
    pub is_full: bool,
    /// Signs in a line.
    pub width: usize,
    /// Whether the terminal shows colours.
    pub has_colour: bool,
    /// Whether the line about the contact is left out.
    pub is_headless: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { is_full: false, width: 120, has_colour: false, is_headless: false }
    }
}

/// Signs of the time column.
const TIME: usize = 11;

/// Signs that an arrow may have.
const STEP_MIN: usize = 17;
const STEP_MAX: usize = 26;

/// Signs kept for what stands right of the ladder.
const DETAIL: usize = 34;

/// Draws entries, one after the other.
#[derive(Debug)]
pub struct Ladder {
    options: TextOptions,
    began: Option<u64>,
    language: Language,
    columns: Vec<Column>,
    /// Whether all columns are known from the start.
    is_foreseen: bool,
    has_drawn_parties: bool,
}

impl Ladder {
    /// Nothing drawn yet.
    pub fn new(options: &TextOptions) -> Self {
        Self {
            options: options.clone(),
            began: None,
            language: Language::English,
            columns: Vec::new(),
            is_foreseen: false,
            has_drawn_parties: false,
        }
    }

    /// Says which columns will come, so that they are drawn once.
    pub fn foresee(&mut self, columns: &[Column]) {
        self.columns = columns.to_vec();
        self.is_foreseen = true;
    }

    /// The lines of one entry.
    pub fn show(&mut self, entry: &Entry) -> String {
        match entry {
            Entry::Head(head) => self.head(head),
            Entry::Column(column) => {
                if !self.is_foreseen {
                    self.columns.push(column.clone());
                    self.has_drawn_parties = false;
                }
                String::new()
            }
            Entry::Message(message) => self.message(message),
            Entry::Note(note) => self.note(note),
            Entry::End(end) => end.missing.as_ref().map_or_else(String::new, |missing| {
                self.paint(Tone::Bad, &format!("{:TIME$}{missing}", "")) + "\n"
            }),
        }
    }

    fn head(&mut self, head: &Head) -> String {
        self.began = Some(head.began);
        self.language = head.language;
        if self.options.is_headless || head.clock.is_empty() {
            return String::new();
        }
        let Head { contact, site, clock, caller, dialled, .. } = head;
        say!(
            self.language,
            "contact {contact}   {clock}   caller {caller} to {dialled}   {site}\n",
            "contacto {contact}   {clock}   llama {caller} a {dialled}   {site}\n"
        )
    }

    /// Names and addresses over the lines of the parties.
    fn parties(&mut self) -> String {
        if self.has_drawn_parties {
            return String::new();
        }
        self.has_drawn_parties = true;
        let step = self.step();
        let mut lines = String::from("\n");
        for part in [|column: &Column| column.name.clone(), |column: &Column| column.address.clone()] {
            let mut line = format!("{:TIME$}", "");
            for place in 0..self.columns.len() {
                let text = safe::cut(&part(&self.columns[self.in_order(place)]), step - 1);
                line.push_str(&format!("{text:^step$}"));
            }
            lines.push_str(line.trim_end());
            lines.push('\n');
        }
        lines
    }

    fn message(&mut self, message: &Message) -> String {
        let mut lines = self.parties();
        let step = self.step();
        let places: Vec<usize> = (0..self.columns.len()).map(|place| place * step + step / 2).collect();
        let place_of = |column: usize| (0..self.columns.len()).find(|&place| self.in_order(place) == column);
        let turno = self.columns.iter().position(|column| column.kind == Kind::Turno).and_then(place_of);
        let (Some(turno), Some(other)) = (turno, place_of(message.column)) else { return lines };
        let (from, to) = if message.inward { (other, turno) } else { (turno, other) };
        let mut row: Vec<char> = vec![' '; self.columns.len() * step];
        places.iter().for_each(|&place| row[place] = '│');
        let (left, right) = (places[from.min(to)] + 1, places[from.max(to)]);
        let dash = if message.again { '╌' } else { '─' };
        row[left..right].fill(dash);
        // The label has all of the arrow but its head.
        let (start, end) = if from < to {
            row[right - 1] = '▶';
            (left, right - 1)
        } else {
            row[left] = '◀';
            (left + 1, right)
        };
        let label = format!(" {} ", fitting(message, (end - start).saturating_sub(2)));
        let gap = (end - start - label.chars().count().min(end - start)) / 2;
        label.chars().zip(start + gap..end).for_each(|(sign, place)| row[place] = sign);
        let row: String = row.into_iter().collect();
        let again = if message.again { self.language.say("again  ", "otra vez  ") } else { "" };
        let used = TIME + self.columns.len() * step;
        let detail =
            safe::cut(&message.detail, self.options.width.saturating_sub(used + again.len()).max(20));
        let line = format!("{}{row} {again}{detail}", self.time(message.at));
        lines.push_str(line.trim_end());
        lines.push('\n');
        if self.options.is_full {
            lines.push_str(&self.whole(message));
        }
        lines
    }

    fn whole(&self, message: &Message) -> String {
        let way =
            say!(self.language, "{} {} to {}", "{} {} a {}", message.transport, message.from, message.to);
        let body: String =
            message.text.trim_end().lines().map(|line| format!("{:TIME$}  {line}\n", "")).collect();
        format!("{:TIME$}  {}\n{}\n", "", self.paint(Tone::Figures, &way), body)
    }

    fn note(&mut self, note: &Note) -> String {
        let mut lines = String::new();
        let (mark, indent) = (mark(note.tone), TIME + 4);
        let room = self.options.width.saturating_sub(indent).max(30);
        for (number, part) in wrapped(&note.text, room).into_iter().enumerate() {
            let start = if number == 0 {
                format!("{}{mark} ", self.time(note.at))
            } else {
                format!("{:width$}", "", width = TIME + 2)
            };
            lines.push_str(&format!("{start}{}\n", self.paint(note.tone, &part)));
        }
        for reason in &note.reasons {
            for (number, part) in wrapped(reason, room).into_iter().enumerate() {
                let start = if number == 0 { "  · " } else { "    " };
                lines.push_str(&format!("{:TIME$}{start}{part}\n", ""));
            }
        }
        lines
    }

    /// Milliseconds since the contact arrived.
    fn time(&mut self, at: u64) -> String {
        let began = *self.began.get_or_insert(at);
        let micros = i128::from(at) - i128::from(began);
        let (sign, micros) = if micros < 0 { ("-", -micros) } else { ("", micros) };
        let text = format!("{sign}{}.{}", micros / 1_000, micros % 1_000 / 100);
        format!("{text:>width$}  ", width = TIME - 2)
    }

    fn paint(&self, tone: Tone, text: &str) -> String {
        let colour = match tone {
            Tone::Plain => "1",
            Tone::Decision => "1;36",
            Tone::Good => "1;32",
            Tone::Bad => "1;31",
            Tone::Figures => "2",
        };
        if self.options.has_colour { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn step(&self) -> usize {
        let room = self.options.width.saturating_sub(TIME + DETAIL);
        (room / self.columns.len().max(1)).clamp(STEP_MIN, STEP_MAX)
    }

    /// The column at a place: the caller first, turno second, the rest as they appeared.
    fn in_order(&self, place: usize) -> usize {
        in_order(&self.columns, place)
    }
}

/// The column at a place of the ladder: who appeared first, then turno, then the rest.
pub(crate) fn in_order(columns: &[Column], place: usize) -> usize {
    let turno = columns.iter().position(|column| column.kind == Kind::Turno).unwrap_or(0);
    let caller = columns.iter().position(|column| column.kind == Kind::Caller);
    let first = caller.or_else(|| (0..columns.len()).find(|&column| column != turno));
    let order = first.into_iter().chain([turno]);
    let rest = (0..columns.len()).filter(|&column| column != turno && Some(column) != first);
    order.chain(rest).nth(place).unwrap_or(place)
}

/// What stands on the arrow: a request's method is in its CSeq already.
pub(crate) fn label(message: &Message) -> String {
    let (number, method) = message.cseq.split_once(' ').unwrap_or((message.cseq.as_str(), ""));
    if method.trim() == message.title {
        format!("{} {number}", message.title)
    } else if message.cseq.is_empty() {
        message.title.clone()
    } else {
        format!("{} ({method} {number})", message.title)
    }
}

/// The label; where it is too long a success keeps its method, and anything else its reason.
fn fitting(message: &Message, room: usize) -> String {
    let whole = label(message);
    if whole.chars().count() <= room {
        return whole;
    }
    let method = message.cseq.split_once(' ').map_or("", |(_, method)| method);
    let bare = format!("{} ({method})", message.title.split(' ').next().unwrap_or_default());
    let tells_method = message.title.starts_with('2') && bare.chars().count() <= room;
    if tells_method { bare } else { safe::cut(&message.title, room) }
}

const fn mark(tone: Tone) -> char {
    match tone {
        Tone::Plain => '•',
        Tone::Decision => '◆',
        Tone::Good => '✓',
        Tone::Bad => '✗',
        Tone::Figures => '≡',
    }
}

/// `text` in lines of at most `room` signs, broken between words.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
