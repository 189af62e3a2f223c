//! Which core a thread may use, and what each has spent.

use std::fs;

use nix::sched::{CpuSet, sched_setaffinity};
use nix::unistd::{Pid, gettid};

/// The core of what is measured.
pub(super) const MEASURED: usize = 0;

/// The core of the crowd.
pub(super) const CROWD: usize = 1;

/// Keeps the calling thread, and those that it starts from now on, on one core. A machine with one core goes on
/// without.
pub(super) fn stay_on(core: usize) {
    let mut cores = CpuSet::new();
    let kept = cores.set(core).and_then(|()| sched_setaffinity(Pid::from_raw(0), &cores));
    if let Err(error) = kept {
        println!("a thread can't be kept on core {core}: {error}");
    }
}

/// The calling thread's number.
pub(super) fn this_thread() -> i32 {
    gettid().as_raw()
}

/// The number of this process's thread of that name.
pub(super) fn thread_named(name: &str) -> Option<i32> {
    threads().find(|thread| {
        let comm = fs::read_to_string(format!("/proc/self/task/{thread}/comm"));
        comm.is_ok_and(|comm| comm.trim() == name)
    })
}

/// How many threads this process has.
pub(super) fn thread_count() -> usize {
    threads().count()
}

/// What a thread of this process did so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spent {
    /// Nanoseconds on a core.
    pub(super) nanos: u64,
    /// How often it was put on a core.
    pub(super) turns: u64,
}

impl Spent {
    /// What the kernel says of a thread.
    pub(super) fn of(thread: i32) -> Self {
        let told = fs::read_to_string(format!("/proc/self/task/{thread}/schedstat")).unwrap_or_default();
        let mut numbers = told.split_whitespace().map(|number| number.parse().unwrap_or(0));
        let nanos = numbers.next().unwrap_or(0);
        Self { nanos, turns: numbers.nth(1).unwrap_or(0) }
    }

    /// The difference to an earlier look.
    pub(super) const fn since(self, before: Self) -> Self {
        Self { nanos: self.nanos - before.nanos, turns: self.turns - before.turns }
    }
}

fn threads() -> impl Iterator<Item = i32> {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    tasks.filter_map(|task| task.file_name().to_str()?.parse().ok())
}
