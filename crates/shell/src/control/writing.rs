//! Writes the lines of an answer to the program that asked.

use core::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::unix::OwnedWriteHalf;
use tokio::time::timeout;
use turno_control::Answer;

/// How long a reader may take for one write.
const READER_SPAN_MAX: Duration = Duration::from_secs(10);

/// Writes one line; false if the reader has disconnected or is too slow.
pub(crate) async fn give(write: &mut OwnedWriteHalf, answer: &Answer) -> bool {
    give_text(write, &(answer.json() + "\n")).await
}

/// Writes whole lines; false if the reader has disconnected or is too slow.
pub(crate) async fn give_text(write: &mut OwnedWriteHalf, text: &str) -> bool {
    matches!(timeout(READER_SPAN_MAX, write.write_all(text.as_bytes())).await, Ok(Ok(())))
}

/// Whether the reader has closed its end.
pub(crate) fn is_gone(write: &OwnedWriteHalf) -> bool {
    let mut byte = [0];
    matches!(write.as_ref().try_read(&mut byte), Ok(0))
}

/// The answer after a task of turno has panicked.
pub(crate) fn fault() -> Answer {
    Answer::Refused("a fault of turno's own; see its log".to_owned())
}
