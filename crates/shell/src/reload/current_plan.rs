//! The plan in force, for the parts that answer people; the engine has its own copy.

use std::sync::{Arc, PoisonError, RwLock};

use turno_model::Plan;

/// The plan in force; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct CurrentPlan(Arc<RwLock<Arc<Plan>>>);

impl CurrentPlan {
    /// Starts with this plan.
    pub(crate) fn new(plan: &Arc<Plan>) -> Self {
        Self(Arc::new(RwLock::new(Arc::clone(plan))))
    }

    /// The plan in force now.
    pub(crate) fn plan(&self) -> Arc<Plan> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the plan.
    pub(crate) fn put(&self, plan: &Arc<Plan>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(plan);
    }
}
