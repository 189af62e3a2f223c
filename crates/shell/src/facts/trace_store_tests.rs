//! The trace store stays within its limits, and a follower misses nothing.

use bytes::Bytes;
use compact_str::CompactString;
use turno_ground::{Flow, Transport};
use turno_model::Party;

use super::*;

fn kept(messages: usize) -> TraceStore {
    TraceStore::new(&Registry::new(), TracePlan { bytes: 1 << 20, messages })
}

fn leg(number: u64) -> (Moment, Fact) {
    let call_id = CompactString::from(format!("{number}@a-rather-long-name-of-a-host.example"));
    let fact = Fact::LegOpened { contact: ContactId(number), party: Party::Caller, call_id };
    (Moment::from_secs(1_000 + number), fact)
}

fn captured(number: u64) -> CapturedMessage {
    let address = ([127, 0, 0, 1], 5060).into();
    let flow = Flow { transport: Transport::Udp, local: address, remote: address };
    let text = format!("INVITE x\r\nCall-ID: {number}@a-rather-long-name-of-a-host.example\r\n\r\n");
    CapturedMessage::received(Moment::from_secs(1_000 + number), flow, Bytes::from(text))
}

#[test]
fn a_year_of_contacts_keeps_to_the_bound_of_facts() {
    let kept = kept(100);
    for number in 0..50_000 {
        kept.take(&Arc::new(vec![leg(number)]), &mut vec![captured(number)]);
    }
    let memory = kept.held();
    assert!(memory.facts_bytes <= (1 << 20) / FACTS_PART, "{} bytes", memory.facts_bytes);
    assert!(memory.facts.len() > 2_000, "{} facts are kept", memory.facts.len());
    assert_eq!(memory.ring.len(), 100);
}

#[test]
fn a_follower_gets_the_past_and_then_each_batch_once() {
    let kept = kept(100);
    let mut buffer = vec![captured(1), captured(2)];
    kept.take(&Arc::new(vec![leg(1), leg(2)]), &mut buffer);
    assert!(buffer.is_empty(), "the buffer goes back empty");
    let past = kept.past(Some(ContactId(2)), true).expect("a place");
    assert_eq!(past.captured_messages.len(), 1);
    kept.take(&Arc::new(vec![leg(3)]), &mut vec![captured(3)]);
    let mut news = past.news.expect("asked for");
    let first = news.try_recv().expect("the batch after the past");
    assert_eq!((first.facts.len(), first.captured_messages.len()), (1, 1));
    assert!(news.try_recv().is_err());
}

#[test]
fn a_follower_who_does_not_read_loses_its_place_and_nobody_else() {
    let kept = kept(100);
    let mut news = kept.past(None, true).expect("a place").news.expect("asked for");
    for number in 0..1_000 {
        kept.take(&Arc::new(vec![leg(number)]), &mut vec![captured(number)]);
    }
    assert!(kept.held().followers.is_empty());
    let heard = std::iter::from_fn(|| news.try_recv().ok()).count();
    assert_eq!(heard, FOLLOWER_BATCHES_MAX);
    assert!(news.is_closed());
    let places: Vec<_> = (0..FOLLOWERS_MAX).map(|_| kept.past(None, true).expect("a place")).collect();
    assert!(kept.past(None, true).is_none(), "no more than {FOLLOWERS_MAX} may follow");
    drop(places);
    assert!(kept.past(None, true).is_some());
}

#[test]
fn what_was_before_a_start_stands_before_what_came_since_and_takes_no_more_room_than_there_is() {
    let kept = kept(100);
    kept.take(&Arc::new(vec![leg(1_000)]), &mut vec![captured(1_000)]);
    let batch = |from: u64| Arc::new((from..from + 100).map(leg).collect::<Vec<_>>());
    let taken = (0..9).rev().take_while(|place| kept.remember(&batch(place * 100))).count();
    assert_eq!(taken, 9);
    let facts = kept.facts();
    assert!(facts.iter().flat_map(|batch| batch.iter()).is_sorted_by_key(|(at, _)| *at));
    assert_eq!(facts.iter().map(|batch| batch.len()).sum::<usize>(), 901);
    while kept.remember(&batch(0)) {}
    let memory = kept.held();
    assert!(memory.facts_bytes <= (1 << 20) / FACTS_PART, "{} bytes", memory.facts_bytes);
    assert!(memory.facts.back().is_some_and(|(_, newest)| newest.len() == 1), "the newest stay");
}
