//! The door: `serve`, `check`, `demo`, `sim`, `journal`, `reload`, `trace`, `why`, `why-not`, `facts`, `bans`, `recording`, `history`, `knowledge`, `report`, `audit`, `export`, `user`, `ctl`.
#![warn(clippy::print_stdout, clippy::print_stderr)]

#[macro_use]
mod say;

mod audit;
mod bans;
mod check;
mod colour;
mod ctl;
mod ctl_words;
mod demo;
mod exit;
mod export;
mod fact_text;
mod facts;
mod history;
mod journal;
mod knowledge;
mod language;
mod logs;
mod packaging;
mod procedures;
mod recording;
mod reload;
mod report;
mod serve;
mod sim;
mod site_day;
mod state;
mod trace;
mod user;
mod why;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// A call-distribution engine: real SIP calls come in, wait in a queue, and reach an agent.
#[derive(Parser)]
#[command(name = "turno", version, after_help = exit::HELP)]
struct Cli {
    #[command(subcommand)]
    command: Subcommands,
}

#[derive(Subcommand)]
enum Subcommands {
    /// Take calls.
    Serve(serve::Serve),
    /// Read a plan and print every fault in it.
    Check(check::Check),
    /// See turno work: simulated phones and callers around it, on this machine.
    Demo(demo::Demo),
    /// Live through a day in a moment, or through bad hours by the thousand.
    Sim(sim::Sim),
    /// Let a running turno read its plan again, and print what changed.
    Reload(reload::Reload),
    /// Look into a journal: is it whole, what does it say, what can be saved of a damaged one.
    Journal(journal::Journal),
    /// Follow a contact, live or afterwards: its ladder, its offers with their reasons, its media figures.
    Trace(trace::Trace),
    /// Why a contact waited, and who got it, in sentences; weeks later too.
    Why(why::WhyArgs),
    /// Why an agent did not get a contact, or gets nothing.
    WhyNot(why::WhyNotArgs),
    /// What happened, fact by fact: from the oldest that is kept, or behind a position.
    Facts(facts::FactsArgs),
    /// Who is shut out: list, lift, or shut out by hand.
    Bans(bans::BansArgs),
    /// Recordings of talks: list, play, verify, export, delete.
    Recording(recording::RecordingArgs),
    /// The history: how far it is, one person's data, a day as Parquet.
    History(history::HistoryArgs),
    /// Figures of queues or agents by time, from the history.
    Report(report::ReportArgs),
    /// Count a day again from the facts, and compare with it what stands.
    Audit(audit::AuditArgs),
    /// What other programs read: a queue_log, rows with Avaya CMS's names, contacts and states as CSV.
    Export(export::ExportArgs),
    /// Procedures: search them, show one, bring a table of them, measure the search.
    Knowledge(knowledge::KnowledgeArgs),
    /// Users of the HTTP API: add, list, change, remove, and what they did.
    User(user::UserArgs),
    /// Command a running turno: agents' states, contacts, drain, stop.
    Ctl(ctl::Ctl),
    /// Print shell completions.
    Completions(packaging::Completions),
    /// Write the man pages.
    Man(packaging::Man),
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Subcommands::Serve(serve) => serve.run(),
        Subcommands::Check(check) => check.run(),
        Subcommands::Demo(demo) => demo.run(),
        Subcommands::Sim(sim) => sim.run(),
        Subcommands::Reload(reload) => reload.run(),
        Subcommands::Journal(journal) => journal.run(),
        Subcommands::Trace(trace) => trace.run(),
        Subcommands::Why(why) => why.run(),
        Subcommands::WhyNot(why) => why.run(),
        Subcommands::Facts(facts) => facts.run(),
        Subcommands::Bans(bans) => bans.run(),
        Subcommands::Recording(recording) => recording.run(),
        Subcommands::History(history) => history.run(),
        Subcommands::Report(report) => report.run(),
        Subcommands::Audit(audit) => audit.run(),
        Subcommands::Export(export) => export.run(),
        Subcommands::Knowledge(knowledge) => knowledge.run(),
        Subcommands::User(user) => user.run(),
        Subcommands::Ctl(ctl) => ctl.run(),
        Subcommands::Completions(shell) => shell.run(Cli::command()),
        Subcommands::Man(man) => man.run(Cli::command()),
    }
    .into()
}
