//! `turno recording list`: a line for each recording.

use std::io::{Write, stdout};
use std::path::Path;

use jiff::Timestamp;
use turno_ground::Moment;
use turno_recording::frame::span;
use turno_recording::key::SiteKeys;

use crate::exit::Exit;
use crate::recording::found::{Trouble, all, open};

pub(crate) fn list(folder: &Path, keys: &SiteKeys, numbers: bool) -> Result<Exit, Trouble> {
    let mut out = stdout().lock();
    let found = all(folder)?;
    let head = ["began (UTC)", "recording", "queue", "agent", "caller", "length", "class", "state"];
    let _ = writeln!(
        out,
        "{:<19}  {:<16}  {:<16}  {:<10}  {:<12}  {:>8}  {:<10}  {}",
        head[0], head[1], head[2], head[3], head[4], head[5], head[6], head[7]
    );
    for (recording, parts) in &found {
        let Ok((head, opened, _)) = open(parts, keys) else {
            let _ = writeln!(out, "{:<19}  {:<16}  can't be opened: turno recording verify", "", recording.0);
            continue;
        };
        let length = span(opened.frames.len() as u64).as_secs();
        let state = match opened.closing {
            Some(closing) if closing.missing.is_zero() => "closed".to_owned(),
            Some(closing) => format!("closed, {:.1} s missing", closing.missing.as_secs_f64()),
            None => "open".to_owned(),
        };
        let caller = if numbers { opened.caller.clone() } else { masked(&opened.caller) };
        let about = head.about;
        let line = writeln!(
            out,
            "{:<19}  {:<16}  {:<16}  {:<10}  {:<12}  {:>8}  {:<10}  {state}",
            clock(about.began),
            recording.0,
            about.queue,
            if about.agent.is_empty() { "message" } else { &about.agent },
            caller,
            format!("{}:{:02}", length / 60, length % 60),
            about.class,
        );
        if line.is_err() {
            // The reader has closed: no error.
            break;
        }
    }
    Ok(if found.is_empty() { Exit::NothingThere } else { Exit::Done })
}

/// The last two digits of a number, as in traces.
pub(crate) fn masked(number: &str) -> String {
    let kept: String = number.chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
    if number.chars().count() > 2 { format!("*{kept}") } else { number.to_owned() }
}

/// A moment by the calendar, in UTC.
pub(crate) fn clock(moment: Moment) -> String {
    let micros = i64::try_from(moment.as_micros()).unwrap_or_default();
    let at = Timestamp::from_microsecond(micros).unwrap_or_default();
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
