//! Tests of a phone against a server whose messages are written by hand.

mod calling;
mod script;
mod talking;
