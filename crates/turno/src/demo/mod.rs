//! `turno demo`: turno with simulated phones and callers around it, on real sockets.

mod agent;
mod board;
mod callers;
mod ear;
mod handset;
mod happening;
mod lines;
mod news;
mod pages;
mod paint;
mod screen;
mod site;
mod site_time;
mod speed;
mod view;
mod web_line;
mod world;

use std::io::{IsTerminal, Write, stdout};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};

use core::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyModifiers};
use turno_ground::{Moment, Transport};
use turno_model::Plan;
use turno_shell::{Begin, Clock, Control, FactsReader, Given, Options};

use crate::check::load;
use crate::demo::board::Board;
use crate::demo::news::{News, Tally};
use crate::demo::pages::Pages;
use crate::demo::screen::{Shown, Wish};
use crate::demo::site_time::SiteTime;
use crate::demo::speed::{FASTEST, Speed};
use crate::demo::view::View;
use crate::demo::world::{Setting, World};
use crate::exit::Exit;
use crate::language::Wanted;

/// How often the view is drawn.
const FRAME: Duration = Duration::from_millis(200);
/// How often a plain log sums up the room, in the demo's own time.
const SUMMARY_SPAN: Duration = Duration::from_secs(10);

/// See turno work: simulated softphones register and callers call, over real SIP and RTP on this machine.
#[derive(Args)]
pub(crate) struct Demo {
    /// A plan: one TOML file or a folder of them. Without it, the built-in site.
    path: Option<PathBuf>,
    /// How much faster than life (1 to 30): talks, waits, targets and breaks shrink by it.
    #[arg(long, default_value_t = 5.0, value_parser = speed)]
    speed: f64,
    /// Callers in an hour of the site's day (1 to 100000).
    #[arg(long, default_value_t = 390.0, value_parser = calls_per_hour)]
    calls_per_hour: f64,
    /// How many of the plan's seats take part; where the plan has fewer, all of them.
    #[arg(long, default_value_t = 20, value_parser = agents)]
    agents: usize,
    /// How many of these agents sit before a browser, whose phone is SIP over a WebSocket with DTLS-SRTP.
    #[arg(long, default_value_t = 3)]
    browsers: usize,
    /// The same number gives the same people.
    #[arg(long, default_value_t = 510_510)]
    seed: u64,
    /// End by itself after so many seconds.
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// Log lines instead of the view, as where there is no terminal.
    #[arg(long)]
    plain: bool,
    #[command(flatten)]
    language: Wanted,
}

/// What the view is fed from.
struct Feed {
    facts: FactsReader,
    news: Receiver<News>,
    clock: Clock,
    stop: Arc<AtomicBool>,
    end: Option<Duration>,
    doors: String,
}

impl Demo {
    /// Runs until Ctrl-C, `q` or the time given, and says how it ended.
    pub(crate) fn run(self) -> Exit {
        let Some(plan) = load(self.path.as_deref()) else { return Exit::PlanRefused };
        let speed = Speed::new(self.speed);
        let mut site = site::settle(plan, self.agents);
        let language = self.language.of(&site);
        let onlooker = pages::add_agent(&mut site, language.say("You", "Usted"));
        let begin = || self.show(site::at_free_places(site.clone()), speed, onlooker.as_deref());
        // Another demo may take a port between the look and the leap.
        let is_taken = |error: &anyhow::Error| {
            matches!(error.downcast_ref(), Some(turno_shell::StartRefused::Address { .. }))
        };
        let shown = begin().or_else(|error| if is_taken(&error) { begin() } else { Err(error) });
        match shown {
            Ok(exit) => exit,
            Err(error) => {
                complain!("turno: {error:#}");
                Exit::CouldNotStart
            }
        }
    }

