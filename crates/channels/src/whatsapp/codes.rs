//! The platform's error codes: what each means for a letter, and the words for an agent.
//!
//! Source: the table of error codes of the Cloud API's documentation, as PyPI's pywa 4.5.0 (`pywa/errors.py`) and the MIT
//! licensed OpenAPI file of facebook/openapi list them; the seconds are ours, except that of 131056.

use super::clean::person_name;
use super::pace::Scope;

/// What to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Course {
    /// Try again, first after so many seconds; what else waits meanwhile.
    Again(Scope, u32),
    /// Try again, and tell somebody: it does not pass by itself.
    Alarm(u32),
    /// Never try again.
    Never,
}

/// One row.
pub(crate) struct Row {
    pub code: u32,
    pub course: Course,
    pub words: &'static str,
}

const fn row(code: u32, course: Course, words: &'static str) -> Row {
    Row { code, course, words }
}

use Course::{Again, Alarm, Never};
use Scope::{Letter, Number, Person};

/// The codes in order.
pub(crate) const CODES: &[Row] = &[
    row(0, Alarm(300), "WhatsApp does not accept the access token"),
    row(1, Again(Letter, 10), "WhatsApp has an unknown fault"),
    row(2, Again(Letter, 10), "WhatsApp is out of order for a moment"),
    row(3, Alarm(600), "the access token may not send"),
    row(4, Again(Number, 60), "too many requests of this app"),
    row(10, Alarm(600), "the access token may not send"),
    row(33, Never, "WhatsApp does not know the sending number"),
    row(100, Never, "WhatsApp finds the message wrong"),
    row(190, Alarm(300), "the access token has expired"),
    row(368, Alarm(3_600), "the account is blocked for a breach of policy"),
    row(2_500, Alarm(30), "WhatsApp does not know the version of its interface that the plan names"),
    row(2_635, Alarm(30), "WhatsApp has ended the version of its interface that the plan names"),
    row(80_007, Again(Number, 60), "too many requests of this account"),
    row(130_429, Again(Number, 5), "too many messages in a second"),
    row(130_472, Never, "WhatsApp keeps this person out of such messages for an experiment"),
    row(130_497, Never, "this business may not write to that country"),
    row(131_000, Again(Letter, 30), "WhatsApp has an unknown fault"),
    row(131_005, Alarm(600), "the access token may not send"),
    row(131_008, Never, "the message lacks something"),
    row(131_009, Never, "something in the message is not allowed"),
    row(131_016, Again(Letter, 30), "WhatsApp is out of order for a moment"),
    row(131_021, Never, "sender and receiver are the same number"),
    row(
        131_026,
        Never,
        "it can't be delivered: no WhatsApp at that number, an old app, or terms not accepted",
    ),
    row(131_030, Never, "the test number may not write to this person"),
    row(131_031, Alarm(3_600), "the account is locked"),
    row(131_037, Never, "the number's shown name is not approved"),
    row(131_042, Alarm(3_600), "the account has a payment problem"),
    row(131_045, Alarm(600), "the sending number is not registered rightly"),
    row(131_047, Never, "more than 24 hours since this person last wrote: only a template may be sent"),
    row(131_048, Again(Number, 600), "people have reported too many messages of this number"),
    row(131_049, Never, "WhatsApp holds such messages to this person back for some days"),
    row(131_050, Never, "this person wants no such messages"),
    row(131_051, Never, "WhatsApp does not take this kind of message"),
    row(131_052, Never, "the file can't be fetched"),
    row(131_053, Never, "the file was not taken: its kind or its size"),
    row(131_056, Again(Person, 1), "too many messages to this person"),
    row(131_057, Again(Number, 60), "the account is under maintenance"),
    row(131_062, Never, "this message can't go to a person without a number"),
    row(131_063, Never, "advertising templates can't be sent in this way"),
    row(131_064, Again(Number, 600), "the account's limit of messages is reached"),
    row(132_000, Never, "the template needs another number of values"),
    row(132_001, Never, "there is no such template in this language, or it is not approved"),
    row(132_005, Never, "the template with its values is too long"),
    row(132_007, Never, "the template breaks a policy"),
    row(132_008, Never, "a value of the template has a wrong form"),
    row(132_012, Never, "a value of the template has a wrong form"),
    row(132_015, Never, "the template is paused"),
    row(132_016, Never, "the template is switched off"),
    row(132_068, Never, "the form is blocked"),
    row(132_069, Again(Letter, 600), "the form is used too often"),
    row(133_010, Alarm(600), "the sending number is not registered"),
    row(135_000, Never, "WhatsApp finds the message wrong"),
    row(137_000, Never, "this person's device has changed, and the number must be confirmed"),
];

/// The row of a code. Codes from 200 to 299 are all permissions.
pub(crate) fn row_of(code: u32) -> Option<&'static Row> {
    const PERMISSION: Row = row(200, Alarm(600), "the access token may not send");
    if (200..300).contains(&code) {
        return Some(&PERMISSION);
    }
    CODES.iter().find(|row| row.code == code)
}

/// The words for an agent; the platform's own for a code that is in no row.
pub(crate) fn words_of(code: u32, told: &str) -> String {
    match row_of(code) {
        Some(row) => format!("{} ({code})", row.words),
        None => format!("{} ({code})", person_name(told).unwrap_or_else(|| "WhatsApp refuses it".to_owned())),
    }
}

/// The code at the end of such words.
#[must_use]
pub fn code_in(words: &str) -> Option<u32> {
    words.strip_suffix(')')?.rsplit_once('(')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{code_in, words_of};

    #[test]
    fn the_code_is_found_again_in_its_words() {
        for code in [0, 131_049, 77] {
            assert_eq!(code_in(&words_of(code, "told (by) them")), Some(code));
        }
        assert_eq!((code_in("no code"), code_in("(x)"), code_in("")), (None, None, None));
    }
}
