//! Lines for whoever runs turno: a reader who has gone away, or a full disk behind it, ends nothing.

/// Prints a line on standard output, as `println!` does.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        // There is nobody to tell it to.
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}

/// Prints a line on standard error, as `eprintln!` does.
macro_rules! complain {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($words)*);
    }};
}
