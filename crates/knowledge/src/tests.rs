//! Tests of the whole crate: a folder, the site's own procedures, hostile text.

mod folder;
mod importing;
mod searching;
mod site;
mod spoken;
