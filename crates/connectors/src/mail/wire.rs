//! Responses of an IMAP server: bytes in, values out (RFC 9051, section 9). No sockets.
//!
//! It reads leniently: a server may send what nobody asked for, in any order, and everything unknown is skipped.

/// The deepest list that is read.
const LISTS_MAX: usize = 20;

/// The most bytes of one line outside literals.
const LINE_BYTES_MAX: usize = 1024 * 1024;

/// One value of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A word such as `FETCH`, `12` or `BODY[]`.
    Atom(String),
    /// A quoted text, or a literal.
    Text(Vec<u8>),
    /// Values in brackets.
    List(Vec<Value>),
}

/// Whom a response is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tag {
    /// What the server tells by itself.
    Untagged,
    /// It waits for more of the command.
    Continue,
    /// The end of the command with this tag.
    Of(String),
}

/// One response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Whom it is for.
    pub tag: Tag,
    /// Its line without the tag, literals left out.
    pub line: String,
    /// Its values.
    pub values: Vec<Value>,
}

/// What a server may not send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// Cuts a stream into responses.
#[derive(Debug)]
pub struct Framer {
    bytes: Vec<u8>,
    /// The literals of the response that is incomplete, and the lines around them.
    pieces: Vec<Piece>,
    /// How many bytes of a literal are awaited.
    literal: Option<usize>,
    /// The most bytes of a literal.
    literal_max: usize,
    /// From where a line end is looked for.
    seen: usize,
}

#[derive(Debug)]
enum Piece {
    Line(Vec<u8>),
    Literal(Vec<u8>),
}

impl Framer {
    /// For literals of at most so many bytes.
    #[must_use]
    pub const fn new(literal_max: usize) -> Self {
        Self { bytes: Vec::new(), pieces: Vec::new(), literal: None, literal_max, seen: 0 }
    }

    /// Takes bytes from the connection.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Whether nothing of a response lies here.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.pieces.is_empty()
    }

    /// The next whole response.
    ///
    /// # Errors
    /// The server sends more than is read.
    pub fn pop(&mut self) -> Result<Option<Response>, TooLarge> {
        loop {
            if let Some(len) = self.literal {
                if self.bytes.len() < len {
                    return Ok(None);
                }
                let rest = self.bytes.split_off(len);
                self.pieces.push(Piece::Literal(core::mem::replace(&mut self.bytes, rest)));
                (self.literal, self.seen) = (None, 0);
            }
            let Some(end) = self.bytes[self.seen..].iter().position(|byte| *byte == b'\n') else {
                self.seen = self.bytes.len();
                return if self.seen > LINE_BYTES_MAX { Err(TooLarge) } else { Ok(None) };
            };
            let rest = self.bytes.split_off(self.seen + end + 1);
            let mut line = core::mem::replace(&mut self.bytes, rest);
            self.seen = 0;
            while line.last().is_some_and(|byte| *byte == b'\n' || *byte == b'\r') {
                line.pop();
            }
            let literal = literal_len(&line);
            self.pieces.push(Piece::Line(line));
            match literal {
                Some(len) if len > self.literal_max || self.pieces.len() > 1_000 => return Err(TooLarge),
                Some(len) => self.literal = Some(len),
                None => return Ok(Some(response(core::mem::take(&mut self.pieces)))),
            }
        }
    }
}

/// The length of the literal that a line announces at its end.
fn literal_len(line: &[u8]) -> Option<usize> {
    let inner = line.strip_suffix(b"}")?;
    let begin = inner.iter().rposition(|byte| *byte == b'{')?;
    let number = core::str::from_utf8(&inner[begin + 1..]).ok()?.trim_end_matches('+');
    number.parse().ok()
}

fn response(pieces: Vec<Piece>) -> Response {
    let mut reader = Reader { lists: vec![Vec::new()], line: String::new() };
    let mut tag = None;
    for piece in pieces {
        match piece {
            Piece::Literal(bytes) => reader.add(Value::Text(bytes)),
            Piece::Line(line) => {
                let text = String::from_utf8_lossy(&line).into_owned();
                let text = if tag.is_none() {
                    let (first, rest) = text.split_once(' ').unwrap_or((&text, ""));
                    tag = Some(match first {
                        "*" => Tag::Untagged,
                        "+" => Tag::Continue,
                        other => Tag::Of(other.to_owned()),
                    });
                    rest.to_owned()
                } else {
                    text
                };
                reader.read(&text);
            }
        }
    }
    Response { tag: tag.unwrap_or(Tag::Untagged), line: reader.line.clone(), values: reader.finish() }
}

