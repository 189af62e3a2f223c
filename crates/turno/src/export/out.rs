//! Where an export goes: standard output, or a file that is there only when it is whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use turno_history::Failure;

use crate::exit::Exit;

/// Numbers of people may be in an export.
const FILE_MODE: u32 = 0o600;

/// What goes wrong with an export.
pub(crate) enum Trouble {
    /// What is asked for is not there, in words.
    Nothing(String),
    /// Something else, in words.
    Other(String),
    /// Nobody reads standard output any more.
    Closed,
}

impl Trouble {
    /// Says it, and how the program ends.
    pub(crate) fn said(self) -> Exit {
        match self {
            Self::Nothing(why) => {
                complain!("turno: {why}");
                Exit::NothingThere
            }
            Self::Other(why) => {
                complain!("turno: {why}");
                Exit::CouldNotStart
            }
            Self::Closed => Exit::Done,
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Other(failure.to_string())
    }
}

/// Where lines go.
pub(crate) struct Out {
    to: BufWriter<Box<dyn Write>>,
    /// The file and its name until it is whole.
    file: Option<(File, PathBuf, PathBuf)>,
}

impl Out {
    /// Into this file, or to standard output.
    pub(crate) fn new(path: Option<&Path>) -> Result<Self, Trouble> {
        let Some(path) = path else {
            return Ok(Self { to: BufWriter::new(Box::new(io::stdout())), file: None });
        };
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(".unfinished");
        let unfinished = PathBuf::from(unfinished);
        let opened =
            OpenOptions::new().write(true).create(true).truncate(true).mode(FILE_MODE).open(&unfinished);
        let file = opened.map_err(|error| in_file(path, &error))?;
        let copy = file.try_clone().map_err(|error| in_file(path, &error))?;
        Ok(Self { to: BufWriter::new(Box::new(copy)), file: Some((file, unfinished, path.to_owned())) })
    }

    /// Writes a text.
    pub(crate) fn put(&mut self, text: &str) -> Result<(), Trouble> {
        self.to.write_all(text.as_bytes()).map_err(|error| self.trouble(&error))
    }

    /// Everything is written: the file gets its name.
    pub(crate) fn finish(&mut self) -> Result<(), Trouble> {
        self.to.flush().map_err(|error| self.trouble(&error))?;
        let Some((file, unfinished, path)) = self.file.take() else { return Ok(()) };
        let named = file.sync_all().and_then(|()| fs::rename(&unfinished, &path));
        named.map_err(|error| in_file(&path, &error))
    }

    fn trouble(&self, error: &io::Error) -> Trouble {
        match &self.file {
            Some((_, _, path)) => in_file(path, error),
            None => Trouble::Closed,
        }
    }
}

impl Drop for Out {
    fn drop(&mut self) {
        if let Some((_, unfinished, _)) = &self.file {
            let _ = fs::remove_file(unfinished);
        }
    }
}

fn in_file(path: &Path, error: &io::Error) -> Trouble {
    Trouble::Other(format!("{}: {error}", path.display()))
}
