//! The view over a room that a few facts have made.

use std::path::Path;
use std::sync::Arc;

use core::time::Duration;

use compact_str::CompactString;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::Color;
use turno_ground::{Moment, Pii};
use turno_model::{AgentId, AgentState, AuxReason, Channel, ContactId, Fact, Language, QueueId};

use crate::demo::board::Board;
use crate::demo::news::Tally;
use crate::demo::screen::{Screen, Shown, Wish};
use crate::demo::site;
use crate::demo::site_time::SiteTime;
use crate::demo::speed::Speed;
use crate::demo::view::View;

/// Ten times as fast as life, so that a test sees that the view tells the site's time.
const SPEED: f64 = 10.0;

fn board() -> Board {
    board_in(Language::English)
}

fn board_in(language: Language) -> Board {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/quito");
    let (plan, _) = turno_config::load(&path).expect("the built-in site is a valid plan");
    let plan = site::settle(plan, 20);
    let time = SiteTime::new(&plan, Moment::from_secs(1_800_000_000), Speed::new(SPEED));
    Board::new(Arc::new(plan), time, language)
}

/// A moment so many seconds of the site's day after the demo began.
fn at(board: &Board, seconds: u64) -> Moment {
    board.time.began + Duration::from_secs(seconds).div_f64(SPEED)
}

fn arrive(board: &mut Board, contact: u64, number: &str, seconds: u64) {
    let contact = ContactId(contact);
    let moment = at(board, seconds);
    let arrived = Fact::ContactArrived {
        contact,
        channel: Channel::Voice,
        from: Pii(CompactString::from(number)),
        dialled: CompactString::from("1800510510"),
        trunk: None,
    };
    board.take(moment, &arrived);
    board.take(moment, &Fact::Queued { contact, queue: QueueId(1), priority: 0, position: 1 });
}

fn change(board: &mut Board, agent: u32, from: AgentState, to: AgentState, seconds: u64) {
    let moment = at(board, seconds);
    board.take(moment, &Fact::AgentChanged { agent: AgentId(agent), from, to });
}

fn drawn(board: &Board, seconds: u64) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(160, 48)).expect("a buffer is always there");
    let (tally, now) = (Tally::default(), at(board, seconds));
    let snapshot = &board.snapshot(now);
    let wall = &board.time.wall(now);
    let view = View { board, tally: &tally, snapshot, wall, doors: "", shown: Shown::default() };
    terminal.draw(|frame| view.draw(frame)).expect("a buffer takes everything");
    terminal.backend().buffer().clone()
}

/// The lines of the picture.
fn lines(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width);
    buffer.content().chunks(width).map(|row| row.iter().map(|cell| cell.symbol()).collect()).collect()
}

/// The colour where a text begins, in a line that also holds `in_line`.
fn colour_of(buffer: &Buffer, in_line: &str, text: &str) -> Option<Color> {
    let width = usize::from(buffer.area.width);
    buffer.content().chunks(width).find_map(|row| {
        let line: String = row.iter().map(|cell| cell.symbol()).collect();
        if !line.contains(in_line) {
            return None;
        }
        let column = line[..line.find(text)?].chars().count();
        Some(row[column].fg)
    })
}

#[test]
fn a_supervisor_sees_a_late_call_turn_from_green_to_red() {
    // The handling clock: 3 minutes, with a warning 30 s before.
    let mut board = board();
    let (contact, agent, queue) = (ContactId(1), AgentId(4), QueueId(1));
    arrive(&mut board, 1, "0991112233", 0);
    change(&mut board, 4, AgentState::LoggedOut, AgentState::Aux(AuxReason::LoggedIn), 0);
    change(&mut board, 4, AgentState::Aux(AuxReason::LoggedIn), AgentState::Available, 0);
    change(&mut board, 4, AgentState::Available, AgentState::Ringing, 1);
    let moment = at(&board, 5);
    change(&mut board, 4, AgentState::Ringing, AgentState::Talking, 5);
    board.take(moment, &Fact::Connected { contact, agent, queue, waited: Duration::from_millis(500) });
    for (seconds, clock, colour) in [
        (65, "1:00 / 3:00", Color::Green),
        (156, "2:31 / 3:00", Color::Yellow),
        (190, "3:05 / 3:00", Color::Red),
    ] {
        let picture = drawn(&board, seconds);
        assert_eq!(colour_of(&picture, "Puesto 1005", clock), Some(colour), "{:#?}", lines(&picture));
    }
    let picture = lines(&drawn(&board, 65));
    assert!(picture.iter().any(|line| line.contains("..2233 talks to Puesto 1005")), "{picture:#?}");
    assert!(picture.iter().any(|line| line.contains("1005") && line.contains("talking")), "{picture:#?}");
}

