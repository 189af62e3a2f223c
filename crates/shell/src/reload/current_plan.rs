//! The plan that is in force, for whoever answers people; the engine has its own.

use std::sync::{Arc, PoisonError, RwLock};

use turno_model::Plan;

/// The plan that is in force; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct CurrentPlan(Arc<RwLock<Arc<Plan>>>);

impl CurrentPlan {
    /// This one is, until another is put in its place.
    pub(crate) fn new(plan: &Arc<Plan>) -> Self {
        Self(Arc::new(RwLock::new(Arc::clone(plan))))
    }

    /// The plan now.
    pub(crate) fn plan(&self) -> Arc<Plan> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another in its place.
    pub(crate) fn put(&self, plan: &Arc<Plan>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(plan);
    }
}
