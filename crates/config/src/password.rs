//! Passwords: from the plan, the environment or a file, never shown.

use std::io;

use turno_ground::Secret;

use crate::fault::FaultKind;
use crate::key::KeyTable as _;
use crate::keys::seats::{DEFAULT_PASSWORD, PASSWORD, PIN};
use crate::node::Node;
use crate::open_file::notice_readable;
use crate::reading::Reading;
use crate::regular;
use crate::section::{Section, text_of};

/// Stands for the seat's extension in a range's password keys.
const EXTENSION_MARK: &str = "{extension}";

/// How many digits a PIN has.
const PIN_DIGITS: core::ops::RangeInclusive<usize> = 4..=12;

/// Most bytes of a password file.
const PASSWORD_BYTES_MAX: usize = 1024;

/// The keys by which a password of one's own is given.
pub(crate) fn password_keys() -> Vec<&'static str> {
    PASSWORD.described().iter().map(|key| key.name).collect()
}

/// The password of a table. An environment variable that is not set leaves the place to `default_password`, if
/// that is there and `loopback_only` holds.
pub(crate) fn read_password(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    extension: &str,
    loopback_only: bool,
) -> Secret {
    let given: Vec<&str> = password_keys().into_iter().filter(|key| section.has(key)).collect();
    if let [first, second, ..] = given.as_slice() {
        let found = format!("both `{first}` and `{second}` are given");
        reading.fault(FaultKind::Conflict, section.place_of(second), found, "one of them");
        return Secret::default();
    }
    let default = section.field(DEFAULT_PASSWORD.default_password.name);
    let secret = match given.first().and_then(|key| Some((*key, section.field(key)?))) {
        Some((key, node)) if key == PASSWORD.password_env.name => {
            match from_environment(reading, (key, node), extension) {
                Ok(secret) => Some(secret),
                Err(_) if default.is_some() => None,
                Err(found) => {
                    reading.fault(
                        FaultKind::Password,
                        node.place,
                        found,
                        "the variable set before turno starts",
                    );
                    return Secret::default();
                }
            }
        }
        Some((key, node)) if key == PASSWORD.password_file.name => {
            Some(from_file(reading, (key, node), extension))
        }
        Some((_, node)) => Some(from_plan(reading, node, extension)),
        None => None,
    };
    match (secret, default) {
        (Some(secret), _) => secret,
        (None, Some(node)) => from_default(reading, section, node, extension, loopback_only),
        (None, None) => {
            section.missing(reading, PASSWORD.password.name, "or `password_env`, or `password_file`");
            Secret::default()
        }
    }
}

fn from_default(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    node: &Node,
    extension: &str,
    loopback_only: bool,
) -> Secret {
    if !loopback_only {
        let found = format!("seat {extension} has its default password, and [sip] listens beyond loopback");
        let hint = match section.field(PASSWORD.password_env.name).map(|env| &env.kind) {
            Some(crate::node::Kind::Text(name)) => {
                format!("the variable {} set", name.replace(EXTENSION_MARK, extension))
            }
            Some(_) | None => "`password`, `password_env` or `password_file` set".to_owned(),
        };
        let expected = format!("{hint}, or loopback addresses only");
        reading.fault(FaultKind::Password, node.place, found, expected);
    }
    from_plan(reading, node, extension)
}

/// The PIN of an agent, if they have one.
pub(crate) fn read_pin(reading: &mut Reading<'_>, section: Section<'_>, extension: &str) -> Option<Secret> {
    let keys = [PIN.pin.name, PIN.pin_env.name, PIN.pin_file.name];
    let mut given = keys.into_iter().filter(|key| section.has(key));
    let key = given.next()?;
    let node = section.field(key)?;
    if let Some(second) = given.next() {
        let found = format!("both `{key}` and `{second}` are given");
        reading.fault(FaultKind::Conflict, section.place_of(second), found, "one of them");
        return None;
    }
    let secret = if key == PIN.pin_env.name {
        match from_environment(reading, (key, node), extension) {
            Ok(secret) => secret,
            Err(found) => {
                let text = format!("agent {extension} can't sit down by PIN: {found}");
                reading.notice(node.place, text);
                return None;
            }
        }
    } else if key == PIN.pin_file.name {
        from_file(reading, (key, node), extension)
    } else {
        from_plan(reading, node, extension)
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(extension) {
        let found = format!("a phone can't dial the extension `{extension}`, which the PIN belongs to");
        reading.fault(FaultKind::Conflict, node.place, found, "an extension of digits, or no PIN");
    } else if !is_digits(secret.reveal()) || !PIN_DIGITS.contains(&secret.reveal().len()) {
        let expected = format!("{} to {} digits", PIN_DIGITS.start(), PIN_DIGITS.end());
        reading.fault(FaultKind::Password, node.place, "the PIN can't be keyed in", expected);
    }
    Some(secret)
}

fn from_plan(reading: &mut Reading<'_>, node: &Node, extension: &str) -> Secret {
    let text =
        text_of(reading, node, PASSWORD.password.name).unwrap_or("?").replace(EXTENSION_MARK, extension);
    if text.is_empty() {
        reading.fault(FaultKind::Password, node.place, "the password is empty", "at least one character");
    }
    Secret::new(text)
}

fn from_environment(
    reading: &mut Reading<'_>,
    (key, node): (&str, &Node),
    extension: &str,
) -> Result<Secret, String> {
    let name = text_of(reading, node, key).unwrap_or("?").replace(EXTENSION_MARK, extension);
    match (reading.origin.environment)(&name) {
        Some(text) if !text.is_empty() => Ok(Secret::new(text)),
        Some(_) => Err(format!("the environment variable {name} is empty")),
        None => Err(format!("the environment variable {name} is not set")),
    }
}

/// A secret that a file has on its only line.
pub(crate) fn from_file(reading: &mut Reading<'_>, (key, node): (&str, &Node), extension: &str) -> Secret {
    let name = text_of(reading, node, key).unwrap_or("?").replace(EXTENSION_MARK, extension);
    let file = reading.origin.folder.join(&name);
    let found = match regular::open(&file).and_then(io::read_to_string) {
        Ok(text) if text.len() > PASSWORD_BYTES_MAX => {
            format!("{} is longer than {PASSWORD_BYTES_MAX} bytes", file.display())
        }
        Ok(text) => {
            let line = text.trim_end_matches(['\r', '\n']);
            if !line.is_empty() && !line.contains(char::is_control) {
                notice_readable(reading, node.place, &file);
                return Secret::new(line);
            }
            format!("{} does not hold a password on one line", file.display())
        }
        Err(error) => format!("{} can't be read: {error}", file.display()),
    };
    reading.fault(FaultKind::Password, node.place, found, "a file with the password and nothing else");
    Secret::default()
}