#[test]
fn a_supervisor_sees_who_waits_too_long() {
    // The wait target: 20 s.
    let mut board = board();
    arrive(&mut board, 1, "0991112233", 0);
    let waiting = |picture: &Buffer| {
        let line = lines(picture).into_iter().find(|line| line.contains("Impuesto predial"));
        line.expect("the queue has a line")
    };
    let picture = drawn(&board, 10);
    assert!(waiting(&picture).contains("0:10"), "{:#?}", lines(&picture));
    assert_eq!(colour_of(&picture, "Impuesto predial", "0:10 "), Some(Color::Yellow));
    let picture = drawn(&board, 45);
    assert!(waiting(&picture).contains("0:45"));
    assert_eq!(colour_of(&picture, "Impuesto predial", "0:45 "), Some(Color::Red));
}

#[test]
fn a_small_terminal_shows_what_fits_and_does_not_break() {
    let mut board = board();
    for contact in 1..60 {
        arrive(&mut board, contact, "0991112233", contact);
    }
    for (width, height) in [(1, 1), (20, 5), (80, 24), (300, 90)] {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a buffer is always there");
        let (tally, now) = (Tally::default(), at(&board, 60));
        let snapshot = &board.snapshot(now);
        let view =
            View { board: &board, tally: &tally, snapshot, wall: "", doors: "", shown: Shown::default() };
        terminal.draw(|frame| view.draw(frame)).expect("a buffer takes everything");
    }
}

/// A busy minute: a talk, a late talk, three in line.
fn busy() -> Board {
    busy_in(Language::English)
}

fn busy_in(language: Language) -> Board {
    let mut board = board_in(language);
    for (agent, contact) in [(4_u32, 1_u64), (9, 2)] {
        let aux = AgentState::Aux(AuxReason::LoggedIn);
        arrive(&mut board, contact, "0991112233", 10 * contact);
        change(&mut board, agent, AgentState::LoggedOut, aux, 0);
        change(&mut board, agent, aux, AgentState::Available, 0);
        change(&mut board, agent, AgentState::Available, AgentState::Ringing, 20 * contact);
        change(&mut board, agent, AgentState::Ringing, AgentState::Talking, 30 * contact);
        let (moment, contact) = (at(&board, 30 * contact), ContactId(contact));
        let connected = Fact::Connected {
            contact,
            agent: AgentId(agent),
            queue: QueueId(1),
            waited: Duration::from_millis(500),
        };
        board.take(moment, &connected);
    }
    for contact in 3..6 {
        arrive(&mut board, contact, "0987654321", 60 * contact);
    }
    board
}

/// Every screen of a terminal of this size, as text.
fn captured(board: &Board, width: u16, height: u16) -> String {
    let mut text = String::new();
    let (tally, now) = (Tally::default(), at(board, 310));
    let (snapshot, wall) = (&board.snapshot(now), &board.time.wall(now));
    for screen in [Screen::Overview, Screen::Calls, Screen::Agents] {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a buffer is always there");
        let shown = Shown { screen, scrolled: 0 };
        let doors = " SIP 127.0.0.1:5060   metrics http://127.0.0.1:8080/metrics";
        let view = View { board, tally: &tally, snapshot, wall, doors, shown };
        terminal.draw(|frame| view.draw(frame)).expect("a buffer takes everything");
        text +=
            &format!("== {width}x{height} {screen:?}\n{}\n", lines(terminal.backend().buffer()).join("\n"));
    }
    text
}

