//! Target `journal`: a journal file of any bytes, and a valid file with these bytes written over it.

use turno_ground::Moment;
use turno_journal::{Content, Entry, Fold, Item, Kind, Reading, Writer, read};
use turno_model::{Fact, Row, RowKey, Step, Table};

const NUMBER: u64 = 1;

/// Reads the bytes as a file. Then the first two bytes are the place where the rest overwrites a valid file.
pub fn journal(bytes: &[u8]) {
    judge(bytes, &read(bytes, NUMBER));
    let Some((place, laid)) = bytes.split_first_chunk::<2>() else { return };
    let mut file = whole();
    let place = usize::from(u16::from_le_bytes(*place)) % file.len();
    let mut is_changed = false;
    for (byte, laid) in file[place..].iter_mut().zip(laid) {
        is_changed |= *byte != *laid;
        *byte = *laid;
    }
    let reading = read(&file, NUMBER);
    judge(&file, &reading);
    // Zeros from the beginning of a frame to the end mean a file that was not closed, which is no fault.
    let is_noticed = !reading.faults.is_empty() || !reading.is_closed;
    assert_eq!(is_changed, is_noticed, "{:?}", reading.faults);
}

fn judge(bytes: &[u8], reading: &Reading<'_>) {
    assert!(reading.end <= bytes.len());
    assert!(reading.frames.is_sorted_by(|one, other| one.place < other.place), "out of order or twice");
    let mut fold = Fold::new();
    for frame in &reading.frames {
        assert!(frame.offset < bytes.len() && frame.place < reading.places);
        fold.take(&frame.entry);
        if let Entry::Step(items) = frame.entry {
            for item in items {
                if let Item::Fact(fact) = item {
                    let _ = fact.fact();
                }
            }
        }
    }
    let mut writer = Writer::new(0);
    writer.begin(Content::Checkpoint, NUMBER, Moment::from_secs(1));
    fold.write(&mut writer, Moment::from_secs(2)).expect("what was read is short");
    let again = read(writer.bytes(), NUMBER);
    assert!(again.faults.is_empty() && again.is_closed);
    let mut copy = Fold::new();
    again.frames.iter().for_each(|frame| copy.take(&frame.entry));
    assert_eq!(copy, fold, "a checkpoint is not what it was made of");
    reading.faults.iter().for_each(|fault| assert!(!fault.to_string().is_empty()));
}

/// A short valid file that was closed.
fn whole() -> Vec<u8> {
    let mut writer = Writer::new(3);
    writer.begin(Content::Segment, NUMBER, Moment::from_secs(1));
    for key in 0..6 {
        let name = RowKey { table: Table::Session, key };
        let kept = Row { name, form: vec![u8::try_from(key).unwrap_or(0); 20].into() };
        let step = Step {
            at: Moment::from_secs(key),
            facts: vec![Fact::Started],
            kept: vec![kept],
            gone: vec![RowKey { table: Table::Call, key }],
        };
        writer.step(&step).expect("a short step");
    }
    writer.raw(Kind::Books, Moment::from_secs(9), b"figures").expect("short books");
    writer.last(Moment::from_secs(9));
    writer.bytes().to_vec()
}
