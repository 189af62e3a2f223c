//! Binds threads to cores and reads their CPU time.

use std::fs;

use nix::sched::{CpuSet, sched_setaffinity};
use nix::unistd::{Pid, gettid};

/// The core of the measured thread.
pub(super) const MEASURED: usize = 0;

/// The core of the phones.
pub(super) const CROWD: usize = 1;

/// Binds the calling thread, and those that it starts from now on, to one core. On an error the run goes on without.
pub(super) fn stay_on(core: usize) {
    let mut cores = CpuSet::new();
    let kept = cores.set(core).and_then(|()| sched_setaffinity(Pid::from_raw(0), &cores));
    if let Err(error) = kept {
        println!("a thread can't be kept on core {core}: {error}");
    }
}

/// The id of the calling thread.
pub(super) fn this_thread() -> i32 {
    gettid().as_raw()
}

/// The id of this process's thread with this name.
pub(super) fn thread_named(name: &str) -> Option<i32> {
    threads().find(|thread| {
        let comm = fs::read_to_string(format!("/proc/self/task/{thread}/comm"));
        comm.is_ok_and(|comm| comm.trim() == name)
    })
}

/// Number of threads of this process.
pub(super) fn thread_count() -> usize {
    threads().count()
}

/// CPU time and scheduling of a thread of this process.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spent {
    /// CPU time in nanoseconds.
    pub(super) nanos: u64,
    /// How often it was put on a core.
    pub(super) turns: u64,
}

impl Spent {
    /// The present figures of a thread, from the kernel.
    pub(super) fn of(thread: i32) -> Self {
        let told = fs::read_to_string(format!("/proc/self/task/{thread}/schedstat")).unwrap_or_default();
        let mut numbers = told.split_whitespace().map(|number| number.parse().unwrap_or(0));
        let nanos = numbers.next().unwrap_or(0);
        Self { nanos, turns: numbers.nth(1).unwrap_or(0) }
    }

    /// The difference to earlier figures.
    pub(super) const fn since(self, before: Self) -> Self {
        Self { nanos: self.nanos - before.nanos, turns: self.turns - before.turns }
    }
}

fn threads() -> impl Iterator<Item = i32> {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    tasks.filter_map(|task| task.file_name().to_str()?.parse().ok())
}
