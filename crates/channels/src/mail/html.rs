//! The words of a page, without anything that could act: one pass, no tree, no more text than there was.

/// Elements whose content nobody reads.
const SILENT: [&str; 10] =
    ["script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg", "select"];

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 20] = [
    "p",
    "div",
    "br",
    "tr",
    "table",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "hr",
    "section",
    "article",
    "form",
    "blockquote",
];

/// The deepest quotation that is shown.
const QUOTES_MAX: usize = 5;

/// The words of a page: blocks as lines, cells apart, the true address behind every link, quotations with `>`.
#[must_use]
pub fn words_of_html(html: &str) -> String {
    let (mut page, mut ends) = (Page::default(), Ends { html, next: None });
    let mut at = 0;
    while let Some(begin) = html[at..].find('<').map(|begin| begin + at) {
        page.text(&html[at..begin]);
        at = page.markup(html, begin, &mut ends);
    }
    page.text(&html[at..]);
    page.close_link();
    page.finish()
}

/// Where the next `>` is. It is looked for once, and not again for every `<` before it: pages of a million `<` exist.
struct Ends<'x> {
    html: &'x str,
    /// The last answer; the length of the page means that there is none.
    next: Option<usize>,
}

impl Ends<'_> {
    fn after(&mut self, at: usize) -> Option<usize> {
        let next = match self.next {
            Some(next) if next >= at => next,
            Some(_) | None => self.html[at..].find('>').map_or(self.html.len(), |end| end + at),
        };
        self.next = Some(next);
        (next < self.html.len()).then_some(next)
    }
}

#[derive(Default)]
struct Page {
    out: String,
    /// The element that is silent now.
    silent: Option<&'static str>,
    /// How deep in quotations.
    quotes: usize,
    /// Whether a space is due before the next word.
    space: bool,
    /// How many new lines are due before the next word, at most two.
    lines: usize,
    /// The address of the link that is open, and where its words begin.
    link: Option<(String, usize)>,
    is_pre: bool,
}

impl Page {
    /// Takes the markup at `begin`, and says where the page goes on.
    fn markup(&mut self, html: &str, begin: usize, ends: &mut Ends<'_>) -> usize {
        let inner = begin + 1;
        if html[inner..].starts_with("!--") {
            return html[inner + 3..].find("-->").map_or(html.len(), |end| inner + 3 + end + 3);
        }
        let is_markup =
            html[inner..].starts_with(|sign: char| sign.is_ascii_alphabetic() || "/!?".contains(sign));
        let Some(first) = ends.after(inner).filter(|_| is_markup) else {
            self.text("<");
            return inner;
        };
        let end = end_of_tag(&html[inner..]).map_or(first, |end| inner + end);
        self.tag(&html[inner..end]);
        end + 1
    }

