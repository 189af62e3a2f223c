//! Man pages and shell completions, generated from the command line's own definition for packages to install.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_complete::Shell;

use crate::exit::Exit;

/// Print the completions of one shell.
#[derive(Args)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

/// Write a man page for turno and for each of its commands.
#[derive(Args)]
pub(crate) struct Man {
    /// The folder that gets them; it is created where it is missing.
    folder: PathBuf,
}

impl Completions {
    /// Prints the script. To be put where the shell looks, or sourced.
    pub(crate) fn run(self, mut turno: Command) -> Exit {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut turno, "turno", &mut script);
        // A reader that closes early, such as `head`, has what it wanted.
        let _closed = stdout().write_all(&script);
        Exit::Done
    }
}

impl Man {
    /// Writes `turno.1` and a `turno-COMMAND.1` for each command.
    pub(crate) fn run(self, turno: Command) -> Exit {
        match write_pages(&self.folder, turno) {
            Ok(()) => Exit::Done,
            Err(error) => {
                complain!("turno: {}: {error}", self.folder.display());
                Exit::NothingThere
            }
        }
    }
}

fn write_pages(folder: &Path, mut turno: Command) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    turno.build();
    write_page(folder, "turno".to_owned(), &turno)?;
    for command in turno.get_subcommands().filter(|it| it.get_name() != "help") {
        write_page(folder, format!("turno-{}", command.get_name()), command)?;
    }
    Ok(())
}

fn write_page(folder: &Path, name: String, command: &Command) -> std::io::Result<()> {
    let file = folder.join(format!("{name}.1"));
    let page = clap_mangen::Man::new(command.clone()).title(name).manual("turno");
    let mut text = Vec::new();
    page.render(&mut text)?;
    std::fs::write(file, text)
}
