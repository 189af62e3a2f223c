//! Target `framing`: a stream of any bytes gives the same messages, in whatever pieces it is read.

use turno_sip::{Framed, Framer, Malformed, Message};

use crate::raw::Raw;

/// The first bytes are the sizes of the pieces of the rest.
pub fn framing(bytes: &[u8]) {
    let mut raw = Raw::new(bytes);
    let sizes = [raw.byte(), raw.byte(), raw.byte(), raw.byte()];
    let stream = raw.rest();
    let whole = cut(stream, &[usize::MAX]);
    assert_eq!(cut(stream, &[1]), whole, "byte by byte");
    let sizes = sizes.map(|size| usize::from(size) + 1);
    assert_eq!(cut(stream, &sizes), whole, "in pieces of {sizes:?}");
    for framed in whole.iter().flatten() {
        let Framed::Message(message) = framed else { continue };
        // The parser must not see a longer message than the framer.
        if let Ok(read) = Message::scan(message) {
            assert!(read.body().len() <= message.len());
        }
    }
}

fn cut(stream: &[u8], sizes: &[usize]) -> Vec<Result<Framed, Malformed>> {
    let mut framer = Framer::new();
    let mut found = Vec::new();
    let mut rest = stream;
    for size in sizes.iter().cycle() {
        let (piece, more) = rest.split_at((*size).min(rest.len()));
        framer.feed(piece);
        rest = more;
        loop {
            match framer.pop() {
                Ok(Some(framed)) => found.push(Ok(framed)),
                Ok(None) => break,
                Err(fault) => {
                    found.push(Err(fault));
                    return found;
                }
            }
        }
        if rest.is_empty() {
            return found;
        }
    }
    found
}
