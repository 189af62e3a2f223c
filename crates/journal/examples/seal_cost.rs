//! Measures what sealing costs: `cargo run -p turno-journal --example seal_cost` (the ciphers are optimised in every build).

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use turno_ground::Moment;
use turno_journal::{Content, SealKeys, Writer};
use turno_model::{Row, RowKey, Step, Table};

const STEPS: usize = 20_000;
const TURNS: usize = 9;

fn main() {
    for bytes in [700, 1_500, 4_000] {
        let (clear, sealed) = (middle(bytes, false), middle(bytes, true));
        let more = sealed.saturating_sub(clear);
        println!("a row of {bytes} bytes: {clear:?} in the clear, {sealed:?} sealed, {more:?} more");
    }
}

/// The middle of the times for one step with one row.
fn middle(bytes: usize, is_sealed: bool) -> Duration {
    let mut times: Vec<_> = (0..TURNS).map(|_| time(bytes, is_sealed)).collect();
    times.sort();
    times[TURNS / 2]
}

fn time(bytes: usize, is_sealed: bool) -> Duration {
    let name = RowKey { table: Table::Leg, key: 7 };
    let kept = vec![Row { name, form: Bytes::from(vec![0x92; bytes]) }];
    let step = Step { kept, ..Step::default() };
    let mut writer = Writer::new(0);
    if is_sealed {
        writer.seal_with(Arc::new(SealKeys::of([7; 32]).sealer([8; 16])));
    }
    writer.begin(Content::Segment, 1, Moment::from_secs(1));
    #[expect(clippy::disallowed_methods, reason = "a measurement")]
    let begin = Instant::now();
    for _ in 0..STEPS {
        writer.step(&step).expect("a short step");
        writer.clear();
    }
    begin.elapsed() / u32::try_from(STEPS).expect("few")
}
