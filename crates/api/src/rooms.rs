//! The last room, shared by those who follow it.

use core::time::Duration;
use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::Instant;
use turno_access::{Principal, Scope};
use turno_ledger::Snapshot;
use turno_model::{Plan, Position};

use crate::routes::live_form::Live;
use crate::site::Site;

/// A room that is older is made anew even if nothing has happened: it tells the time.
const AGE_MAX: Duration = Duration::from_millis(100);

/// The last room as its readers see it: those who come for it in the same tick share one snapshot, and those of the same rights one
/// text.
#[derive(Default)]
pub(crate) struct Rooms(Mutex<Option<Made>>);

/// A room, and the texts that were made of it.
struct Made {
    place: Position,
    at: Instant,
    room: Arc<(Snapshot, Arc<Plan>)>,
    texts: Vec<(Scope, Arc<str>)>,
}

impl Rooms {
    /// The room with the facts up to this place at least, no older than [`AGE_MAX`]; `None`: it could not be made.
    pub(crate) async fn text(
        &self,
        site: &Arc<dyn Site>,
        place: Position,
        who: &Principal,
    ) -> Option<Arc<str>> {
        let mut made = self.0.lock().await;
        let kept = made.take().filter(|made| made.place >= place && made.at.elapsed() < AGE_MAX);
        let mut now = match kept {
            Some(kept) => kept,
            None => {
                let at = Instant::now();
                let site = Arc::clone(site);
                let room = spawn_blocking(move || (site.snapshot(), site.plan())).await.ok()?;
                Made { place, at, room: Arc::new(room), texts: Vec::new() }
            }
        };
        let known = now.texts.iter().find(|(scope, _)| *scope == who.scope).map(|(_, text)| Arc::clone(text));
        let text = match known {
            Some(text) => text,
            None => {
                let (room, principal) = (Arc::clone(&now.room), who.clone());
                let text = spawn_blocking(move || {
                    serde_json::to_string(&Live::new(&room.0, &room.1, &principal)).unwrap_or_default()
                });
                let text: Arc<str> = text.await.ok()?.into();
                now.texts.push((who.scope.clone(), Arc::clone(&text)));
                text
            }
        };
        *made = Some(now);
        Some(text)
    }
}
