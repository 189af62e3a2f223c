//! Dependencies: lines outside to which agents pass callers on, such as that of the civil registry.

/// A dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DependencyPlan {
    /// Its name in the plan, in metrics and in reports.
    pub name: String,
    /// What an agent dials, or transfers a caller to.
    pub extension: String,
    /// Its number, dialled over the trunk of the outside numbers.
    pub number: String,
    /// The wrap-up code of contacts that were passed on to it; `None`: the agent gives one.
    pub outcome: Option<String>,
}
