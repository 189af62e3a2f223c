//! A value of a column.

use core::time::Duration;

use turno_ground::Moment;

/// A value of a column: both databases have exactly these types.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing.
    Null,
    /// A number, a moment in microseconds since 1970 (UTC), a span in microseconds, or 0 and 1.
    Int(i64),
    /// A text.
    Text(String),
}

impl Value {
    /// The number, if it is one.
    pub const fn int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Null | Self::Text(_) => None,
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::Int(_) => None,
        }
    }

    /// The moment, if it is a number.
    pub fn moment(&self) -> Option<Moment> {
        self.int().map(|micros| Moment::from_micros(u64::try_from(micros).unwrap_or(0)))
    }

    /// The span, if it is a number.
    pub fn span(&self) -> Option<Duration> {
        self.int().map(|micros| Duration::from_micros(u64::try_from(micros).unwrap_or(0)))
    }
}

/// Microseconds of a span.
pub(crate) fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int(number.into())
    }
}

impl From<u8> for Value {
    fn from(number: u8) -> Self {
        Self::Int(number.into())
    }
}

impl From<bool> for Value {
    fn from(is_so: bool) -> Self {
        Self::Int(is_so.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Moment> for Value {
    fn from(moment: Moment) -> Self {
        moment.as_micros().into()
    }
}

impl From<Duration> for Value {
    fn from(span: Duration) -> Self {
        Self::Int(micros(span))
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
