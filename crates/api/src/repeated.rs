//! Requests that come twice: a client that heard no answer sends the same `Idempotency-Key` again, and gets the answer of
//! the first.
#![expect(
    clippy::disallowed_types,
    reason = "requests run at the same time; the engine takes none of these locks"
)]

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::problem::{Kind, Problem};

/// Longest key.
const KEY_CHARS_MAX: usize = 64;

/// Answers that are kept, of all users together.
const KEPT_MAX: usize = 1_024;

/// The answer to an order, or why there is none.
pub(crate) type Told<Answer> = Result<Answer, Problem>;

type Cell = Arc<OnceCell<(String, Told<serde_json::Value>)>>;

#[derive(Default)]
struct Kept {
    cells: BTreeMap<(String, String), Cell>,
    order: VecDeque<(String, String)>,
}

/// The answers to keys.
#[derive(Default)]
pub(crate) struct Repeated(Mutex<Kept>);

impl Repeated {
    /// Does it once for each user and key; a second request with the key waits for the answer of the first. Another request
    /// under the same key is refused.
    pub(crate) async fn once<F: Future<Output = Told<serde_json::Value>>>(
        &self,
        (user, key): (&str, &str),
        request: String,
        does: impl FnOnce() -> F,
    ) -> Told<serde_json::Value> {
        if key.is_empty() || key.len() > KEY_CHARS_MAX {
            let detail = format!("an Idempotency-Key has 1 to {KEY_CHARS_MAX} characters");
            return Err(Problem::new(Kind::BadRequest, detail));
        }
        let cell = self.cell((user.to_owned(), key.to_owned()));
        let asked = request.clone();
        let kept = cell.get_or_try_init(async || match does().await {
            // Nothing was begun: the next one with the key tries.
            Err(problem) if problem.is_busy() => Err(problem),
            told => Ok((request, told)),
        });
        let (first, told) = kept.await?;
        if *first != asked {
            return Err(Problem::new(Kind::Conflict, "this Idempotency-Key was used for another request"));
        }
        told.clone()
    }

    fn cell(&self, name: (String, String)) -> Cell {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cell) = kept.cells.get(&name) {
            return Arc::clone(cell);
        }
        if kept.order.len() >= KEPT_MAX
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.cells.remove(&oldest);
        }
        let cell = Cell::default();
        kept.cells.insert(name.clone(), Arc::clone(&cell));
        kept.order.push_back(name);
        cell
    }
}