    fn show(&self, site: Plan, speed: Speed, onlooker: Option<&str>) -> Result<Exit> {
        let stop = Arc::new(AtomicBool::new(false));
        let pages = Pages::new(onlooker)?;
        let state = Some(pages.folder().to_owned());
        let options = Options { seed: Some(self.seed), control: Control::Usual, state, ..Options::default() };
        let running = turno_shell::start(Arc::new(site::hurry(site.clone(), speed)), options)?;
        let (plan, clock) = (Arc::clone(running.plan()), running.clock());
        let begun = running.facts("demo", Begin::Now);
        let facts = begun.map_err(|_| anyhow::anyhow!("the facts can't be read"))?;
        let (sender, news) = channel();
        let server = plan
            .sip
            .listen
            .iter()
            .find(|(transport, _)| *transport == Transport::Udp)
            .map(|(_, address)| *address)
            .context("the plan listens on no UDP address")?;
        let world = World::begin(&Setting {
            plan: &plan,
            server,
            clock,
            speed,
            calls_per_hour: self.calls_per_hour,
            browsers: self.browsers,
            seed: self.seed,
            news: sender,
            stop: Arc::clone(&stop),
            onlooker,
        })?;
        let language = self.language.of(&plan);
        let see = language.say("see a call", "para ver una llamada");
        let trace = running.control().map(|_| format!("   {see}: turno trace --list")).unwrap_or_default();
        let metrics = language.say("metrics", "métricas");
        let door = pages.doors(&plan, language);
        let doors = format!("{door}   SIP {server}   {metrics} http://{}/metrics{trace}", plan.http);
        say!("{}: {}", language.say("wall", "pantalla de sala"), pages.wall(&plan));
        let end = self.seconds.map(Duration::from_secs);
        let mut feed = Feed { facts, news, clock, stop, end, doors };
        let time = SiteTime::new(&site, clock.set_at(), speed);
        let mut board = Board::new(Arc::new(site), time, language);
        let mut tally = Tally::default();
        if self.plain || !stdout().is_terminal() {
            feed.log(&mut board, &mut tally);
        } else {
            let mut terminal = ratatui::init();
            let shown = feed.view(&mut terminal, &mut board, &mut tally);
            ratatui::restore();
            shown?;
        }
        world.end();
        let exit = if running.stop().is_ok() { Exit::Done } else { Exit::Failed };
        feed.drain(&mut board, &mut tally, |_, _, _| {});
        let _ = lines::figures(&board, &tally, clock.now(), &mut stdout());
        Ok(exit)
    }
}

impl Feed {
    /// Takes all facts and news that have come.
    fn drain(&mut self, board: &mut Board, tally: &mut Tally, mut tell: impl FnMut(&Board, Moment, &str)) {
        while let Ok(Some(given)) = self.facts.read() {
            // A board that is behind shows what is now.
            let Given::Facts(batch) = given else { continue };
            for (at, fact) in &batch {
                if let Some(line) = board.take(*at, fact) {
                    tell(board, *at, &line);
                }
            }
        }
        while let Ok(news) = self.news.try_recv() {
            tally.take(news);
        }
    }

    fn is_over(&self, board: &Board) -> bool {
        let passed = self.clock.now().since(board.time.began);
        self.stop.load(Ordering::Relaxed) || self.end.is_some_and(|end| passed >= end)
    }

    fn log(&mut self, board: &mut Board, tally: &mut Tally) {
        let _ = writeln!(stdout(), "{}", self.doors.trim());
        let mut summary = board.time.began + SUMMARY_SPAN;
        while !self.is_over(board) {
            self.drain(board, tally, |board, at, line| {
                lines::event(&board.time.wall(at), line, &mut stdout());
            });
            let now = self.clock.now();
            if now >= summary {
                summary = now + SUMMARY_SPAN;
                let room = lines::room(board.language, &board.snapshot(now), tally);
                lines::event(&board.time.wall(now), &room, &mut stdout());
            }
            pause();
        }
    }

    fn view(&mut self, terminal: &mut DefaultTerminal, board: &mut Board, tally: &mut Tally) -> Result<()> {
        let mut shown = Shown::default();
        while !self.is_over(board) {
            self.drain(board, tally, |_, _, _| {});
            let now = self.clock.now();
            let snapshot = &board.snapshot(now);
            let wall = &board.time.wall(now);
            let view = View { board, tally, snapshot, wall, doors: &self.doors, shown };
            terminal.draw(|frame| view.draw(frame)).context("the terminal cannot be drawn on")?;
            if event::poll(FRAME)?
                && let Event::Key(key) = event::read()?
            {
                match shown.screen.wish(key.code, key.modifiers.contains(KeyModifiers::CONTROL)) {
                    Some(Wish::End) => return Ok(()),
                    Some(wish) => shown.change(wish),
                    None => {}
                }
            }
        }
        Ok(())
    }
}

/// A number between `least` and `most`, or why not.
fn number_between(text: &str, least: f64, most: f64) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("a number from {least} to {most}"))
}

fn speed(text: &str) -> Result<f64, String> {
    number_between(text, 1.0, FASTEST)
}

fn calls_per_hour(text: &str) -> Result<f64, String> {
    number_between(text, 1.0, 100_000.0)
}

fn agents(text: &str) -> Result<usize, String> {
    text.parse::<usize>().ok().filter(|&agents| agents > 0).ok_or_else(|| "at least 1 agent".to_owned())
}

/// Between two looks of the plain log.
fn pause() {
    #[expect(clippy::disallowed_methods, reason = "the plain log has nothing to wait for but time")]
    std::thread::sleep(FRAME);
}
