//! Streams that send faster than the engine reads.

use core::time::Duration;

use bytes::Bytes;
use tokio::time::timeout;
use turno_ground::{Flow, Transport};

use super::{EngineMessage, INBOX_BYTES_MAX, inbox};

#[tokio::test]
async fn streams_wait_when_their_messages_fill_the_inbox_and_others_are_still_heard() {
    // Wound: a thousand streams with one long message each were a gigabyte in front of a slow engine.
    let address = "127.0.0.1:5060".parse().expect("an address");
    let flow = Flow { transport: Transport::Tcp, local: address, remote: address };
    let (inbox, mut reader) = inbox().expect("a descriptor");
    let message = Bytes::from(vec![b'x'; 65_000]);
    let mut taken = 0;
    while timeout(Duration::from_millis(50), inbox.send(EngineMessage::Message(flow, message.clone())))
        .await
        .is_ok()
    {
        taken += 1;
    }
    assert!(taken * message.len() <= INBOX_BYTES_MAX && taken > 200, "{taken}");
    assert!(inbox.post(EngineMessage::Halt), "what is no message of a stream has room");
    assert!(inbox.send(EngineMessage::FlowClosed(flow)).await);
    assert!(matches!(reader.take(), Some(EngineMessage::Message(..))));
    assert!(inbox.send(EngineMessage::Message(flow, message)).await, "one was read, so one may come");
}
