//! A day as people write it: a date, `today` or `yesterday`, at the site.

use core::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// A day at the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SiteDay {
    /// This date.
    Date(Date),
    /// Today, by the clock of this machine and the site's zone.
    Today,
    /// The day before.
    Yesterday,
}

impl SiteDay {
    /// Its date at the site.
    pub(crate) fn date(self, zone: &TimeZone) -> Date {
        let today = || zone.to_datetime(Timestamp::now()).date();
        match self {
            Self::Date(date) => date,
            Self::Today => today(),
            Self::Yesterday => today().checked_sub(1.day()).unwrap_or(Date::MIN),
        }
    }
}

impl FromStr for SiteDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "today" => Ok(Self::Today),
            "yesterday" => Ok(Self::Yesterday),
            _ => {
                let date = text.parse().map(Self::Date);
                date.map_err(|_| "a day such as 2026-11-24, `today` or `yesterday`".to_owned())
            }
        }
    }
}
