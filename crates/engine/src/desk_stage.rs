//! Keying in extension and PIN as a table.

/// Most digits of an extension or a PIN.
const DIGITS_MAX: usize = 16;

/// What a person at a phone is asked for, and the digits so far.
#[derive(PartialEq, Eq)]
pub(crate) enum DeskStage {
    /// The extension.
    Extension(String),
    /// The PIN of the agent with this extension.
    Pin { extension: String, digits: String },
}

/// What the person does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeskEvent {
    Key(char),
    Silence,
}

/// What follows.
#[derive(PartialEq, Eq)]
pub(crate) enum DeskMove {
    /// More digits may come.
    Types(DeskStage),
    /// The star has deleted the digits: the same question again.
    Again(DeskStage),
    /// The extension is complete: the PIN is asked for.
    AskPin(DeskStage),
    /// Both are complete.
    Try { extension: String, pin: String },
    /// Nothing was keyed in, or too much.
    Over,
}

impl DeskStage {
    /// Where it begins.
    pub(crate) const fn begin() -> Self {
        Self::Extension(String::new())
    }

    /// What follows on an event. Silence behind digits ends them as `#` does.
    pub(crate) fn after(self, event: DeskEvent) -> DeskMove {
        let is_empty = self.digits().is_empty();
        match (event, self) {
            (DeskEvent::Key(digit @ '0'..='9'), stage) if stage.digits().len() < DIGITS_MAX => {
                DeskMove::Types(stage.with(digit))
            }
            (DeskEvent::Key('*'), Self::Extension(_)) => DeskMove::Again(Self::begin()),
            (DeskEvent::Key('*'), Self::Pin { extension, .. }) => {
                DeskMove::Again(Self::Pin { extension, digits: String::new() })
            }
            (DeskEvent::Key('#') | DeskEvent::Silence, Self::Extension(extension)) if !is_empty => {
                DeskMove::AskPin(Self::Pin { extension, digits: String::new() })
            }
            (DeskEvent::Key('#') | DeskEvent::Silence, Self::Pin { extension, digits }) if !is_empty => {
                DeskMove::Try { extension, pin: digits }
            }
            (DeskEvent::Key('0'..='9' | '#') | DeskEvent::Silence, _) => DeskMove::Over,
            (DeskEvent::Key(_), stage) => DeskMove::Types(stage),
        }
    }

    /// The digits so far.
    pub(crate) fn digits(&self) -> &str {
        match self {
            Self::Extension(digits) | Self::Pin { digits, .. } => digits,
        }
    }

    fn with(mut self, digit: char) -> Self {
        match &mut self {
            Self::Extension(digits) | Self::Pin { digits, .. } => digits.push(digit),
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of these keys; `.` is silence.
    fn keyed(keys: &str) -> String {
        let mut stage = DeskStage::begin();
        for key in keys.chars() {
            let event = if key == '.' { DeskEvent::Silence } else { DeskEvent::Key(key) };
            stage = match stage.after(event) {
                DeskMove::Types(next) | DeskMove::Again(next) | DeskMove::AskPin(next) => next,
                DeskMove::Try { extension, pin } => return format!("{extension} {pin}"),
                DeskMove::Over => return "over".to_owned(),
            };
        }
        format!("{}...", stage.digits())
    }

    #[test]
    fn two_numbers_are_keyed_in_and_the_star_begins_one_anew() {
        assert_eq!(keyed("1002#4711#"), "1002 4711");
        assert_eq!(keyed("1002.4711."), "1002 4711");
        assert_eq!(keyed("99*1002#47*4711#"), "1002 4711");
        assert_eq!(keyed("1002#47"), "47...");
        assert_eq!(keyed("10A02#"), "...");
        for nothing in [".", "#", "1002#.", "1002##", "12345678901234567"] {
            assert_eq!(keyed(nothing), "over", "{nothing}");
        }
    }
}
