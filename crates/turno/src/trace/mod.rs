//! `turno trace`: what happened to a contact, asked of a running turno or read from a file.

pub(crate) mod asking;
mod paper;

use std::io::{IsTerminal, Write, stdout};
use std::path::PathBuf;

use clap::Args;
use turno_control::{Answer, Ask, Request, What};
use turno_trace::{ContactTrace, Ladder, Numbers, TextOptions, table};

use crate::colour::has_colour;
use crate::exit::Exit;
use crate::language::Wanted;
use asking::{Asked, Trouble};

/// Signs in a line where there is no terminal to ask.
const WIDTH: usize = 140;

/// Follow a contact, live or afterwards: its ladder, its offers with their reasons, its media figures.
#[derive(Args)]
pub(crate) struct Trace {
    /// The contact's number, or its last digits. With nothing said, the contacts of late are listed.
    #[arg(group = "what")]
    contact: Option<String>,
    /// The last contact from a number that ends with these digits.
    #[arg(long, value_name = "NUMBER", group = "what")]
    caller: Option<String>,
    /// The contacts of late of the agent with this extension or name, and what that agent dialled.
    #[arg(long, value_name = "AGENT", group = "what")]
    agent: Option<String>,
    /// The last contact that arrived.
    #[arg(long, group = "what")]
    last: bool,
    /// The contacts of late.
    #[arg(long, group = "what")]
    list: bool,
    /// A story saved by --json, instead of a running turno.
    #[arg(long, value_name = "FILE", group = "what")]
    from: Option<PathBuf>,
    /// Wait for the next contact to arrive, and follow it.
    #[arg(long, group = "what")]
    next: bool,
    /// Go on until the contact ends.
    #[arg(long)]
    follow: bool,
    /// Whole messages below their arrows.
    #[arg(long)]
    full: bool,
    /// Callers' numbers whole, rather than their last two digits.
    #[arg(long)]
    numbers: bool,
    /// How many contacts are listed.
    #[arg(long, value_name = "COUNT", default_value_t = 40)]
    most: usize,
    /// Write the story as one page.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the story as lines that --from reads.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The control socket of the turno that is asked; `serve` says it at its start.
    #[arg(long, value_name = "PATH")]
    control: Option<PathBuf>,
    #[command(flatten)]
    language: Wanted,
}

impl Trace {
    /// Asks, and shows what it is told.
    pub(crate) fn run(self) -> Exit {
        match self.show() {
            Ok(()) => Exit::Done,
            Err(trouble) => {
                let language = self.language.asked().unwrap_or_else(Wanted::locale);
                complain!("turno: {}", trouble.sentence(language));
                trouble.exit()
            }
        }
    }

    fn show(&self) -> Result<(), Trouble> {
        if let Some(file) = &self.from {
            return self.keep(&paper::read(file)?, false);
        }
        let follow = self.follow || self.next;
        let numbers = if self.numbers { Numbers::Full } else { Numbers::Short };
        let locale = Some(Wanted::locale()).filter(|locale| !locale.is_english());
        let ask = Ask { what: self.what(), follow, numbers, language: self.language.asked(), locale };
        let mut asked = Asked::ask(self.control.as_deref(), &Request::Trace(ask))?;
        let mut story = ContactTrace::default();
        let mut ladder = Ladder::new(&self.options());
        while let Some(answer) = asked.hear()? {
            match answer {
                Answer::Rows(rows) => return print(&list(&rows)),
                Answer::Waiting => complain!("turno: waiting for the next contact"),
                Answer::Entry(entry) => {
                    if follow {
                        print(&ladder.show(&entry))?;
                    }
                    story.extend([entry]);
                }
                Answer::LostPlace => {
                    self.keep(&story, follow)?;
                    return Err(Trouble::Refused(
                        "this reader was too slow and has lost its place; ask again without --follow"
                            .to_owned(),
                    ));
                }
                other @ (Answer::Refused(_)
                | Answer::Busy(_)
                | Answer::Language(_)
                | Answer::Bans(_)
                | Answer::CallerLists(_)
                | Answer::Skills(_)
                | Answer::Callbacks(_)
                | Answer::Breaks(_)
                | Answer::Done(_)
                | Answer::NotDone(_)
                | Answer::Differences(_)
                | Answer::Applied(_)
                | Answer::Fact(_)
                | Answer::Names(_)
                | Answer::Missing(_)
                | Answer::UpTo(_)
                | Answer::TooOld(_)
                | Answer::Ahead(_)
                | Answer::NoSuccessor(_)) => return Err(Trouble::of(Some(other))),
            }
        }
        self.keep(&story, follow)
    }

    fn what(&self) -> What {
        if let Some(contact) = &self.contact {
            What::Contact(contact.clone())
        } else if let Some(number) = &self.caller {
            What::Caller(number.clone())
        } else if let Some(agent) = &self.agent {
            What::Agent(agent.clone(), self.most)
        } else if self.next {
            What::Next
        } else if self.last || (self.follow && !self.list) {
            What::Last
        } else {
            What::List(self.most)
        }
    }

    /// Writes the files that are asked for, and without them the ladder, unless it was shown as it grew.
    fn keep(&self, story: &ContactTrace, is_shown: bool) -> Result<(), Trouble> {
        if let Some(file) = &self.html {
            paper::write(file, &story.html())?;
        }
        if let Some(file) = &self.json {
            paper::write(file, &story.json())?;
        }
        if is_shown || self.html.is_some() || self.json.is_some() {
            return Ok(());
        }
        print(&story.text(&self.options()))
    }

    fn options(&self) -> TextOptions {
        let is_terminal = stdout().is_terminal();
        let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let size = || ratatui::crossterm::terminal::size().ok().filter(|_| is_terminal);
        let width = asked.or_else(|| size().map(|(columns, _)| usize::from(columns))).unwrap_or(WIDTH);
        let has_colour = has_colour(&stdout());
        TextOptions { is_full: self.full, width, has_colour, is_headless: false }
    }
}

fn list(rows: &[turno_trace::Row]) -> String {
    if rows.is_empty() { "nobody has called yet\n".to_owned() } else { table(rows) }
}

/// To standard output. A reader that closes early, such as `head`, is no error.
fn print(text: &str) -> Result<(), Trouble> {
    let written = stdout().write_all(text.as_bytes()).and_then(|()| stdout().flush());
    written.map_err(|_| Trouble::Closed)
}
