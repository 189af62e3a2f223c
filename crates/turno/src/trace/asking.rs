//! One question to a running turno over its control socket.

use core::fmt;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use turno_control::{ANSWER_BYTES_MAX, Answer, Request};
use turno_model::{Language, Refusal};

use crate::exit::Exit;

/// [`ANSWER_BYTES_MAX`], as readers count.
const LINE_BYTES_MAX: u64 = ANSWER_BYTES_MAX as u64;

/// Why a question has no answer.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// No turno answers at any of these places.
    Nobody(Vec<PathBuf>),
    /// A turno is there and another user's.
    NotOurs(PathBuf),
    /// turno refuses the question.
    Refused(String),
    /// turno answers as many as it can; the same question may have an answer later.
    Busy(String),
    /// turno does not carry out the command.
    NotDone(Refusal),
    /// It spoke in other words than this version knows, or broke off.
    Strange(String),
    /// A file.
    File(PathBuf, String),
    /// Nobody reads what is printed.
    Closed,
}

impl Trouble {
    /// The reason in an answer that is not the one that was asked for.
    pub(crate) fn of(answer: Option<Answer>) -> Self {
        match answer {
            Some(Answer::NotDone(why)) => Self::NotDone(why),
            Some(Answer::Refused(why)) => Self::Refused(why),
            Some(Answer::Busy(why)) => Self::Busy(why),
            Some(other) => Self::Strange(other.json()),
            None => Self::Strange("nothing came".to_owned()),
        }
    }

    /// How the program ends.
    pub(crate) const fn exit(&self) -> Exit {
        match self {
            Self::Nobody(_)
            | Self::NotOurs(_)
            | Self::Strange(_)
            | Self::Busy(_)
            | Self::NotDone(Refusal::NoAnswer) => Exit::CouldNotStart,
            Self::Refused(_) | Self::NotDone(_) | Self::File(..) => Exit::NothingThere,
            Self::Closed => Exit::Done,
        }
    }

    /// A sentence for people. What turno and the system say stays English, except the refusal of a command.
    pub(crate) fn sentence(&self, language: Language) -> String {
        match (self, language) {
            (Self::Nobody(places), _) => {
                let places: Vec<String> = places.iter().map(|path| path.display().to_string()).collect();
                nobody(&places, language)
            }
            (Self::NotOurs(path), Language::English) => format!(
                "{} may only be asked by the user that turno runs as, or by root: try it with sudo",
                path.display()
            ),
            (Self::NotOurs(path), Language::Spanish) => format!(
                "solo el usuario con el que corre turno, o root, puede preguntar por {}: inténtelo con sudo",
                path.display()
            ),
            (Self::Busy(_), Language::Spanish) => "hay demasiadas consultas; inténtelo de nuevo".to_owned(),
            (Self::Refused(why) | Self::Busy(why), _) => why.clone(),
            (Self::NotDone(why), _) => why.sentence(language),
            (Self::Strange(what), Language::English) => {
                format!("the answer can't be read: {what}; is that turno of this version?")
            }
            (Self::Strange(what), Language::Spanish) => {
                format!("no se puede leer la respuesta: {what}; ¿es ese turno de esta versión?")
            }
            (Self::File(path, why), _) => format!("{}: {why}", path.display()),
            (Self::Closed, Language::English) => "nobody reads any more".to_owned(),
            (Self::Closed, Language::Spanish) => "ya nadie lee la salida".to_owned(),
        }
    }
}

fn nobody(places: &[String], language: Language) -> String {
    match language {
        Language::English => format!(
            "no turno answers at {}; start one with `turno serve`, or say where it is with --control PATH (one that \
             runs makes a control socket that was removed again within seconds)",
            places.join(" or ")
        ),
        Language::Spanish => format!(
            "ningún turno responde en {}; inicie uno con `turno serve`, o indique dónde está con --control RUTA (si \
             está en marcha, vuelve a crear en segundos un socket de control borrado)",
            places.join(" ni en ")
        ),
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Language::English))
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

    /// The site's language; `None` if the plan has none, or nobody answers.
    pub(crate) fn language(control: Option<&Path>) -> Option<Language> {
        match Self::ask(control, &Request::Language).ok()?.hear() {
            Ok(Some(Answer::Language(language))) => language,
            Ok(_) | Err(_) => None,
        }
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
