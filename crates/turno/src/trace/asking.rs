//! One question to a running turno over its control socket.

use core::fmt;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use turno_control::{ANSWER_BYTES_MAX, Answer, Request};

use crate::exit::Exit;

/// [`ANSWER_BYTES_MAX`], as readers count.
const LINE_BYTES_MAX: u64 = ANSWER_BYTES_MAX as u64;

/// What stood in the way.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// No turno answers at any of these places.
    Nobody(Vec<PathBuf>),
    /// A turno is there and another user's.
    NotOurs(PathBuf),
    /// turno said why not.
    Refused(String),
    /// It spoke in other words than this version knows, or broke off.
    Strange(String),
    /// A file.
    File(PathBuf, String),
    /// Nobody reads what is printed.
    Closed,
}

impl Trouble {
    /// How the program ends.
    pub(crate) const fn exit(&self) -> Exit {
        match self {
            Self::Nobody(_) | Self::NotOurs(_) | Self::Strange(_) => Exit::CouldNotStart,
            Self::Refused(_) | Self::File(..) => Exit::NothingThere,
            Self::Closed => Exit::Done,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody(places) => {
                let places: Vec<String> = places.iter().map(|path| path.display().to_string()).collect();
                write!(
                    f,
                    "no turno answers at {}; start one with `turno serve`, or say where it is with --control PATH \
                     (one that runs makes a control socket that was removed again within seconds)",
                    places.join(" or ")
                )
            }
            Self::NotOurs(path) => write!(
                f,
                "{} may only be asked by the user that turno runs as, or by root: try it with sudo",
                path.display()
            ),
            Self::Refused(why) => f.write_str(why),
            Self::Strange(what) => {
                write!(f, "the answer can't be read: {what}; is that turno of this version?")
            }
            Self::File(path, why) => write!(f, "{}: {why}", path.display()),
            Self::Closed => f.write_str("nobody reads any more"),
        }
    }
}

/// A question that was asked.
pub(crate) struct Asked(BufReader<UnixStream>);

impl Asked {
    /// Asks the turno at `control`, or the first that answers at a usual place.
    pub(crate) fn ask(control: Option<&Path>, request: &Request) -> Result<Self, Trouble> {
        let places = control.map_or_else(turno_shell::usual_places, |path| vec![path.to_owned()]);
        let mut closed = None;
        for path in &places {
            match UnixStream::connect(path) {
                Ok(mut stream) => {
                    let broke_off = |error: std::io::Error| Trouble::Strange(error.to_string());
                    stream.write_all(request.lines().as_bytes()).map_err(broke_off)?;
                    return Ok(Self(BufReader::new(stream)));
                }
                Err(error) if error.kind() == ErrorKind::PermissionDenied => closed = Some(path.clone()),
                Err(_) => {}
            }
        }
        Err(closed.map_or(Trouble::Nobody(places), Trouble::NotOurs))
    }

    /// The next line of the answer; `None` at its end.
    pub(crate) fn hear(&mut self) -> Result<Option<Answer>, Trouble> {
        let mut line = Vec::new();
        match self.0.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line) {
            Ok(0) => Ok(None),
            Ok(ANSWER_BYTES_MAX..) if !line.ends_with(b"\n") => {
                Err(Trouble::Strange(format!("a line is longer than {ANSWER_BYTES_MAX} bytes")))
            }
            Ok(_) => match Answer::read(&line) {
                Some(answer) => Ok(Some(answer)),
                None => {
                    let text = String::from_utf8_lossy(&line);
                    Err(Trouble::Strange(
                        text.chars().take(60).collect::<String>().escape_debug().to_string(),
                    ))
                }
            },
            Err(error) => Err(Trouble::Strange(error.to_string())),
        }
    }
}
