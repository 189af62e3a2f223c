//! Lines for the person who runs turno: a reader who has gone away, or a full disk behind it, ends nothing.

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

/// Prints on standard output without an end of line, as `print!` does.
macro_rules! say_part {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = write!(std::io::stdout(), $($words)*);
    }};
}

/// Prints on standard error without an end of line, as `eprint!` does.
macro_rules! complain_part {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = write!(std::io::stderr(), $($words)*);
    }};
}
