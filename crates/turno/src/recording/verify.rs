//! `turno recording verify`: every recording against its own chain and the journal.

use std::collections::BTreeMap;
use std::io::{Write, stdout};
use std::path::Path;

use turno_model::{RecordingId, RecordingOutcome};
use turno_recording::chain::Link;
use turno_recording::key::{SiteKeys, from_hex};
use turno_recording::verify::verify as verify_parts;

use crate::exit::Exit;
use crate::recording::found::{Parts, Trouble, all, bytes};
use crate::recording::known::{Known, known};

pub(crate) fn verify(folder: &Path, keys: &SiteKeys, state: Option<&Path>) -> Result<Exit, Trouble> {
    let found = all(folder)?;
    let journal = match state {
        Some(state) => known(state)?,
        None => BTreeMap::new(),
    };
    let mut out = stdout().lock();
    let (mut whole, mut broken) = (0u64, 0u64);
    let mut ids: Vec<RecordingId> = found.keys().chain(journal.keys()).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    for recording in ids {
        let lines = judge(found.get(&recording), journal.get(&recording), keys)?;
        if lines.is_empty() {
            whole += 1;
        } else {
            broken += 1;
        }
        for line in lines {
            let _ = writeln!(out, "recording {}: {line}", recording.0);
        }
    }
    let by = if state.is_some() { "the journal confirms" } else { "no journal was given; whole are" };
    let _ = writeln!(out, "{by} {whole} recordings; {broken} are damaged or missing");
    Ok(if broken == 0 { Exit::Done } else { Exit::Damaged })
}

/// What is wrong with one recording.
fn judge(parts: Option<&Parts>, known: Option<&Known>, keys: &SiteKeys) -> Result<Vec<String>, Trouble> {
    let outcome = known.and_then(|known| known.outcome.as_ref());
    let Some(parts) = parts else {
        let is_expected =
            known.is_none_or(|known| known.is_purged) || matches!(outcome, Some(RecordingOutcome::Lost(_)));
        return Ok(if is_expected { Vec::new() } else { vec!["missing: there is no file".to_owned()] });
    };
    let last = match outcome {
        Some(RecordingOutcome::Kept(hash)) => from_hex(hash).map(Link),
        Some(RecordingOutcome::Lost(_)) | None => None,
    };
    let bytes = bytes(parts)?;
    let all: Vec<&[u8]> = bytes.iter().map(Vec::as_slice).collect();
    Ok(verify_parts(&all, keys, last).iter().map(ToString::to_string).collect())
}
