//! A procedure, as its file says it.

use jiff::civil::Date;

/// One procedure, or where another institution's is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// Its name in links, commands and facts: the name of its file without `.md`.
    pub id: String,
    /// What the institution calls it.
    pub name: String,
    /// What else it is called.
    pub aliases: Vec<String>,
    /// Who does it.
    pub institution: String,
    /// The language of its text, such as `es`.
    pub language: String,
    /// What a citizen must have or bring.
    pub requirements: Vec<String>,
    /// What it costs, in a sentence.
    pub cost: String,
    /// Where it is done.
    pub place: String,
    /// Its page.
    pub online: Option<String>,
    /// When it is done.
    pub hours: String,
    /// Whom to call.
    pub phone: Option<String>,
    /// Laws and ordinances.
    pub legal_basis: Vec<String>,
    /// Other procedures, by `id`.
    pub related: Vec<String>,
    /// The day from which the text holds.
    pub valid_from: Date,
    /// The last day on which it holds.
    pub valid_until: Option<Date>,
    /// The day on which somebody compared it with its sources.
    pub checked_on: Date,
    /// The day on which the institution confirmed it; `None`: to be confirmed.
    pub confirmed_on: Option<Date>,
    /// Where it is taken from.
    pub sources: Vec<String>,
    /// The code that agents give after a talk about it.
    pub wrap_up: Option<String>,
    /// The text, as Markdown.
    pub body: String,
}

impl Procedure {
    /// Whether its last day is over on `today`.
    #[must_use]
    pub fn is_expired(&self, today: Date) -> bool {
        self.valid_until.is_some_and(|last| last < today)
    }

    /// How many days before `today` it was compared with its sources; 0 if that day is still to come.
    #[must_use]
    pub fn days_unchecked(&self, today: Date) -> u32 {
        let days = self.checked_on.until(today).map_or(0, |span| span.get_days());
        u32::try_from(days).unwrap_or(0)
    }
}
