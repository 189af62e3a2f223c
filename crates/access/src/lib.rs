//! Who may do what: users with roles, their passwords and sessions, tokens of programs, and the audit log.
//!
//! [`Access`] is one SQLite file beside the journal. It knows no network, no clock and no random numbers: the caller gives
//! the time in seconds since 1970 (UTC) and fresh random bytes. Passwords are stored as argon2id hashes, sessions and tokens
//! as SHA-256 of secrets that are shown once. [`Principal::may`] is the one table of rights.

mod audit;
mod deed;
mod external;
mod limit;
mod open;
mod password;
mod principal;
mod rights;
mod role;
mod secret;
mod sessions;
mod throttle;
mod tokens;
mod trouble;
mod users;

#[cfg(test)]
mod rights_tests;
#[cfg(test)]
mod tests;

pub use audit::{Outcome, Record};
pub use deed::{Deed, View};
pub use external::External;
pub use limit::{
    NAME_CHARS_MAX, PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, SESSION_IDLE, SESSION_SPAN, SESSIONS_MAX,
};
pub use open::Access;
pub use principal::{Principal, Scope};
pub use rights::Denied;
pub use role::Role;
pub use secret::{RANDOM_BYTES, SecretText, csrf_of};
pub use sessions::Session;
pub use throttle::Throttle;
pub use tokens::{NewToken, Token};
pub use trouble::Trouble;
pub use users::{Lock, NewUser, Proved, User};
