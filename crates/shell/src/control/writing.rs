//! Lines of an answer on their way to the program that asked.

use core::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::unix::OwnedWriteHalf;
use tokio::time::timeout;
use turno_control::Answer;

/// How long a reader may take for one line.
const READER_SPAN_MAX: Duration = Duration::from_secs(10);

/// Writes one line; false if the reader is gone or too slow.
pub(crate) async fn give(write: &mut OwnedWriteHalf, answer: &Answer) -> bool {
    give_text(write, &(answer.json() + "\n")).await
}

/// Writes whole lines; false if the reader is gone or too slow.
pub(crate) async fn give_text(write: &mut OwnedWriteHalf, text: &str) -> bool {
    matches!(timeout(READER_SPAN_MAX, write.write_all(text.as_bytes())).await, Ok(Ok(())))
}

/// Whether the reader has closed its end.
pub(crate) fn is_gone(write: &OwnedWriteHalf) -> bool {
    let mut byte = [0];
    matches!(write.as_ref().try_read(&mut byte), Ok(0))
}

/// What is answered where a task of ours died.
pub(crate) fn fault() -> Answer {
    Answer::Refused("a fault of turno's own; see its log".to_owned())
}
