//! Passwords: which are accepted, and their argon2id hashes (RFC 9106).

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};

use crate::limit::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};
use crate::trouble::Trouble;

/// 19 MiB, two passes, one lane: the first choice of the OWASP Password Storage Cheat Sheet, about 20 ms.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// What is tried first everywhere, of at least the shortest length.
const KNOWN: [&str; 8] = [
    "123456789012",
    "1234567890123",
    "qwertyuiop12",
    "password1234",
    "passwordpassword",
    "contrasena123",
    "contraseña123",
    "administrador",
];

/// The hash of a new password.
pub(crate) fn hash(user: &str, password: &str, salt: &[u8]) -> Result<String, Trouble> {
    let length = password.chars().count();
    if !(PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX).contains(&length) {
        return Err(Trouble::PasswordLength);
    }
    let low = password.to_lowercase();
    let first = low.chars().next();
    let is_one_sign = low.chars().all(|sign| Some(sign) == first);
    if is_one_sign || KNOWN.contains(&low.as_str()) || low.contains(&user.to_lowercase()) {
        return Err(Trouble::PasswordKnown);
    }
    let hash = argon2().hash_password_with_salt(password.as_bytes(), salt).map_err(|_| Trouble::Hash)?;
    Ok(hash.to_string())
}

/// Whether the password is the one of this hash.
pub(crate) fn is_right(password: &str, hash: &str) -> Result<bool, Trouble> {
    if password.chars().count() > PASSWORD_CHARS_MAX {
        return Ok(false);
    }
    let hash = PasswordHash::new(hash).map_err(|_| Trouble::Hash)?;
    Ok(argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

/// The same work for a user who is not there, so that the time tells nobody who is.
pub(crate) fn takes_as_long(password: &str) {
    let cut: String = password.chars().take(PASSWORD_CHARS_MAX).collect();
    let _ = argon2().hash_password_with_salt(cut.as_bytes(), b"nobody's salt...");
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("the values are within RFC 9106");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}
