//! One connection of the control socket: checks the user, reads the request and passes it on.

use std::io;
use std::path::PathBuf;

use core::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Take};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::timeout;
use turno_control::{Answer, BadRequest, HAND_OVER_PROTOCOL, Opening, REQUEST_BYTES_MAX, Request, TakeOver};

use crate::control::api::ControlApi;
use crate::control::writing::give;
use crate::hand_over::admitted::Successor;
use crate::hand_over::running;

/// How long a request may take to arrive.
const QUESTION_SPAN_MAX: Duration = Duration::from_secs(5);

const ONLY_USER: &str = "only the user that turno runs as may ask";

const OTHER_USER: &str = "the successor runs as another user than this turno, so the next one could not read its \
                          journal; start it as the same user";

/// Reads one request and answers it.
pub(crate) async fn talk(stream: tokio::net::UnixStream, answering: &ControlApi, has_place: bool) {
    let user = rustix::process::geteuid().as_raw();
    // The file's mode forbids other users too; this check also works on file systems without modes.
    let peer = stream.peer_cred().map_or(u32::MAX, |peer| peer.uid());
    let is_ours = peer == user || peer == 0;
    let (read, mut write) = stream.into_split();
    let mut reader = BufReader::new(read.take(REQUEST_BYTES_MAX as u64));
    let Ok(Ok(request)) = timeout(QUESTION_SPAN_MAX, read_request(&mut reader)).await else { return };
    let refusal = match (is_ours, has_place, request) {
        (false, _, _) => ONLY_USER.to_owned(),
        (true, false, _) => {
            give(&mut write, &Answer::Busy("too many are asking; try again".to_owned())).await;
            return;
        }
        (true, true, Ok(Request::TakeOver(TakeOver { process, protocol, folder }))) => {
            if protocol == HAND_OVER_PROTOCOL && user == peer {
                let successor = Successor { process, folder: folder.map(PathBuf::from) };
                return hand_over(reader.into_inner().into_inner(), write, successor, answering);
            }
            if user == peer { BadRequest::OtherHandOver.to_string() } else { OTHER_USER.to_owned() }
        }
        (true, true, Ok(request)) => return answering.answer(request, &mut write).await,
        (true, true, Err(bad)) => bad.to_string(),
    };
    give(&mut write, &Answer::Refused(refusal)).await;
}

/// Reads the two lines of a request. If the first is not of this version, the second is not read.
async fn read_request(
    reader: &mut BufReader<Take<OwnedReadHalf>>,
) -> io::Result<Result<Request, BadRequest>> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line).await?;
    if let Err(bad) = Opening::read(&line) {
        return Ok(Err(bad));
    }
    line.clear();
    reader.read_until(b'\n', &mut line).await?;
    Ok(Request::read(&line))
}

/// Passes the connection to the hand-over, which runs on its own thread.
fn hand_over(read: OwnedReadHalf, write: OwnedWriteHalf, successor: Successor, answering: &ControlApi) {
    if let Ok(stream) =
        read.reunite(write).map_err(io::Error::other).and_then(tokio::net::UnixStream::into_std)
    {
        running::begin(&answering.hand_overs, stream, &successor);
    }
}
