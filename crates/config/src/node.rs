//! TOML as an owned tree in which every key and value knows its place.

use toml_span::value::ValueInner;

use crate::source::SourceSpan;

/// A value with its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) place: SourceSpan,
    pub(crate) kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Text(String),
    Whole(i64),
    Real,
    Flag(bool),
    List(Vec<Node>),
    Table(Vec<(Key, Node)>),
}

/// A key with its place.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) place: SourceSpan,
}

impl Kind {
    /// The type in words.
    pub(crate) const fn words(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Whole(_) => "a whole number",
            Self::Real => "a number with a fraction",
            Self::Flag(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// The tree of one file; its keys stand in the order of the text.
pub(crate) fn grow(mut value: toml_span::Value<'_>, file: usize) -> Node {
    let place = SourceSpan { file, start: value.span.start, end: value.span.end };
    let kind = match value.take() {
        ValueInner::String(text) => Kind::Text(text.into_owned()),
        ValueInner::Integer(number) => Kind::Whole(number),
        ValueInner::Float(_) => Kind::Real,
        ValueInner::Boolean(flag) => Kind::Flag(flag),
        ValueInner::Array(items) => Kind::List(items.into_iter().map(|item| grow(item, file)).collect()),
        ValueInner::Table(table) => {
            let mut fields: Vec<(Key, Node)> = table
                .into_iter()
                .map(|(key, value)| {
                    let place = SourceSpan { file, start: key.span.start, end: key.span.end };
                    (Key { name: key.name.into_owned(), place }, grow(value, file))
                })
                .collect();
            fields.sort_by_key(|(key, _)| key.place.start);
            Kind::Table(fields)
        }
    };
    Node { place, kind }
}