    fn tag(&mut self, tag: &str) {
        let (is_end, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let len = tag.find(|sign: char| !sign.is_ascii_alphanumeric()).unwrap_or(tag.len());
        let name = tag[..len].to_ascii_lowercase();
        if let Some(silent) = self.silent {
            if is_end && name == silent {
                self.silent = None;
            }
            return;
        }
        if let Some(silent) = SILENT.iter().find(|silent| **silent == name) {
            let is_closed = is_end || tag.ends_with('/');
            self.silent = (!is_closed).then_some(*silent);
            return;
        }
        match name.as_str() {
            "blockquote" if is_end => self.quotes = self.quotes.saturating_sub(1),
            "blockquote" => self.quotes = (self.quotes + 1).min(QUOTES_MAX),
            "pre" => self.is_pre = !is_end,
            "td" | "th" if !is_end => self.space = true,
            "a" => {
                self.close_link();
                let address = if is_end { None } else { attribute(tag, "href") };
                self.link = address.map(|address| (address, self.out.len()));
            }
            "img" => {
                if let Some(words) = attribute(tag, "alt").filter(|words| !words.trim().is_empty()) {
                    self.text(&format!(" [{}] ", words.trim()));
                }
            }
            _ => {}
        }
        if BLOCKS.contains(&name.as_str()) {
            let is_apart = matches!(name.as_str(), "p" | "h1" | "h2" | "h3" | "table" | "blockquote");
            self.lines = self.lines.max(if is_apart { 2 } else { 1 });
            if name == "li" && !is_end {
                self.text("- ");
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.silent.is_some() {
            return;
        }
        let text = entities(text);
        if self.is_pre {
            for (count, line) in text.split('\n').enumerate() {
                self.lines = self.lines.max(usize::from(count > 0));
                self.word(line.trim_end_matches('\r'));
            }
            return;
        }
        let is_space = |sign: char| sign.is_whitespace() || sign == '\u{a0}';
        self.space |= text.starts_with(is_space);
        for (count, word) in text.split(is_space).filter(|word| !word.is_empty()).enumerate() {
            self.space |= count > 0;
            self.word(word);
        }
        self.space |= text.ends_with(is_space);
    }

    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if self.lines > 0 && !self.out.is_empty() {
            for _ in 0..self.lines {
                self.out.push('\n');
            }
        } else if self.space && !self.out.is_empty() {
            self.out.push(' ');
        }
        if (self.lines > 0 || self.out.is_empty()) && self.quotes > 0 {
            self.out.push_str(&">".repeat(self.quotes));
            self.out.push(' ');
        }
        (self.space, self.lines) = (false, 0);
        self.out.push_str(word);
    }

    /// Shows where a link leads, unless its words say so already: a page may write one bank and lead to another.
    fn close_link(&mut self) {
        let Some((address, begin)) = self.link.take() else { return };
        let address: String =
            entities(&address).chars().filter(|sign| !sign.is_whitespace()).take(500).collect();
        let is_web = ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| {
            address.get(..scheme.len()).is_some_and(|first| first.eq_ignore_ascii_case(scheme))
        });
        let bare = address.trim_start_matches("mailto:").trim_start_matches("tel:");
        let said = self.out.get(begin..).unwrap_or_default().trim();
        if is_web && !said.is_empty() && said != address && said != bare {
            let shown = format!("<{address}>");
            (self.space, self.lines) = (true, 0);
            self.word(&shown);
        }
    }

    fn finish(self) -> String {
        self.out.trim().to_owned()
    }
}

/// The most bytes in which an end outside quotation marks is looked for.
const TAG_BYTES_MAX: usize = 1024;

/// Where a tag ends: a sign inside quotation marks is no end. `None`: the next sign must do, as when browsers recover.
fn end_of_tag(tag: &str) -> Option<usize> {
    let (mut quote, mut before) = (None, b' ');
    for (at, byte) in tag.bytes().enumerate().take(TAG_BYTES_MAX) {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None | Some(_), _) => {}
        }
        before = if byte.is_ascii_whitespace() { before } else { byte };
    }
    None
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut from = 0;
    let small = tag.to_ascii_lowercase();
    while let Some(at) = small[from..].find(name).map(|at| at + from) {
        from = at + name.len();
        let is_word =
            small[..at].ends_with(|sign: char| sign.is_ascii_whitespace() || sign == '"' || sign == '\'');
        let value = tag[from..].trim_ascii_start();
        let Some(value) = value.strip_prefix('=').filter(|_| is_word).map(str::trim_ascii_start) else {
            continue;
        };
        let quoted =
            ['"', '\''].into_iter().find_map(|mark| value.strip_prefix(mark).map(|rest| (mark, rest)));
        return Some(match quoted {
            Some((mark, rest)) => rest.split(mark).next().unwrap_or_default().to_owned(),
            None => value.split(|sign: char| sign.is_ascii_whitespace() || sign == '>').next()?.to_owned(),
        });
    }
    None
}

/// Replaces the entities that mails have; one that is unknown stays as it is.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        match end.and_then(|end| Some((end, entity(rest.get(..end)?)?))) {
            Some((end, sign)) => {
                out.push(sign);
                rest = &rest[end + 1..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|sign| !sign.is_control() || *sign == '\n');
    }
    let known = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", '\u{a0}'),
        ("aacute", 'á'),
        ("eacute", 'é'),
        ("iacute", 'í'),
        ("oacute", 'ó'),
        ("uacute", 'ú'),
        ("ntilde", 'ñ'),
        ("uuml", 'ü'),
        ("Aacute", 'Á'),
        ("Eacute", 'É'),
        ("Iacute", 'Í'),
        ("Oacute", 'Ó'),
        ("Uacute", 'Ú'),
        ("Ntilde", 'Ñ'),
        ("Uuml", 'Ü'),
        ("iexcl", '¡'),
        ("iquest", '¿'),
        ("ordm", 'º'),
        ("ordf", 'ª'),
        ("deg", '°'),
        ("euro", '€'),
        ("copy", '©'),
        ("reg", '®'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("hellip", '…'),
        ("bull", '•'),
        ("laquo", '«'),
        ("raquo", '»'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("middot", '·'),
    ];
    known.iter().find(|(one, _)| *one == name).map(|(_, sign)| *sign)
}
