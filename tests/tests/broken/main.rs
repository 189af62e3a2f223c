//! Tests of the tests: deliberately broken variants of turno, each of which the simulated world must detect.
//!
//! Bad hours run with one fault at a time. The unchanged copy must pass all of them first: a check that always fails
//! proves nothing.

mod copy;
mod variants;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use copy::Copy;
use variants::{LAB, REGISTERED, SMALL, Variant, variants};

/// Hours that run at the same time.
const AT_ONCE_MAX: usize = 4;

/// One check of the copy.
enum Job {
    /// No fault is active, and no violation may be found.
    Unchanged { site: &'static str, seeds: u32 },
    /// One fault is active, by its number, and must be found.
    Broken(&'static Variant, usize),
}

impl Job {
    /// The failure of this check, if it fails.
    fn carry_out(&self, copy: &Copy) -> Option<String> {
        match *self {
            Self::Unchanged { site, seeds } => {
                let found = copy.live(0, site, seeds)?;
                Some(format!("the unchanged copy is not broken, and {site} says: {found}"))
            }
            Self::Broken(variant, fault) => {
                let Some(found) = copy.live(fault, variant.site, variant.seeds) else {
                    return Some(format!("not found within {} seeds: {}", variant.seeds, variant.fault));
                };
                println!("{}: {}", variant.fault, found.lines().next().unwrap_or_default());
                None
            }
        }
    }
}

#[test]
fn every_fault_has_its_place() {
    // A fast check of all variants, because the other test takes minutes.
    let lost = variants().filter(|variant| copy::places(variant) != 1);
    let lost: Vec<&str> = lost.map(|variant| variant.fault).collect();
    assert!(lost.is_empty(), "what these change is not there, or more than once: {lost:?}");
}

#[test]
fn every_turno_that_is_broken_on_purpose_is_found_by_the_bad_hours() {
    let unchanged = [SMALL, LAB, REGISTERED].map(|site| {
        let of_site = variants().filter(|variant| variant.site == site);
        let seeds = of_site.map(|variant| variant.seeds).max().expect("there are variants of each site");
        Job::Unchanged { site, seeds }
    });
    let broken = variants().zip(1..).map(|(variant, fault)| Job::Broken(variant, fault));
    let jobs: Vec<Job> = unchanged.into_iter().chain(broken).collect();
    let copy = Copy::build();
    let next = AtomicUsize::new(0);
    let work = || {
        let jobs = std::iter::from_fn(|| jobs.get(next.fetch_add(1, Ordering::Relaxed)));
        jobs.filter_map(|job| job.carry_out(&copy)).collect::<Vec<String>>()
    };
    let workers = thread::available_parallelism().map_or(1, usize::from).min(AT_ONCE_MAX);
    let faults: Vec<String> = thread::scope(|scope| {
        let working: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        working.into_iter().flat_map(|one| one.join().expect("the hours are lived")).collect()
    });
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
