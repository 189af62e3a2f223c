//! The door: `serve`, `check`, `demo`.

fn main() {}
