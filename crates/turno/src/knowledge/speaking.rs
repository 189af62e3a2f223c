//! `turno knowledge speak`: sounds of cards, made before anybody calls.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use turno_knowledge::{Procedure, spoken_card};
use turno_model::{Language, Plan};

use super::Site;
use super::wav::playable;
use crate::exit::Exit;

/// Make the sounds of cards that menus read out.
#[derive(Args)]
pub(super) struct SpeakArgs {
    /// The folder of the prompts. Sounds go into `es/procedures` there, each with its words beside it.
    folder: PathBuf,
    /// Procedures by name. Without them those of the plan's menus.
    ids: Vec<String>,
    /// Make those as well that are up to date, as with another voice.
    #[arg(long)]
    again: bool,
    /// Print the words of each card and make nothing.
    #[arg(long)]
    words: bool,
}

impl SpeakArgs {
    pub(super) fn run(&self, site: &Site, plan: &Plan) -> Exit {
        let of_menus = || plan.menus.iter().filter_map(|menu| menu.card.as_ref());
        let mut ids: Vec<String> = match self.ids.as_slice() {
            [] => of_menus().map(|card| card.procedure.clone()).collect(),
            named => named.to_vec(),
        };
        ids.sort();
        ids.dedup();
        if ids.is_empty() {
            let none = site.language.say("no menu reads a card", "ningún menú lee una ficha");
            complain!("turno: {none}: `[[menu]]`, `procedure = \"NAME\"`");
            return Exit::NothingThere;
        }
        for id in &ids {
            let Some(procedure) = site.library.procedure(id) else {
                return super::showing::missing(site, id);
            };
            if self.words {
                say!("{id}\n{}\n", spoken_card(procedure));
                continue;
            }
            if let Err(why) = self.speak(procedure, &plan.knowledge.voice, site.language) {
                complain!("turno: {id}: {why}");
                return Exit::CouldNotStart;
            }
        }
        Exit::Done
    }

    fn speak(&self, procedure: &Procedure, voice: &str, language: Language) -> Result<(), String> {
        let folder = self.folder.join(&procedure.language).join("procedures");
        let (sound, beside) =
            (folder.join(format!("{}.wav", procedure.id)), folder.join(format!("{}.txt", procedure.id)));
        let words = spoken_card(procedure);
        let is_same = fs::read_to_string(&beside).is_ok_and(|spoken| spoken.trim_end() == words);
        if is_same && sound.is_file() && !self.again {
            say!("{}: {}", sound.display(), language.say("up to date", "al día"));
            return Ok(());
        }
        let made = playable(&voiced(voice, &words)?).map_err(|why| format!("`{voice}`: {why}"))?;
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        // The words go first and come last: a sound without its words is an old one.
        let _ = fs::remove_file(&beside);
        put(&sound, &made)?;
        put(&beside, format!("{words}\n").as_bytes())?;
        say!("{}: {} kB", sound.display(), made.len() / 1_000);
        Ok(())
    }
}

/// What the voice makes of words.
fn voiced(voice: &str, words: &str) -> Result<Vec<u8>, String> {
    let mut parts = voice.split_whitespace();
    let program = parts.next().ok_or("[knowledge] `voice` is empty")?;
    let mut child = Command::new(program)
        .args(parts)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("`{program}` can't be run: {error}"))?;
    if let Some(mut input) = child.stdin.take() {
        // A program that ends early says why by its status.
        let _ = input.write_all(words.as_bytes());
    }
    let ended = child.wait_with_output().map_err(|error| format!("`{program}`: {error}"))?;
    if ended.status.success() {
        Ok(ended.stdout)
    } else {
        Err(format!("`{voice}` ended with {}", ended.status))
    }
}

/// Writes a file whole or not at all.
fn put(file: &Path, bytes: &[u8]) -> Result<(), String> {
    let new = file.with_extension("new");
    let written = fs::write(&new, bytes).and_then(|()| fs::rename(&new, file));
    written.map_err(|error| format!("{}: {error}", file.display()))
}
