//! Who guards the guards: turnos that are broken on purpose, each of which the simulated world must find.
//!
//! The crates that a bad hour needs are copied below `target/broken`, one line of them is changed, and bad hours are
//! lived with what comes of it. First the unchanged copy must live through all of them: a guard that always cries is
//! no guard.

mod variants;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use variants::{LAB, REGISTERED, SMALL, Variant, variants};

/// Copies that are built and live at a time.
const COPIES_MAX: usize = 4;

/// What a bad hour is made of.
const CRATES: [&str; 13] = [
    "ground",
    "model",
    "sip",
    "media-plan",
    "acd",
    "calls",
    "phone",
    "journal",
    "ledger",
    "config",
    "trace",
    "engine",
    "sim",
];

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lie in the workspace").to_owned()
}

/// A copy of the project with these crates alone.
struct Copy {
    folder: PathBuf,
    target: PathBuf,
}

/// What a copy lives through.
enum Job {
    /// Nothing is changed, and nothing may be found.
    Unchanged { site: &'static str, seeds: u32 },
    /// One fault, which must be found.
    Broken(&'static Variant),
}

impl Copy {
    fn new(number: usize) -> Self {
        let place = top().join(format!("target/broken/{number}"));
        let (folder, target) = (place.join("source"), place.join("target"));
        let _ = fs::remove_dir_all(&folder);
        for name in CRATES {
            copy(&top().join("crates").join(name), &folder.join("crates").join(name));
        }
        copy(&top().join("sip-config"), &folder.join("sip-config"));
        let manifest = read(&top().join("Cargo.toml"));
        let members = "members = [\"crates/*\"]";
        let start = manifest.find("members = [").expect("the workspace has members");
        let end = start + manifest[start..].find(']').expect("the list ends") + 1;
        // Each variant is built anew: optimising it would take longer than its bad hours.
        let profiles = manifest.find("[profile.").unwrap_or(manifest.len());
        let small = format!("{}{members}{}", &manifest[..start], &manifest[end..profiles]);
        let quick = "[profile.dev]\ndebug = false\n\n[profile.dev.package.rsip]\nopt-level = 1\n\n\
                     [profile.dev.package.sha2]\nopt-level = 2\n";
        write(&folder.join("Cargo.toml"), &format!("{small}{quick}"));
        write(&folder.join("Cargo.lock"), &read(&top().join("Cargo.lock")));
        Self { folder, target }
    }

    /// Builds what lives through bad hours.
    fn build(&self) -> Output {
        Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--offline", "--package", "turno-sim", "--example", "seeds"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target)
            .env_remove("RUSTFLAGS")
            .output()
            .expect("cargo runs")
    }

    /// Lives through so many bad hours; what was broken, if anything was.
    fn live(&self, site: &str, seeds: u32) -> Option<String> {
        let lived = Command::new(self.target.join("debug/examples/seeds"))
            .args([site, "0", &seeds.to_string()])
            .current_dir(top())
            .output()
            .expect("the bad hours run");
        match lived.status.code() {
            Some(0) => None,
            Some(1) => Some(String::from_utf8_lossy(&lived.stdout).trim().to_owned()),
            code => panic!("{code:?}: {}", String::from_utf8_lossy(&lived.stderr)),
        }
    }

    /// Breaks it, and gives back what stood there.
    fn break_it(&self, variant: &Variant) -> String {
        let path = self.folder.join(variant.file);
        let text = read(&path);
        let places = text.matches(variant.right).count();
        assert_eq!(places, 1, "{} has this {places} times, not once: {}", variant.file, variant.right);
        write(&path, &text.replace(variant.right, variant.wrong));
        text
    }

    /// What is wrong with the guards, if anything is.
    fn carry_out(&self, job: &Job) -> Option<String> {
        match *job {
            Job::Unchanged { site, seeds } => {
                let found = self.live(site, seeds)?;
                Some(format!("the unchanged copy is not broken, and {site} says: {found}"))
            }
            Job::Broken(variant) => {
                let right = self.break_it(variant);
                built(&self.build(), variant.fault);
                let found = self.live(variant.site, variant.seeds);
                write(&self.folder.join(variant.file), &right);
                if let Some(found) = &found {
                    println!("{}: {}", variant.fault, found.lines().next().unwrap_or_default());
                    return None;
                }
                Some(format!("not found within {} seeds: {}", variant.seeds, variant.fault))
            }
        }
    }
}

#[test]
fn every_fault_has_its_place() {
    // Told at once, and of all of them: the other test takes minutes.
    let lost =
        variants().filter(|variant| read(&top().join(variant.file)).matches(variant.right).count() != 1);
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
    let broken = variants().map(Job::Broken);
    let jobs: Vec<Job> = unchanged.into_iter().chain(broken).collect();
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, usize::from).min(COPIES_MAX);
    let work = |number: usize| {
        let copy = Copy::new(number);
        built(&copy.build(), "the unchanged copy");
        let jobs = std::iter::from_fn(|| {
            let job = jobs.get(next.fetch_add(1, Ordering::Relaxed))?;
            Some(copy.carry_out(job))
        });
        jobs.flatten().collect::<Vec<String>>()
    };
    let faults: Vec<String> = thread::scope(|scope| {
        let working: Vec<_> = (0..workers)
            .map(|number| {
                scope.spawn({
                    let work = &work;
                    move || work(number)
                })
            })
            .collect();
        working.into_iter().flat_map(|one| one.join().expect("a copy is built and lives")).collect()
    });
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn built(output: &Output, what: &str) {
    assert!(output.status.success(), "{what} can't be built:\n{}", String::from_utf8_lossy(&output.stderr));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder below target");
    for entry in fs::read_dir(from).expect("a folder of the project").flatten() {
        let path = entry.path();
        let target = to.join(entry.file_name());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file of the project");
        }
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
