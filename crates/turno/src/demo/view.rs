//! The demo in a terminal: queues, agents, each call's clock against its target, and the day.

use core::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Cell, Paragraph, Row, Table, Wrap};
use turno_ledger::{ContactNow, ContactStage, QueueFigures, Snapshot};
use turno_model::{AgentState, AuxReason};

use crate::demo::board::{Board, shown, total};
use crate::demo::news::Tally;
use crate::demo::screen::{Screen, Shown, WHOLE_HEIGHT, WHOLE_WIDTH};
use crate::demo::speed::clock;

/// The width of a call's bar, in cells.
const BAR: usize = 12;

/// Everything that is drawn. All times are the site's.
pub(crate) struct View<'a> {
    pub(crate) board: &'a Board,
    pub(crate) tally: &'a Tally,
    pub(crate) snapshot: &'a Snapshot,
    /// What the site's wall clock shows.
    pub(crate) wall: &'a str,
    /// Where turno listens, for the foot line.
    pub(crate) doors: &'a str,
    /// Which panels a small terminal shows.
    pub(crate) shown: Shown,
}

impl View<'_> {
    /// Draws it: everything where there is room, else the screen that is chosen.
    pub(crate) fn draw(&self, frame: &mut Frame<'_>) {
        let [head, middle, foot] =
            Layout::vertical([Constraint::Length(1), Constraint::Min(10), Constraint::Length(1)])
                .areas(frame.area());
        frame.render_widget(self.head(), head);
        if frame.area().width >= WHOLE_WIDTH && frame.area().height >= WHOLE_HEIGHT {
            self.draw_everything(frame, middle);
            frame.render_widget(
                Paragraph::new(format!("{}   q ends the day", self.doors)).style(faint()),
                foot,
            );
        } else {
            self.draw_screen(frame, middle);
            frame.render_widget(self.keys(), foot);
        }
    }

    fn draw_everything(&self, frame: &mut Frame<'_>, middle: Rect) {
        let [left, right] =
            Layout::horizontal([Constraint::Percentage(57), Constraint::Percentage(43)]).areas(middle);
        let [top, calls, day] =
            Layout::vertical([self.queue_rows(), Constraint::Min(5), Constraint::Length(6)]).areas(left);
        let seats = Constraint::Max(rows_and_frame(self.board.plan.agents.len()));
        let [agents, recent] = Layout::vertical([seats, Constraint::Min(5)]).areas(right);
        frame.render_widget(self.queues(), top);
        frame.render_widget(self.calls(calls), calls);
        frame.render_widget(self.day(), day);
        frame.render_widget(self.agents(agents), agents);
        frame.render_widget(self.recent(recent), recent);
    }

    fn draw_screen(&self, frame: &mut Frame<'_>, middle: Rect) {
        match self.shown.screen {
            Screen::Overview => {
                let [top, day, recent] =
                    Layout::vertical([self.queue_rows(), Constraint::Length(6), Constraint::Min(3)])
                        .areas(middle);
                frame.render_widget(self.queues(), top);
                frame.render_widget(self.day(), day);
                frame.render_widget(self.recent(recent), recent);
            }
            Screen::Calls => frame.render_widget(self.calls(middle), middle),
            Screen::Agents => frame.render_widget(self.agents(middle), middle),
        }
    }

    fn queue_rows(&self) -> Constraint {
        Constraint::Length(rows_and_frame(self.board.plan.queues.len()))
    }

    /// The site's name stands last: it is what a narrow terminal can do without.
    fn head(&self) -> Paragraph<'_> {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        let registered =
            format!("{} of {} phones", self.tally.registered.len(), self.board.plan.agents.len());
        Paragraph::new(Line::from(vec![
            Span::styled(" turno ", bold.fg(Color::Black).bg(Color::Cyan)),
            Span::raw(format!(" {} ({}x)  {registered}  ", self.wall, self.board.time.speed.factor())),
            Span::styled(self.board.plan.site.as_str(), bold),
        ]))
    }

    /// What the keys do, with the screen that is shown in bold.
    fn keys(&self) -> Paragraph<'_> {
        let names =
            [(Screen::Overview, "1 overview"), (Screen::Calls, "2 calls"), (Screen::Agents, "3 agents")];
        let strong = Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD);
        let mut spans = Vec::new();
        for (screen, name) in names {
            let style = if screen == self.shown.screen { strong } else { faint() };
            spans.extend([Span::raw(" "), Span::styled(name, style), Span::raw(" ")]);
        }
        spans.push(Span::styled(" Tab next  ↑↓ scroll  q ends the day  ", faint()));
        spans.push(Span::styled(self.doors, faint()));
        Paragraph::new(Line::from(spans))
    }

    fn queues(&self) -> Table<'_> {
        let rows = self.snapshot.queues.iter().zip(&self.board.plan.queues).map(|(now, plan)| {
            let waiting = if now.waiting == 0 {
                Style::new()
            } else if now.oldest_wait > plan.wait_target {
                Style::new().fg(Color::Red).add_modifier(Modifier::BOLD)
            } else {
                Style::new().fg(Color::Yellow)
            };
            let oldest = if now.waiting == 0 { String::new() } else { clock(now.oldest_wait) };
            Row::new(vec![
                Cell::from(plan.display.as_str()),
                Cell::from(now.waiting.to_string()).style(waiting),
                Cell::from(oldest).style(waiting),
                Cell::from(now.in_progress.to_string()),
                Cell::from(now.total.answered.to_string()),
                Cell::from(now.total.abandoned.to_string()),
                Cell::from(percent(now.total.service_level_avaya())),
                Cell::from(percent(now.total.handled_within_target())),
            ])
        });
        let widths = [
            Constraint::Min(16),
            Constraint::Length(7),
            Constraint::Length(6),
            Constraint::Length(7),
            Constraint::Length(8),
            Constraint::Length(7),
            Constraint::Length(7),
            Constraint::Length(9),
        ];
        let names = ["queue", "waiting", "oldest", "talking", "answered", "gave up", "in time", "in target"];
        Table::new(rows, widths).header(header(names)).block(block(" queues "))
    }

    /// Talks first, the longest on top, then those who wait.
    fn calls(&self, area: Rect) -> Table<'_> {
        let room = usize::from(area.height.saturating_sub(3));
        let talks = |contact: &&ContactNow| agent_of(contact).is_some();
        let mut handled: Vec<&ContactNow> = self.snapshot.contacts.iter().filter(talks).collect();
        handled.sort_by_key(|contact| core::cmp::Reverse(contact.handling));
        let waiting = self.snapshot.contacts.iter().filter(|contact| is_waiting(contact));
        let all = handled.len() + waiting.clone().count();
        let above = self.shown.scrolled.min(all.saturating_sub(room));
        let rows = handled
            .into_iter()
            .map(|contact| self.call(contact, contact.handling.unwrap_or_default()))
            .chain(waiting.map(|contact| self.wait(contact)))
            .skip(above)
            .take(room);
        let widths = [
            Constraint::Length(BAR as u16),
            Constraint::Length(11),
            Constraint::Length(6),
            Constraint::Min(11),
            Constraint::Min(19),
            Constraint::Length(7),
        ];
        let names = ["clock", "", "caller", "agent", "queue", ""];
        Table::new(rows, widths).header(header(names)).block(block(title("calls", all, room)))
    }

    fn wait(&self, contact: &ContactNow) -> Row<'_> {
        let plan = contact.queue.and_then(|queue| self.board.plan.queues.get(queue.index()));
        let target = plan.map_or(Duration::MAX, |plan| plan.wait_target);
        let late = if contact.waited > target { Color::Red } else { Color::DarkGray };
        let style = Style::new().fg(late);
        let rings = matches!(contact.stage, ContactStage::Ringing(_));
        Row::new(vec![
            Cell::from(if rings { "rings" } else { "waits" }).style(style),
            Cell::from(format!("{} / {}", clock(contact.waited), clock(target))).style(style),
            Cell::from(shown(&contact.from.0)),
            Cell::from(match contact.stage {
                ContactStage::Ringing(agent) => self.board.agent(agent),
                ContactStage::Arrived
                | ContactStage::Waiting
                | ContactStage::Talking(_)
                | ContactStage::Holding(_)
                | ContactStage::Leaving => "",
            }),
            Cell::from(plan.map_or("", |plan| plan.display.as_str())),
        ])
    }

    fn call(&self, contact: &ContactNow, handling: Duration) -> Row<'_> {
        let plan = contact.queue.and_then(|queue| self.board.plan.queues.get(queue.index()));
        let (target, warning) = plan
            .map_or((Duration::MAX, Duration::ZERO), |plan| (plan.handling_target, plan.handling_warning));
        let style = Style::new().fg(colour(handling, target, warning));
        let held = matches!(contact.stage, ContactStage::Holding(_));
        Row::new(vec![
            Cell::from(bar(handling, target)).style(style),
            Cell::from(format!("{} / {}", clock(handling), clock(target))).style(style),
            Cell::from(shown(&contact.from.0)),
            Cell::from(agent_of(contact).map_or("", |agent| self.board.agent(agent))),
            Cell::from(plan.map_or("", |plan| plan.display.as_str())),
            Cell::from(if held { "on hold" } else { "" }).style(Style::new().fg(Color::Magenta)),
        ])
    }

    fn agents(&self, area: Rect) -> Table<'_> {
        let room = usize::from(area.height.saturating_sub(3));
        let all = self.board.plan.agents.len();
        let above = self.shown.scrolled.min(all.saturating_sub(room));
        let seats = self.snapshot.agents.iter().zip(&self.board.plan.agents);
        let rows = seats.skip(above).take(room).map(|(now, plan)| {
            let style = Style::new().fg(state_colour(now.state));
            Row::new(vec![
                Cell::from(plan.extension.as_str()),
                Cell::from(plan.display.as_str()),
                Cell::from(self.board.state(now.state)).style(style),
                Cell::from(clock(self.snapshot.at.since(now.since))).style(style),
                Cell::from(now.total.answered.to_string()),
                Cell::from(percent(now.times_total.occupancy())),
            ])
        });
        let widths = [
            Constraint::Length(5),
            Constraint::Min(12),
            Constraint::Length(13),
            Constraint::Length(7),
            Constraint::Length(6),
            Constraint::Length(8),
        ];
        let names = ["seat", "agent", "state", "since", "served", "occupied"];
        Table::new(rows, widths).header(header(names)).block(block(title("agents", all, room)))
    }

    fn day(&self) -> Paragraph<'_> {
        let all = total(self.snapshot);
        let line = &self.snapshot.line_total;
        let away: u64 = line.turned_away.values().sum();
        let rows: [&[(&'static str, String)]; 4] = [
            &[
                ("arrived", line.arrived.to_string()),
                ("offered", all.offered().to_string()),
                ("answered", all.answered.to_string()),
                ("gave up", all.abandoned.to_string()),
                ("turned away", away.to_string()),
            ],
            &[
                ("in time", percent(all.service_level_avaya())),
                ("speed of answer", span(all.asa())),
                ("handling", span(handling(&all))),
                ("within target", percent(all.handled_within_target())),
            ],
            &[
                ("offers", all.offers.made.to_string()),
                ("rang out", all.offers.no_answer.to_string()),
                ("warned", all.warned.to_string()),
                ("passed the target", all.breached.to_string()),
                ("SIP faults", self.tally.confused.to_string()),
            ],
            &[
                ("packets to phones", self.tally.received.to_string()),
                ("from phones", self.tally.sent.to_string()),
                ("lost", self.tally.lost.to_string()),
                ("voices heard", format!("{}/{}", self.tally.audible, self.tally.conversed)),
            ],
        ];
        let strong = Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD);
        let lines = rows.map(|row| {
            let spans = row.iter().flat_map(|(name, value)| {
                [Span::raw(format!("{name} ")), Span::styled(value.clone(), strong), Span::raw("   ")]
            });
            Line::from_iter(spans)
        });
        Paragraph::new(lines.to_vec()).wrap(Wrap { trim: true }).block(block(" the day "))
    }

    fn recent(&self, area: Rect) -> Paragraph<'_> {
        let room = usize::from(area.height.saturating_sub(2));
        let skip = self.board.recent.len().saturating_sub(room);
        let lines = self.board.recent.iter().skip(skip).map(|(wall, line)| {
            Line::from(vec![Span::styled(format!("{wall} "), faint()), Span::raw(line.as_str())])
        });
        Paragraph::new(lines.collect::<Vec<_>>()).block(block(" what happens "))
    }
}

