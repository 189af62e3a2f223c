//! CPU time of another process for each thread, in nanoseconds.

use std::collections::BTreeMap;
use std::fs;

/// CPU time by thread name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spent(BTreeMap<String, u64>);

impl Spent {
    /// The CPU time of a process until now, from `/proc`.
    pub(crate) fn of(pid: u32) -> Self {
        let mut spent = BTreeMap::new();
        for task in fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten() {
            let read = |name: &str| fs::read_to_string(task.path().join(name)).unwrap_or_default();
            let nanos = read("schedstat").split(' ').next().and_then(|first| first.parse::<u64>().ok());
            *spent.entry(read("comm").trim().to_owned()).or_default() += nanos.unwrap_or(0);
        }
        Self(spent)
    }

    /// Nanoseconds by thread since `before`.
    pub(crate) fn since(&self, before: &Self) -> Vec<(String, u64)> {
        let earlier = |name: &str| before.0.get(name).copied().unwrap_or(0);
        self.0.iter().map(|(name, now)| (name.clone(), now.saturating_sub(earlier(name)))).collect()
    }
}
