//! A phone's days, against a server whose every message is written by hand.

mod calling;
mod script;
mod talking;