/// The agent who talks to or holds a contact.
fn agent_of(contact: &ContactNow) -> Option<turno_model::AgentId> {
    match contact.stage {
        ContactStage::Talking(agent) | ContactStage::Holding(agent) => Some(agent),
        ContactStage::Arrived | ContactStage::Waiting | ContactStage::Ringing(_) | ContactStage::Leaving => {
            None
        }
    }
}

/// Whether a contact is in a queue, its offer ringing or not.
fn is_waiting(contact: &ContactNow) -> bool {
    matches!(contact.stage, ContactStage::Waiting | ContactStage::Ringing(_))
}

/// Green, then yellow from the warning on, then red from the target on.
fn colour(handling: Duration, target: Duration, warning: Duration) -> Color {
    if handling >= target {
        Color::Red
    } else if handling.saturating_add(warning) >= target {
        Color::Yellow
    } else {
        Color::Green
    }
}

fn bar(handling: Duration, target: Duration) -> String {
    let part = handling.as_secs_f64() / target.as_secs_f64().max(0.001);
    let full = ((part * BAR as f64) as usize).min(BAR);
    "█".repeat(full) + &"░".repeat(BAR - full)
}

fn state_colour(state: AgentState) -> Color {
    match state {
        AgentState::LoggedOut => Color::DarkGray,
        AgentState::Available => Color::Green,
        AgentState::Ringing => Color::Yellow,
        AgentState::Talking => Color::Cyan,
        AgentState::Holding => Color::Magenta,
        AgentState::Acw | AgentState::OtherCall => Color::Blue,
        AgentState::Aux(AuxReason::Rona | AuxReason::Unreachable | AuxReason::Incompatible) => Color::Red,
        AgentState::Aux(AuxReason::Planned(_) | AuxReason::LoggedIn) => Color::Gray,
    }
}

/// Average talk and hold, which the target is about.
fn handling(all: &QueueFigures) -> Option<Duration> {
    all.aht().map(|aht| aht.talk + aht.hold)
}

fn span(span: Option<Duration>) -> String {
    span.map_or_else(|| "-".to_owned(), clock)
}

fn percent(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{:.0} %", ratio * 100.0))
}

fn faint() -> Style {
    Style::new().fg(Color::DarkGray)
}

/// The height of a table of so many rows, with its header and frame.
fn rows_and_frame(rows: usize) -> u16 {
    u16::try_from(rows + 3).unwrap_or(u16::MAX)
}

/// A list's title, which says how much of it there is no room for.
fn title(what: &str, all: usize, room: usize) -> String {
    match all.saturating_sub(room) {
        0 => format!(" {what} "),
        hidden => format!(" {what}, and {hidden} more "),
    }
}

fn header<const N: usize>(names: [&'static str; N]) -> Row<'static> {
    Row::new(names).style(faint())
}

fn block<'a>(title: impl Into<Line<'a>>) -> Block<'a> {
    Block::bordered().border_type(BorderType::Rounded).title(title).border_style(faint())
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
