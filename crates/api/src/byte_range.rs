//! A part of an answer by its bytes (RFC 9110, section 14): players jump within a recording.

use core::ops::RangeInclusive;

use axum::body::Body;
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE, RANGE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};

/// What of a body is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// All of it; also where several parts are asked for, which nobody must serve.
    Whole,
    /// These bytes.
    Bytes(RangeInclusive<usize>),
    /// Bytes that it does not have.
    None,
}

/// The answer with the whole, or with the part that the headers ask for.
pub(crate) fn answer(headers: &HeaderMap, kind: &'static str, tag: &str, body: Vec<u8>) -> Response {
    let length = body.len();
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // A player that has a part of another version gets the whole.
    let is_same = text(IF_RANGE).is_none_or(|known| known == tag);
    let part = match text(RANGE).filter(|_| is_same) {
        Some(asked) => part(asked, length),
        None => Part::Whole,
    };
    let (status, bytes, range) = match part {
        Part::Whole => (StatusCode::OK, body, None),
        Part::Bytes(range) => {
            let told = format!("bytes {}-{}/{length}", range.start(), range.end());
            (StatusCode::PARTIAL_CONTENT, body.get(range).map(<[u8]>::to_vec).unwrap_or_default(), Some(told))
        }
        Part::None => (StatusCode::RANGE_NOT_SATISFIABLE, Vec::new(), Some(format!("bytes */{length}"))),
    };
    let mut response = status.into_response();
    let told = response.headers_mut();
    told.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    told.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    told.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    for (name, value) in [(ETAG, Some(tag.to_owned())), (CONTENT_RANGE, range)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            told.insert(name, value);
        }
    }
    *response.body_mut() = Body::from(bytes);
    response
}

fn part(asked: &str, length: usize) -> Part {
    let Some(range) = asked.strip_prefix("bytes=").map(str::trim).filter(|range| !range.contains(',')) else {
        return Part::Whole;
    };
    let Some((first, last)) = range.split_once('-') else { return Part::Whole };
    let number =
        |text: &str| text.parse::<usize>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    match (number(first), number(last)) {
        // The last so many bytes.
        (None, Some(0)) if first.is_empty() => Part::None,
        (None, Some(many)) if first.is_empty() && length > 0 => {
            Part::Bytes(length.saturating_sub(many)..=length - 1)
        }
        (Some(first), _) if first >= length => Part::None,
        (Some(first), None) if last.is_empty() => Part::Bytes(first..=length - 1),
        (Some(first), Some(last)) if first <= last => Part::Bytes(first..=last.min(length - 1)),
        (Some(_) | None, Some(_) | None) => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_what_the_standard_says() {
        for (asked, due) in [
            ("bytes=0-0", Part::Bytes(0..=0)),
            ("bytes=2-", Part::Bytes(2..=9)),
            ("bytes=2-99", Part::Bytes(2..=9)),
            ("bytes=-3", Part::Bytes(7..=9)),
            ("bytes=-99", Part::Bytes(0..=9)),
            ("bytes=-0", Part::None),
            ("bytes=10-", Part::None),
            ("bytes=18446744073709551615-", Part::None),
        ] {
            assert_eq!(part(asked, 10), due, "{asked}");
        }
        let whole = [
            "bytes=3-2",
            "bytes=0-1,4-5",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "lines=1-2",
            "bytes=+1-2",
            "bytes=1-x",
        ];
        for asked in whole {
            assert_eq!(part(asked, 10), Part::Whole, "{asked}");
        }
        assert_eq!(part("bytes=0-", 0), Part::None);
        assert_eq!(part("bytes=-5", 0), Part::Whole);
    }
}
