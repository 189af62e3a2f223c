//! The copy in `target/broken`: the crates that a bad hour needs, with every fault built in and none active.
//!
//! Each function that a variant changes gets both bodies, and an environment variable selects the one that runs. So all
//! variants are one build, and each differs from the right one only in its fault.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::variants::{Variant, variants};

/// The crates that a bad hour needs.
const CRATES: [&str; 15] = [
    "ground",
    "model",
    "sip",
    "media-plan",
    "acd",
    "calls",
    "phone",
    "journal",
    "ledger",
    "knowledge",
    "config",
    "trace",
    "engine",
    "planner",
    "sim",
];

/// Environment variable with the number of the active fault; 0 or unset: none.
const FAULT: &str = "TURNO_FAULT";

/// Code that each changed file gets, to read the active fault.
const ASK: &str = "
fn fault_at_work() -> usize {
    static FAULT: std::sync::LazyLock<usize> =
        std::sync::LazyLock::new(|| std::env::var(\"TURNO_FAULT\").ok().and_then(|it| it.parse().ok()).unwrap_or(0));
    *FAULT
}
";

/// The root folder of the workspace.
pub(crate) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lie in the workspace").to_owned()
}

/// A copy of the project that contains every fault.
pub(crate) struct Copy {
    binary: PathBuf,
}

impl Copy {
    /// Copies the crates, adds the faults and builds.
    pub(crate) fn build() -> Self {
        let place = top().join("target/broken");
        let (folder, target) = (place.join("source"), place.join("target"));
        let _ = fs::remove_dir_all(&folder);
        for name in CRATES {
            copy(&top().join("crates").join(name), &folder.join("crates").join(name));
        }
        copy(&top().join("sip-config"), &folder.join("sip-config"));
        write(&folder.join("Cargo.toml"), &manifest());
        write(&folder.join("Cargo.lock"), &read(&top().join("Cargo.lock")));
        break_all(&folder);
        let built = Command::new(env!("CARGO"))
            .args([
                "build",
                "--quiet",
                "--offline",
                "--keep-going",
                "--package",
                "turno-sim",
                "--example",
                "seeds",
            ])
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", &target)
            .env_remove("RUSTFLAGS")
            .output()
            .expect("cargo runs");
        assert!(built.status.success(), "it can't be built:\n{}", String::from_utf8_lossy(&built.stderr));
        Self { binary: target.join("debug/examples/seeds") }
    }

    /// Runs this many bad hours with this fault active (0 for none). Returns the violation, if one was found.
    pub(crate) fn live(&self, fault: usize, site: &str, seeds: u32) -> Option<String> {
        let lived: Output = Command::new(&self.binary)
            .args([site, "0", &seeds.to_string()])
            .current_dir(top())
            .env(FAULT, fault.to_string())
            .output()
            .expect("the bad hours run");
        match lived.status.code() {
            Some(0) => None,
            Some(1) => Some(String::from_utf8_lossy(&lived.stdout).trim().to_owned()),
            code => panic!("{code:?}: {}", String::from_utf8_lossy(&lived.stderr)),
        }
    }
}

/// How often the variant's code occurs in its file; it must be once.
pub(crate) fn places(variant: &Variant) -> usize {
    read(&top().join(variant.file)).matches(variant.right).count()
}

/// The workspace's manifest with the copied crates as its members.
fn manifest() -> String {
    let manifest = read(&top().join("Cargo.toml"));
    let start = manifest.find("members = [").expect("the workspace has members");
    let end = start + manifest[start..].find(']').expect("the list ends") + 1;
    let profiles = manifest.find("[profile.").unwrap_or(manifest.len());
    let quick = "[profile.dev]\ndebug = false\nopt-level = 1\n\n[profile.dev.package.rsip]\nopt-level = 2\n\n\
                 [profile.dev.package.sha2]\nopt-level = 3\n";
    format!("{}members = [\"crates/*\"]{}{quick}", &manifest[..start], &manifest[end..profiles])
}

/// The change of one variant in its file, and the function that contains it.
struct Change {
    fault: usize,
    place: Range<usize>,
    wrong: &'static str,
    function: Function,
}

/// A function: the range of its body, and of its `const`.
#[derive(Clone, PartialEq)]
struct Function {
    name: String,
    body: Range<usize>,
    constness: Option<Range<usize>>,
}

/// Builds every fault into the copied files.
fn break_all(folder: &Path) {
    let mut no_constants: BTreeSet<(String, String)> = BTreeSet::new();
    let mut files: Vec<&str> = variants().map(|variant| variant.file).collect();
    files.sort_unstable();
    files.dedup();
    for file in files {
        let path = folder.join(file);
        let text = read(&path);
        let in_file = variants().zip(1..).filter(|(variant, _)| variant.file == file);
        let mut changes: Vec<Change> =
            in_file.map(|(variant, fault)| change(&text, variant, fault)).collect();
        // From the end of the file on, so that earlier positions stay valid.
        changes.sort_by_key(|change| std::cmp::Reverse(change.function.body.start));
        let mut broken = text.clone();
        for of_one in changes.chunk_by(|one, other| one.function == other.function) {
            let Function { name, body, constness } = of_one[0].function.clone();
            broken.replace_range(body.clone(), &with_all(&text, &body, of_one));
            // A function that reads the environment cannot be `const`.
            if let Some(word) = constness {
                broken.replace_range(word, "");
                let within = file.split("/src/").next().expect("a crate's file");
                no_constants.insert((within.to_owned(), name));
            }
        }
        write(&path, &(broken + ASK));
    }
    while let Some((within, name)) = no_constants.pop_first() {
        for path in files_below(&folder.join(&within)) {
            no_constants.extend(loosen(&path, &name).into_iter().map(|caller| (within.clone(), caller)));
        }
    }
}

/// Removes `const` from the functions of this file that call a function of this name. Returns their names.
fn loosen(path: &Path, name: &str) -> Vec<String> {
    let mut text = read(path);
    let mut functions = Functions::default();
    functions.visit_file(&syn::parse_file(&text).expect("a file of the project"));
    let calls = format!("{name}(");
    let mut callers = Vec::new();
    for function in functions.all.iter().rev() {
        if let Some(word) =
            function.constness.clone().filter(|_| text[function.body.clone()].contains(&calls))
        {
            // Replaced by spaces of the same length, so that all positions stay valid.
            text.replace_range(word, "     ");
            callers.push(function.name.clone());
        }
    }
    if !callers.is_empty() {
        write(path, &text);
    }
    callers
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the copy").flatten();
    let below = |path: PathBuf| if path.is_dir() { files_below(&path) } else { vec![path] };
    let files = entries.flat_map(|entry| below(entry.path()));
    files.filter(|path| path.extension().is_some_and(|it| it == "rs")).collect()
}

/// This body, and one more for each fault.
fn with_all(text: &str, body: &Range<usize>, changes: &[Change]) -> String {
    let mut all = String::from("{\n");
    for change in changes {
        let (before, after) = (&text[body.start..change.place.start], &text[change.place.end..body.end]);
        all.push_str(&format!(
            "if fault_at_work() == {} {before}{}{after} else ",
            change.fault, change.wrong
        ));
    }
    all + &text[body.clone()] + "\n}"
}

/// The place where a variant changes its file.
fn change(text: &str, variant: &'static Variant, fault: usize) -> Change {
    let (right, wrong) = (variant.right, variant.wrong);
    let same = |(one, other): &(char, char)| one == other;
    let before: usize =
        right.chars().zip(wrong.chars()).take_while(same).map(|(one, _)| one.len_utf8()).sum();
    let (right, wrong) = (&right[before..], &wrong[before..]);
    let ends = right.chars().rev().zip(wrong.chars().rev());
    let after: usize = ends.take_while(same).map(|(one, _)| one.len_utf8()).sum();
    let start = text.find(variant.right).expect("another test says that it is there") + before;
    let place = start..start + right.len() - after;
    let file = syn::parse_file(text).expect("a file of the project");
    let mut functions = Functions::default();
    functions.visit_file(&file);
    // A function that is visited later lies inside one that was visited before, so the last match is the innermost.
    let around = |it: &Function| it.body.start < place.start && place.end < it.body.end;
    let innermost = functions.all.into_iter().rfind(around);
    let function = innermost.unwrap_or_else(|| panic!("no function has it: {}", variant.fault));
    Change { fault, place, wrong: &wrong[..wrong.len() - after], function }
}

/// The functions of a file, each before those inside it.
#[derive(Default)]
struct Functions {
    all: Vec<Function>,
}

impl Functions {
    fn look(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let constness = signature.constness.map(|word| word.span().byte_range());
        let body = body.span().byte_range();
        self.all.push(Function { name: signature.ident.to_string(), body, constness });
    }
}

impl<'file> Visit<'file> for Functions {
    fn visit_item_fn(&mut self, function: &'file syn::ItemFn) {
        self.look(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'file syn::ImplItemFn) {
        self.look(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }
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
