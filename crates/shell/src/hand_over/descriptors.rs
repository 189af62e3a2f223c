//! Descriptors on their way through a local socket, each with its purpose and address, in bounded portions.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, sendmsg,
};
use serde_json::{Value, json};

/// Descriptors of one portion; the kernel takes no more than 253 at once.
const PORTION_MAX: usize = 100;

/// Bytes that name the descriptors of one portion: one piece for the kernel.
const NAMES_BYTES_MAX: usize = 16_384;

/// A descriptor with its purpose, in a word, and the address that it is bound to.
pub(super) type Named = (String, SocketAddr, OwnedFd);

/// Sends all of them; the other end keeps them open.
pub(super) fn send(stream: &UnixStream, sockets: &[Named]) -> io::Result<()> {
    let portions = sockets.len().div_ceil(PORTION_MAX).max(1);
    for number in 0..portions {
        let portion = sockets.iter().skip(number * PORTION_MAX).take(PORTION_MAX);
        let names: Vec<Value> =
            portion.clone().map(|(purpose, address, _)| json!([purpose, address])).collect();
        let line = json!({ "sockets": names, "more": number + 1 < portions }).to_string() + "\n";
        let descriptors: Vec<BorrowedFd<'_>> = portion.map(|(_, _, socket)| socket.as_fd()).collect();
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(PORTION_MAX))];
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        if !descriptors.is_empty() {
            ancillary.push(SendAncillaryMessage::ScmRights(&descriptors));
        }
        sendmsg(stream, &[IoSlice::new(line.as_bytes())], &mut ancillary, SendFlags::empty())?;
    }
    Ok(())
}

/// Receives what [`send`] sent.
///
/// # Errors
/// What the other end said instead, or why nothing came.
pub(super) fn receive(stream: &UnixStream) -> Result<Vec<Named>, String> {
    let mut all = Vec::new();
    loop {
        let (line, descriptors) = receive_portion(stream).map_err(|error| error.to_string())?;
        let told: Value = serde_json::from_str(&line).unwrap_or_default();
        let Some(names) = told.get("sockets").and_then(Value::as_array) else {
            return Err(if line.is_empty() { "it has gone".to_owned() } else { line.trim().to_owned() });
        };
        all.extend(names.iter().zip(descriptors).filter_map(|(name, socket)| {
            let (purpose, address) =
                (name.get(0)?.as_str()?.to_owned(), name.get(1)?.as_str()?.parse().ok()?);
            Some((purpose, address, socket))
        }));
        if told.get("more").and_then(Value::as_bool) != Some(true) {
            return Ok(all);
        }
    }
}

fn receive_portion(stream: &UnixStream) -> io::Result<(String, Vec<OwnedFd>)> {
    let mut names = vec![0; NAMES_BYTES_MAX];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(PORTION_MAX))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let received =
        recvmsg(stream, &mut [IoSliceMut::new(&mut names)], &mut ancillary, RecvFlags::CMSG_CLOEXEC)?;
    let descriptors = ancillary.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(descriptors) => Some(descriptors),
        RecvAncillaryMessage::ScmCredentials(_) | _ => None,
    });
    let descriptors = descriptors.flatten().collect();
    Ok((String::from_utf8_lossy(&names[..received.bytes]).into_owned(), descriptors))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_descriptors_than_the_kernel_takes_at_once_arrive_each_under_its_name() {
        let (here, there) = UnixStream::pair().expect("two ends");
        let named = |port: u16| -> Named {
            let file = std::fs::File::open("/dev/null").expect("it is there");
            ("rtp".to_owned(), SocketAddr::from(([127, 0, 0, 1], port)), file.into())
        };
        for count in [0, 1, 100, 350] {
            let sent: Vec<Named> = (0..count).map(named).collect();
            let sending = std::thread::scope(|scope| {
                let received = scope.spawn(|| receive(&there));
                send(&here, &sent).expect("sent");
                received.join().expect("no panic")
            });
            let ports: Vec<u16> = sending.expect("all").iter().map(|(_, at, _)| at.port()).collect();
            assert_eq!(ports, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn whoever_says_no_is_heard_in_its_own_words_and_whoever_goes_is_missed() {
        let (mut here, there) = UnixStream::pair().expect("two ends");
        io::Write::write_all(&mut here, b"not today").expect("written");
        assert_eq!(receive(&there).expect_err("refused"), "not today");
        drop(here);
        assert_eq!(receive(&there).expect_err("gone"), "it has gone");
    }
}
