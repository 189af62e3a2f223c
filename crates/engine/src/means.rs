//! What a part works with: the engine lends it for one verb.

use turno_ground::Rng;
use turno_model::Plan;
use turno_sip::Stack;

use crate::directory::Directory;
use crate::outbox::Outbox;
use crate::service::Service;

/// What a part works with.
#[derive(Debug)]
pub(crate) struct Means<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) directory: &'a Directory,
    pub(crate) service: &'a Service,
    pub(crate) stack: &'a mut Stack,
    pub(crate) rng: &'a mut Rng,
    pub(crate) outbox: &'a mut Outbox,
}
