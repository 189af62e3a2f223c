//! Lets a stream's peer speak live, or no more.

use turno_media_plan::{Codec, StreamId};

use crate::exchange::Exchange;
use crate::stream::Route;

impl Exchange {
    /// Begins or stops to let a stream's peer be heard live. Only a stream without company speaks.
    pub(crate) fn speak(&mut self, id: StreamId, is_on: bool) {
        let Self { live, streams, slots, .. } = self;
        let slot = slots.get(&id).copied();
        let Some(stream) = slot.and_then(|slot| streams.get_mut(slot)?.as_mut()) else { return };
        match (stream.route, is_on) {
            (Route::Alone, true) => {
                let codec = stream.encoding().map_or(Codec::Pcmu, |encoding| encoding.codec);
                if live.begin(id, codec) {
                    stream.route = Route::Speaks;
                }
            }
            (Route::Speaks, false) => {
                live.end(id);
                stream.route = Route::Alone;
            }
            (Route::Alone | Route::Relay(_) | Route::Bridge(_), false) => {}
            (Route::Speaks | Route::Relay(_) | Route::Bridge(_), true) => {}
        }
    }
}
