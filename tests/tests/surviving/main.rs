//! What survives a crash, and what continues while the site is edited.

mod alone;
mod crashes;
mod edits;
mod pins;
mod reloads;
mod seats;
