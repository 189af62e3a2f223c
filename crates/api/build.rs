//! The crate is built anew when its pages are.

fn main() {
    println!("cargo::rerun-if-changed=web/dist");
}
