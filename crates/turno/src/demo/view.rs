//! The demo in a terminal: queues, agents, each call's clock against its target, and the day.

use core::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Cell, Paragraph, Row, Table, Wrap};
use turno_ledger::{ContactNow, ContactStage, QueueFigures, Snapshot};
use turno_model::Language;

use crate::demo::board::{Board, shown, total};
use crate::demo::news::Tally;
use crate::demo::paint::{BAR, bar, colour, faint, state_colour};
use crate::demo::screen::{Screen, Shown, WHOLE_HEIGHT, WHOLE_WIDTH};
use crate::demo::speed::clock;

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
                Paragraph::new(format!(
                    "{}   {}",
                    self.doors,
                    self.say("q ends the day", "q termina el día")
                ))
                .style(faint()),
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

    fn say(&self, english: &'static str, spanish: &'static str) -> &'static str {
        self.board.language.say(english, spanish)
    }

    fn held(&self) -> &'static str {
        self.say("on hold", "retenida")
    }

    /// A list's title, which says how much of it there is no room for.
    fn title(&self, what: &str, all: usize, room: usize) -> String {
        match (all.saturating_sub(room), self.board.language) {
            (0, _) => format!(" {what} "),
            (hidden, Language::English) => format!(" {what}, and {hidden} more "),
            (hidden, Language::Spanish) => format!(" {what}, y {hidden} más "),
        }
    }

    fn queue_rows(&self) -> Constraint {
        Constraint::Length(rows_and_frame(self.board.plan.queues.len()))
    }

    /// The site's name stands last: it is what a narrow terminal can do without.
    fn head(&self) -> Paragraph<'_> {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        let (registered, all) = (self.tally.registered.len(), self.board.plan.agents.len());
        let registered = match self.board.language {
            Language::English => format!("{registered} of {all} phones"),
            Language::Spanish => format!("{registered} de {all} teléfonos"),
        };
        Paragraph::new(Line::from(vec![
            Span::styled(" turno ", bold.fg(Color::Black).bg(Color::Cyan)),
            Span::raw(format!(" {} ({}x)  {registered}  ", self.wall, self.board.time.speed.factor())),
            Span::styled(self.board.plan.site.as_str(), bold),
        ]))
    }

    /// What the keys do, with the screen that is shown in bold.
    fn keys(&self) -> Paragraph<'_> {
        let names = [
            (Screen::Overview, self.say("1 overview", "1 resumen")),
            (Screen::Calls, self.say("2 calls", "2 llamadas")),
            (Screen::Agents, self.say("3 agents", "3 agentes")),
        ];
        let strong = Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD);
        let mut spans = Vec::new();
        for (screen, name) in names {
            let style = if screen == self.shown.screen { strong } else { faint() };
            spans.extend([Span::raw(" "), Span::styled(name, style), Span::raw(" ")]);
        }
        spans.push(Span::styled(
            self.say(" Tab next  ↑↓ scroll  q ends the day  ", " Tab otra  ↑↓ mover  q termina el día  "),
            faint(),
        ));
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
        let (widths, names) = match self.board.language {
            Language::English => (
                [7, 6, 7, 8, 7, 7, 9],
                ["queue", "waiting", "oldest", "talking", "answered", "gave up", "in time", "in target"],
            ),
            Language::Spanish => (
                [9, 6, 7, 9, 7, 8, 7],
                ["cola", "en espera", "mayor", "hablan", "atendidas", "dejaron", "a tiempo", "en meta"],
            ),
        };
        let widths = [Constraint::Min(16)].into_iter().chain(widths.map(Constraint::Length));
        Table::new(rows, widths).header(header(names)).block(block(self.say(" queues ", " colas ")))
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
            Constraint::Length(self.held().chars().count() as u16),
        ];
        let names = match self.board.language {
            Language::English => ["clock", "", "caller", "agent", "queue", ""],
            Language::Spanish => ["reloj", "", "llama", "agente", "cola", ""],
        };
        Table::new(rows, widths).header(header(names)).block(block(self.title(
            self.say("calls", "llamadas"),
            all,
            room,
        )))
    }

    fn wait(&self, contact: &ContactNow) -> Row<'_> {
        let plan = contact.queue.and_then(|queue| self.board.plan.queues.get(queue.index()));
        let target = plan.map_or(Duration::MAX, |plan| plan.wait_target);
        let late = if contact.waited > target { Color::Red } else { Color::DarkGray };
        let style = Style::new().fg(late);
        let rings = matches!(contact.stage, ContactStage::Ringing(_));
        Row::new(vec![
            Cell::from(if rings { self.say("rings", "timbra") } else { self.say("waits", "espera") })
                .style(style),
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
            Cell::from(if held { self.held() } else { "" }).style(Style::new().fg(Color::Magenta)),
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
        let names = match self.board.language {
            Language::English => ["seat", "agent", "state", "since", "served", "occupied"],
            Language::Spanish => ["ext.", "agente", "estado", "desde", "atend.", "ocupado"],
        };
        Table::new(rows, widths).header(header(names)).block(block(self.title(
            self.say("agents", "agentes"),
            all,
            room,
        )))
    }

    fn day(&self) -> Paragraph<'_> {
        let all = total(self.snapshot);
        let line = &self.snapshot.line_total;
        let away: u64 = line.turned_away.values().sum();
        let say = |english, spanish| self.say(english, spanish);
        let rows: [&[(&'static str, String)]; 4] = [
            &[
                (say("arrived", "recibidas"), line.arrived.to_string()),
                (say("offered", "ofrecidas"), all.offered().to_string()),
                (say("answered", "atendidas"), all.answered.to_string()),
                (say("gave up", "abandonos"), all.abandoned.to_string()),
                (say("turned away", "no admitidas"), away.to_string()),
            ],
            &[
                (say("in time", "a tiempo"), percent(all.service_level_avaya())),
                (say("speed of answer", "espera media"), span(all.asa())),
                (say("handling", "atención"), span(handling(&all))),
                (say("within target", "dentro de la meta"), percent(all.handled_within_target())),
            ],
            &[
                (say("offers", "ofertas"), all.offers.made.to_string()),
                (say("rang out", "sin respuesta"), all.offers.no_answer.to_string()),
                (say("warned", "avisos"), all.warned.to_string()),
                (say("passed the target", "fuera de meta"), all.breached.to_string()),
                (say("SIP faults", "faltas SIP"), self.tally.confused.to_string()),
            ],
            &[
                (say("packets to phones", "RTP a teléfonos"), self.tally.received.to_string()),
                (say("from phones", "de teléfonos"), self.tally.sent.to_string()),
                (say("lost", "perdidos"), self.tally.lost.to_string()),
                (
                    say("voices heard", "voces oídas"),
                    format!("{}/{}", self.tally.audible, self.tally.conversed),
                ),
            ],
        ];
        let strong = Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD);
        let lines = rows.map(|row| {
            let spans = row.iter().flat_map(|(name, value)| {
                [Span::raw(format!("{name} ")), Span::styled(value.clone(), strong), Span::raw("   ")]
            });
            Line::from_iter(spans)
        });
        Paragraph::new(lines.to_vec())
            .wrap(Wrap { trim: true })
            .block(block(self.say(" the day ", " el día ")))
    }

    fn recent(&self, area: Rect) -> Paragraph<'_> {
        let room = usize::from(area.height.saturating_sub(2));
        let skip = self.board.recent.len().saturating_sub(room);
        let lines = self.board.recent.iter().skip(skip).map(|(wall, line)| {
            Line::from(vec![Span::styled(format!("{wall} "), faint()), Span::raw(line.as_str())])
        });
        Paragraph::new(lines.collect::<Vec<_>>()).block(block(self.say(" what happens ", " lo que pasa ")))
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

/// The height of a table of so many rows, with its header and frame.
fn rows_and_frame(rows: usize) -> u16 {
    u16::try_from(rows + 3).unwrap_or(u16::MAX)
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
