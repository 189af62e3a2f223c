//! What outlives a crash, and what goes on while the site is edited.

mod alone;
mod crashes;
mod edits;
mod reloads;
mod seats;
