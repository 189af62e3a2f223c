//! The demo in a terminal: queues, agents, each call's clock against its target, and the day.

use core::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Cell, Paragraph, Row, Table};
use turno_ground::Moment;
use turno_model::{AgentId, AgentState, AuxReason, QueueId};

use crate::demo::board::Board;
use crate::demo::news::Tally;
use crate::demo::speed::{Speed, clock};

/// The width of a call's bar, in cells.
const BAR: usize = 12;

/// Everything that is drawn.
pub(crate) struct View<'a> {
    pub(crate) board: &'a Board,
    pub(crate) tally: &'a Tally,
    pub(crate) speed: Speed,
    pub(crate) now: Moment,
    /// Where turno listens, for the foot line.
    pub(crate) doors: &'a str,
}

impl View<'_> {
    /// Draws it.
    pub(crate) fn draw(&self, frame: &mut Frame<'_>) {
        let queues = self.board.plan.queues.len() as u16 + 3;
        let [head, middle, foot] =
            Layout::vertical([Constraint::Length(1), Constraint::Min(10), Constraint::Length(1)])
                .areas(frame.area());
        let [left, right] =
            Layout::horizontal([Constraint::Percentage(58), Constraint::Percentage(42)]).areas(middle);
        let [top, calls, day] =
            Layout::vertical([Constraint::Length(queues), Constraint::Min(5), Constraint::Length(6)])
                .areas(left);
        let seats = self.board.plan.agents.len() as u16 + 3;
        let [agents, recent] = Layout::vertical([Constraint::Max(seats), Constraint::Min(4)]).areas(right);
        frame.render_widget(self.head(), head);
        frame.render_widget(self.queues(), top);
        frame.render_widget(self.calls(calls), calls);
        frame.render_widget(self.day(), day);
        frame.render_widget(self.agents(), agents);
        frame.render_widget(self.recent(recent), recent);
        frame.render_widget(Paragraph::new(self.doors).style(Style::new().fg(Color::DarkGray)), foot);
    }

    fn head(&self) -> Paragraph<'_> {
        let time = clock(self.speed.day(self.now.since(self.board.day.began)));
        let bold = Style::new().add_modifier(Modifier::BOLD);
        Paragraph::new(Line::from(vec![
            Span::styled(" turno ", bold.fg(Color::Black).bg(Color::Cyan)),
            Span::styled(format!("  {}  ", self.board.plan.site), bold),
            Span::raw(format!("the day so far {time} at x{:.0}", self.speed.factor())),
            Span::raw(format!(
                "   {} of {} phones registered",
                self.tally.registered.len(),
                self.board.plan.agents.len()
            )),
        ]))
    }

    fn queues(&self) -> Table<'_> {
        let rows = self.board.plan.queues.iter().enumerate().map(|(at, plan)| {
            let queue = QueueId(at as u32);
            let (waiting, since) = self.board.waiting(queue);
            let oldest = since.map(|since| self.now.since(since));
            let day = &self.board.day.queues[at];
            let late = oldest.is_some_and(|oldest| oldest > plan.wait_target);
            let style = if late {
                Style::new().fg(Color::Red).add_modifier(Modifier::BOLD)
            } else if waiting > 0 {
                Style::new().fg(Color::Yellow)
            } else {
                Style::new()
            };
            Row::new(vec![
                Cell::from(plan.display.as_str()),
                number(waiting).style(style),
                Cell::from(oldest.map_or_else(String::new, |oldest| self.clock(oldest))).style(style),
                number(self.board.talking(queue)),
                number(day.answered),
                number(day.abandoned),
                Cell::from(percent(day.service_level())),
                Cell::from(percent(day.target_kept())),
            ])
        });
        let widths = [
            Constraint::Min(16),
            Constraint::Length(7),
            Constraint::Length(6),
            Constraint::Length(7),
            Constraint::Length(8),
            Constraint::Length(6),
            Constraint::Length(7),
            Constraint::Length(8),
        ];
        let names = ["queue", "waiting", "oldest", "talking", "answered", "gave up", "in time", "<target"];
        Table::new(rows, widths).header(header(names)).block(block(" queues "))
    }

    fn calls(&self, area: Rect) -> Table<'_> {
        let room = usize::from(area.height.saturating_sub(3));
        let handled = self.board.handled();
        let hidden = handled.len().saturating_sub(room);
        let rows = handled.into_iter().take(room).map(|(contact, queue, agent, held)| {
            let plan = &self.board.plan.queues[queue.index()];
            let span = self.now.since(contact.since);
            let style = Style::new().fg(colour(span, plan.handling_target, plan.handling_warning));
            Row::new(vec![
                Cell::from(bar(span, plan.handling_target)).style(style),
                Cell::from(format!("{} / {}", self.clock(span), self.clock(plan.handling_target)))
                    .style(style),
                Cell::from(contact.from.clone()),
                Cell::from(self.board.agent(agent)),
                Cell::from(self.board.queue(queue)),
                Cell::from(if held { "on hold" } else { "" }).style(Style::new().fg(Color::Magenta)),
            ])
        });
        let widths = [
            Constraint::Length(BAR as u16),
            Constraint::Length(11),
            Constraint::Length(7),
            Constraint::Min(14),
            Constraint::Min(14),
            Constraint::Length(7),
        ];
        let names = ["clock", "", "caller", "agent", "queue", ""];
        let title = if hidden > 0 { format!(" calls, {hidden} more below ") } else { " calls ".to_owned() };
        Table::new(rows, widths).header(header(names)).block(block(title))
    }

    fn agents(&self) -> Table<'_> {
        let rows = self.board.agents.iter().enumerate().map(|(at, agent)| {
            let style = Style::new().fg(state_colour(agent.state));
            Row::new(vec![
                Cell::from(self.board.plan.agents[at].extension.as_str()),
                Cell::from(self.board.agent(AgentId(at as u32))),
                Cell::from(self.board.state(agent.state)).style(style),
                Cell::from(self.clock(self.now.since(agent.since))).style(style),
                number(agent.served),
            ])
        });
        let widths = [
            Constraint::Length(5),
            Constraint::Min(14),
            Constraint::Length(15),
            Constraint::Length(8),
            Constraint::Length(6),
        ];
        let names = ["seat", "agent", "state", "since", "served"];
        Table::new(rows, widths).header(header(names)).block(block(" agents "))
    }

    fn day(&self) -> Paragraph<'_> {
        let day = &self.board.day;
        let total = day.total();
        let strong = Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD);
        let pair = |name: &'static str, value: String| {
            [Span::raw(name), Span::styled(value, strong), Span::raw("   ")]
        };
        let lines =
            vec![
                Line::from_iter(
                    pair("offered ", total.offered.to_string())
                        .into_iter()
                        .chain(pair("answered ", total.answered.to_string()))
                        .chain(pair("gave up ", total.abandoned.to_string()))
                        .chain(pair("turned away ", day.turned_away.to_string()))
                        .chain(pair("rang out ", day.missed.to_string())),
                ),
                Line::from_iter(
                    pair("in time ", percent(total.service_level()))
                        .into_iter()
                        .chain(pair("speed of answer ", self.clock(total.speed_of_answer())))
                        .chain(pair("handling ", self.clock(total.handling())))
                        .chain(pair("within target ", percent(total.target_kept()))),
                ),
                Line::from_iter(pair("occupancy ", percent(day.occupancy())).into_iter().chain(pair(
                    "voices heard ",
                    format!("{} of {}", self.tally.audible, self.tally.conversed),
                ))),
                Line::from_iter(
                    pair("RTP packets in ", self.tally.received.to_string())
                        .into_iter()
                        .chain(pair("out ", self.tally.sent.to_string()))
                        .chain(pair("lost ", self.tally.lost.to_string()))
                        .chain(pair("rule breaks ", self.tally.confused.to_string())),
                ),
            ];
        Paragraph::new(lines).block(block(" the day "))
    }

    fn recent(&self, area: Rect) -> Paragraph<'_> {
        let room = usize::from(area.height.saturating_sub(2));
        let skip = self.board.recent.len().saturating_sub(room);
        let lines = self.board.recent.iter().skip(skip).map(|(at, line)| {
            let time = clock(self.speed.day(at.since(self.board.day.began)));
            Line::from(vec![
                Span::styled(format!("{time} "), Style::new().fg(Color::DarkGray)),
                Span::raw(line.as_str()),
            ])
        });
        Paragraph::new(lines.collect::<Vec<_>>()).block(block(" what happens "))
    }

    fn clock(&self, span: Duration) -> String {
        clock(self.speed.day(span))
    }
}

/// Green, then yellow from the warning on, then red from the target on.
fn colour(span: Duration, target: Duration, warning: Duration) -> Color {
    if span >= target {
        Color::Red
    } else if span + warning >= target {
        Color::Yellow
    } else {
        Color::Green
    }
}

fn bar(span: Duration, target: Duration) -> String {
    let part = span.as_secs_f64() / target.as_secs_f64().max(0.001);
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
        AgentState::Aux(AuxReason::Rona | AuxReason::Unreachable) => Color::Red,
        AgentState::Aux(AuxReason::Planned(_) | AuxReason::LoggedIn) => Color::Gray,
    }
}

fn percent(value: Option<u32>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value} %"))
}

fn number(value: impl core::fmt::Display) -> Cell<'static> {
    Cell::from(value.to_string())
}

fn header<const N: usize>(names: [&'static str; N]) -> Row<'static> {
    Row::new(names).style(Style::new().fg(Color::DarkGray))
}

fn block<'a>(title: impl Into<Line<'a>>) -> Block<'a> {
    Block::bordered()
        .border_type(BorderType::Rounded)
        .title(title)
        .border_style(Style::new().fg(Color::DarkGray))
}
