//! What seats and trunks borrow from the engine for one call.

use turno_ground::Rng;
use turno_model::Plan;
use turno_sip::Stack;

use crate::directory::Directory;
use crate::outbox::Outbox;
use crate::service::Service;

/// What a part may use during one call.
#[derive(Debug)]
pub(crate) struct Means<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) directory: &'a Directory,
    pub(crate) service: &'a Service,
    pub(crate) stack: &'a mut Stack,
    pub(crate) rng: &'a mut Rng,
    pub(crate) outbox: &'a mut Outbox,
}
