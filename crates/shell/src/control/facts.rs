//! `turno facts`: streams facts from a position on, and then new ones as they happen.

use std::sync::Arc;

use core::time::Duration;

use tokio::net::unix::OwnedWriteHalf;
use tokio::time::timeout;
use turno_control::{Answer, FactsAsk, FactsBegin, PlacedFact};
use turno_model::PlanIndex;
use turno_trace::Numbers;

use crate::control::writing::{fault, give, give_text, is_gone};
use crate::facts::batch::Batch;
use crate::facts::reader::{FactsReader, Given};
use crate::facts::stream::{Begin, FactStream, NoPlace};
use crate::reload::current_plan::CurrentPlan;

/// Interval of the check that an idle reader is still connected.
const LOOK_INTERVAL: Duration = Duration::from_millis(500);

/// Name of this reader in the metrics.
const NAME: &str = "control";

/// Writes facts until there are no more, or until the reader has disconnected.
pub(crate) async fn tell(
    stream: Arc<FactStream>,
    ask: FactsAsk,
    in_force: &CurrentPlan,
    write: &mut OwnedWriteHalf,
) {
    let begin = match ask.begin {
        FactsBegin::Oldest => Begin::Oldest,
        FactsBegin::Now => Begin::Now,
        FactsBegin::After(position) => Begin::After(position),
    };
    let opened = tokio::task::spawn_blocking(move || FactsReader::open(stream, NAME, begin)).await;
    let refusal = match opened {
        Ok(Ok(reader)) => return go_on(reader, ask, in_force, write).await,
        Ok(Err(NoPlace::TooOld(oldest))) => Answer::TooOld(oldest),
        Ok(Err(NoPlace::Ahead(newest))) => Answer::Ahead(newest),
        Ok(Err(NoPlace::Unreadable(error))) => Answer::Refused(unreadable(&error)),
        Err(_) => fault(),
    };
    give(write, &refusal).await;
}

async fn go_on(mut reader: FactsReader, ask: FactsAsk, in_force: &CurrentPlan, write: &mut OwnedWriteHalf) {
    let mut newest = reader.newest();
    let mut names = None;
    let mut is_up_to_date = false;
    loop {
        // Marked as seen before the read, so that `changed` below reports a fact that comes in between.
        newest.borrow_and_update();
        // The read may open a file, so it must not run on the thread that serves SIP over TCP.
        let read = tokio::task::spawn_blocking(move || (reader.read(), reader)).await;
        let Ok((given, again)) = read else {
            give(write, &fault()).await;
            return;
        };
        reader = again;
        let is_taken = match given {
            Ok(Some(Given::Facts(batch))) => {
                let plan = in_force.plan();
                let there =
                    batch.places().map_or_else(|| PlanIndex::of(&plan), |places| PlanIndex::clone(places));
                let text = lines(&batch, there, &mut names, ask.numbers);
                give_text(write, &text).await
            }
            Ok(Some(Given::Missing(gap))) => give(write, &Answer::Missing(gap)).await,
            Ok(None) if !ask.follow => {
                give(write, &Answer::UpTo(reader.place())).await;
                return;
            }
            Ok(None) if !is_up_to_date => {
                is_up_to_date = true;
                give(write, &Answer::UpTo(reader.place())).await
            }
            Ok(None) => {
                let _ = timeout(LOOK_INTERVAL, newest.changed()).await;
                !is_gone(write)
            }
            Err(error) => {
                give(write, &Answer::Refused(unreadable(&error))).await;
                return;
            }
        };
        if !is_taken {
            return;
        }
    }
}

/// The facts of a batch; before them the names of the plan's ids, if these have changed.
fn lines(batch: &Batch, there: PlanIndex, names: &mut Option<PlanIndex>, numbers: Numbers) -> String {
    let mut text = String::new();
    if names.as_ref() != Some(&there) {
        text += &(Answer::Names(there.clone()).json() + "\n");
        *names = Some(there);
    }
    for (position, at, fact) in batch.placed() {
        text += &(Answer::Fact(PlacedFact::new(position, at, fact, numbers)).json() + "\n");
    }
    text
}

fn unreadable(error: &std::io::Error) -> String {
    format!("the journal's files can't be read: {error}; ask again from the last position that was told")
}