struct Reader {
    /// The lists that are open, the outermost first.
    lists: Vec<Vec<Value>>,
    line: String,
}

impl Reader {
    fn add(&mut self, value: Value) {
        if let Some(list) = self.lists.last_mut() {
            list.push(value);
        }
    }

    fn read(&mut self, text: &str) {
        self.line.push_str(text);
        let mut rest = text;
        while let Some(sign) = rest.chars().next() {
            match sign {
                ' ' => rest = &rest[1..],
                '(' => {
                    rest = &rest[1..];
                    if self.lists.len() < LISTS_MAX {
                        self.lists.push(Vec::new());
                    }
                }
                ')' => {
                    rest = &rest[1..];
                    self.close();
                }
                '"' => rest = self.quoted(&rest[1..]),
                _ => rest = self.atom(rest),
            }
        }
    }

    fn close(&mut self) {
        if self.lists.len() > 1 {
            let list = self.lists.pop().unwrap_or_default();
            self.add(Value::List(list));
        }
    }

    fn quoted<'x>(&mut self, rest: &'x str) -> &'x str {
        let (mut text, mut is_escaped) = (String::new(), false);
        for (at, sign) in rest.char_indices() {
            match (is_escaped, sign) {
                (false, '\\') => is_escaped = true,
                (false, '"') => {
                    self.add(Value::Text(text.into_bytes()));
                    return &rest[at + 1..];
                }
                (true | false, sign) => {
                    text.push(sign);
                    is_escaped = false;
                }
            }
        }
        self.add(Value::Text(text.into_bytes()));
        ""
    }

    /// An atom; square brackets belong to it with everything inside, as in `BODY[HEADER.FIELDS (SUBJECT)]`.
    fn atom<'x>(&mut self, rest: &'x str) -> &'x str {
        let mut depth = 0_usize;
        let end = rest.char_indices().find(|(_, sign)| {
            match sign {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && matches!(sign, ' ' | '(' | ')' | '"')
        });
        let end = end.map_or(rest.len(), |(at, _)| at);
        let atom = &rest[..end];
        // What announces a literal is no value.
        if literal_len(atom.as_bytes()).is_none() {
            self.add(Value::Atom(atom.to_owned()));
        }
        &rest[end..]
    }

    fn finish(mut self) -> Vec<Value> {
        while self.lists.len() > 1 {
            self.close();
        }
        self.lists.pop().unwrap_or_default()
    }
}

impl Response {
    /// The first word of the line, in capitals.
    #[must_use]
    pub fn word(&self) -> String {
        self.line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase()
    }

    /// The number in a code such as `[UIDVALIDITY 12]`.
    #[must_use]
    pub fn code(&self, name: &str) -> Option<u32> {
        let (_, rest) = self.line.split_once('[')?;
        let (code, _) = rest.split_once(']')?;
        let (word, number) = code.split_once(' ')?;
        if word.eq_ignore_ascii_case(name) { number.trim().parse().ok() } else { None }
    }

    /// The items of a FETCH, by name: `UID`, `BODY[]` and so on.
    #[must_use]
    pub fn fetched(&self) -> Option<Fetched<'_>> {
        match self.values.as_slice() {
            [Value::Atom(_), Value::Atom(word), Value::List(items), ..]
                if word.eq_ignore_ascii_case("FETCH") =>
            {
                Some(Fetched(items))
            }
            _ => None,
        }
    }

    /// The numbers after `SEARCH`.
    #[must_use]
    pub fn found(&self) -> Option<Vec<u32>> {
        let (first, rest) = self.values.split_first()?;
        let is_search = matches!(first, Value::Atom(word) if word.eq_ignore_ascii_case("SEARCH"));
        is_search.then(|| rest.iter().filter_map(Value::number).collect())
    }
}

impl Value {
    /// It as a number.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        match self {
            Self::Atom(word) => word.parse().ok(),
            Self::Text(_) | Self::List(_) => None,
        }
    }
}

/// The items of a FETCH.
#[derive(Clone, Copy, Debug)]
pub struct Fetched<'x>(&'x [Value]);

impl<'x> Fetched<'x> {
    /// The item of this name.
    #[must_use]
    pub fn item(&self, name: &str) -> Option<&'x Value> {
        let at = self
            .0
            .iter()
            .position(|value| matches!(value, Value::Atom(word) if word.eq_ignore_ascii_case(name)))?;
        self.0.get(at + 1)
    }

    /// A number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u32> {
        self.item(name)?.number()
    }

    /// Bytes.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<&'x [u8]> {
        match self.item(name)? {
            Value::Text(bytes) => Some(bytes),
            Value::Atom(_) | Value::List(_) => None,
        }
    }
}