#[test]
fn a_terminal_of_any_width_from_80_shows_whole_columns() {
    // Wound: at 80x24 the headings were cut to `wai old tal ans gav` and the clock's column was gone.
    let board = busy();
    for width in 80..=160 {
        for height in [24, 30, 48] {
            let text = captured(&board, width, height);
            for heading in ["waiting", "oldest", "talking", "answered", "gave up", "in time", "in target"] {
                assert!(text.contains(heading), "no {heading} at {width}x{height}:\n{text}");
            }
            for word in
                ["4:40 / 3:00", "..2233", "Puesto 1005", "Información general", "occupied", "within target"]
            {
                assert!(text.contains(word), "no {word} at {width}x{height}:\n{text}");
            }
        }
    }
}

#[test]
fn a_supervisor_in_quito_reads_whole_words_in_spanish() {
    let board = busy_in(Language::Spanish);
    for (width, height) in [(80, 24), (120, 40), (160, 48)] {
        let text = captured(&board, width, height);
        for words in [
            "Trámites en línea",
            "en espera",
            "atendidas",
            "a tiempo",
            "en meta",
            "atención -",
            "..2233 habla con Puesto 1010",
            "..4321 en espera, Impuesto predial, lugar 1",
            "desconectado",
            "q termina el día",
        ] {
            assert!(text.contains(words), "no {words} at {width}x{height}:\n{text}");
        }
        for word in ["waiting", "talks", "logged", "answered", "offered", "agents", "the day"] {
            assert!(!text.contains(word), "{word} at {width}x{height}:\n{text}");
        }
    }
}

#[test]
fn the_screens_look_as_they_were_last_seen() {
    let board = busy();
    let text: String = [(80, 24), (120, 40), (160, 48)]
        .iter()
        .map(|&(width, height)| captured(&board, width, height))
        .collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/screens.txt");
    if std::env::var_os("TURNO_BLESS").is_some() {
        std::fs::write(&path, &text).expect("the golden capture is written");
    }
    let golden = std::fs::read_to_string(&path).expect("the golden capture is there");
    let first = text.lines().zip(golden.lines()).find(|(now, then)| now != then);
    assert!(text == golden, "TURNO_BLESS=1 takes over what is right; the first other line: {first:#?}");
}

#[test]
fn keys_turn_the_screens_and_scroll_and_no_other_key_does_anything() {
    use ratatui::crossterm::event::KeyCode;
    let mut shown = Shown::default();
    for (key, screen) in [
        (KeyCode::Tab, Screen::Calls),
        (KeyCode::Tab, Screen::Agents),
        (KeyCode::Tab, Screen::Overview),
        (KeyCode::Char('3'), Screen::Agents),
        (KeyCode::Char('1'), Screen::Overview),
    ] {
        shown.change(shown.screen.wish(key, false).expect("a key with a meaning"));
        assert_eq!(shown.screen, screen, "after {key:?}");
    }
    shown.change(Wish::Scroll(-1));
    assert_eq!(shown.scrolled, 0, "above the first row is nothing");
    assert_eq!(shown.screen.wish(KeyCode::Char('c'), false), None);
    assert_eq!(shown.screen.wish(KeyCode::Char('c'), true), Some(Wish::End));
}

#[test]
fn a_demo_begins_when_the_line_opens() {
    // 07:50 in Quito, whatever the hour at which somebody tries turno.
    let board = board();
    assert_eq!(board.time.wall(at(&board, 0)), "07:50:00");
    assert_eq!(board.time.wall(at(&board, 3_661)), "08:51:01");
    let day = board.ledger.day(board.time.moment(at(&board, 60))).to_string();
    assert!(day.lines().next().is_some_and(|line| line.ends_with("07:51")), "{day}");
}
