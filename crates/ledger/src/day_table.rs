//! The day's report as text tables, in English or Spanish.

use core::fmt;
use core::time::Duration;

use turno_model::{AuxReason, Language, TurnedAway};

use crate::calendar::local;
use crate::day::Day;
use crate::figures::QueueFigures;

/// A day in a language; its `Display` is the report.
#[derive(Clone, Copy, Debug)]
pub struct DayTable<'d> {
    day: &'d Day,
    language: Language,
}

impl Day {
    /// The report in a language. `Display` of the day itself is in English.
    pub const fn table(&self, language: Language) -> DayTable<'_> {
        DayTable { day: self, language }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table(Language::English).fmt(f)
    }
}

impl fmt::Display for DayTable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = local(self.day.until, &self.day.zone);
        let until = self.say("until", "hasta las");
        let (hour, minute) = (clock.hour(), clock.minute());
        writeln!(f, "{}, {} {until} {hour:02}:{minute:02}", self.day.site, self.day.date)?;
        writeln!(f)?;
        self.queues(f)?;
        writeln!(f)?;
        self.line(f)?;
        writeln!(f)?;
        self.intervals(f)?;
        writeln!(f)?;
        self.agents(f)?;
        writeln!(f)?;
        self.abbreviations(f)
    }
}

impl DayTable<'_> {
    const fn say(&self, english: &'static str, spanish: &'static str) -> &'static str {
        self.language.say(english, spanish)
    }

    fn queues(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![self.words(&[
            ("queue", "cola"),
            ("offered", "ofrecidas"),
            ("answered", "contestadas"),
            ("abandoned", "abandonadas"),
            ("(short)", "(cortas)"),
            ("outflowed", "desbordadas"),
            ("elsewhere", "derivadas"),
            ("waiting", "en espera"),
            ("SL Avaya", "NS Avaya"),
            ("SL net", "NS neto"),
            ("ASA", "TME"),
            ("AHT", "TMO"),
            ("talk", "conv."),
            ("hold", "ret."),
            ("ACW", "post."),
            ("in target", "en meta"),
        ])];
        for queue in &self.day.queues {
            rows.push(queue_row(&queue.name, queue.waiting, &queue.figures));
        }
        let waiting = self.day.queues.iter().map(|queue| queue.waiting).sum();
        rows.push(queue_row(self.say("all", "todas"), waiting, &self.day.all));
        write_rows(f, &rows)
    }

    fn line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = &self.day.line;
        let away: u64 = line.turned_away.values().sum();
        write!(f, "{} {}", self.say("arrived", "recibidas"), line.arrived)?;
        write!(f, ", {} {away}", self.say("turned away", "no admitidas"))?;
        for (reason, count) in &line.turned_away {
            let word = match reason {
                TurnedAway::Closed => self.say("closed", "cerrado"),
                TurnedAway::Holiday => self.say("holiday", "feriado"),
                TurnedAway::HungUpInMenu => self.say("hung up in the menu", "colgó en el menú"),
                TurnedAway::Overload => self.say("overload", "sobrecarga"),
                TurnedAway::Emergency => self.say("emergency announcement", "anuncio de emergencia"),
                TurnedAway::Listed => self.say("on a list of callers", "en una lista"),
                TurnedAway::NotPossible => self.say("not possible", "no fue posible"),
            };
            write!(f, "; {word} {count}")?;
        }
        if line.menu_read + line.menu_wrong > 0 {
            let (read, wrong) =
                (self.say("read in menus", "leídas en menús"), self.say("wrong keys", "teclas equivocadas"));
            write!(f, ", {read} {}, {wrong} {}", line.menu_read, line.menu_wrong)?;
        }
        if line.menu_cards > 0 {
            let cards = self.say("cards read out", "fichas leídas");
            let sent = self.say("sent", "enviadas");
            let contained = self.say("contained", "resueltas sin agente");
            let figures = (line.menu_cards, line.menu_sent, line.menu_contained);
            write!(f, ", {cards} {}, {sent} {}, {contained} {}", figures.0, figures.1, figures.2)?;
        }
        if line.refused > 0 {
            let words = self.say("refused unread in a storm", "rechazadas sin leer en una avalancha");
            write!(f, ", {words} {}", line.refused)?;
        }
        writeln!(f)
    }

    fn intervals(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![self.words(&[
            ("from", "desde"),
            ("offered", "ofrecidas"),
            ("answered", "contestadas"),
            ("abandoned", "abandonadas"),
            ("SL Avaya", "NS Avaya"),
            ("ASA", "TME"),
            ("AHT", "TMO"),
            ("in target", "en meta"),
            ("staffed", "conectados"),
            ("occupancy", "ocupación"),
        ])];
        for interval in &self.day.intervals {
            let start = local(interval.start, &self.day.zone);
            let figures = &interval.all;
            rows.push(vec![
                format!("{:02}:{:02}", start.hour(), start.minute()),
                figures.offered().to_string(),
                figures.answered.to_string(),
                figures.abandoned.to_string(),
                percent(figures.service_level_avaya()),
                clock(figures.asa()),
                clock(figures.aht().map(|aht| aht.total())),
                percent(figures.handled_within_target()),
                hours(interval.times.staffed()),
                percent(interval.times.occupancy()),
            ]);
        }
        write_rows(f, &rows)
    }

    fn agents(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut head = self.words(&[
            ("agent", "agente"),
            ("answered", "contestadas"),
            ("missed", "perdidas"),
            ("refused", "rechazadas"),
            ("staffed", "conectado"),
            ("available", "disponible"),
            ("ring", "timbre"),
            ("talk", "conv."),
            ("hold", "ret."),
            ("ACW", "post."),
            ("other", "otras"),
            ("occupancy", "ocupación"),
        ]);
        let aux = self.day.times().aux;
        // A reason with less than a second has no column.
        let reasons: Vec<AuxReason> =
            aux.iter().filter(|(_, span)| span.as_secs() > 0).map(|(&reason, _)| reason).collect();
        head.extend(reasons.iter().map(|&reason| format!("AUX {}", self.aux_word(reason))));
        let mut rows = vec![head];
        for agent in self.day.agents.iter().filter(|agent| !agent.times.staffed().is_zero()) {
            let times = &agent.times;
            let mut row = vec![
                agent.display.clone(),
                agent.counts.answered.to_string(),
                agent.counts.missed.to_string(),
                agent.counts.refused.to_string(),
                hours(times.staffed()),
                hours(times.available),
                hours(times.ringing),
                hours(times.talking),
                hours(times.holding),
                hours(times.acw),
                hours(times.other_call),
                percent(times.occupancy()),
            ];
            row.extend(
                reasons.iter().map(|reason| hours(times.aux.get(reason).copied().unwrap_or_default())),
            );
            rows.push(row);
        }
        write_rows(f, &rows)
    }

    /// What the short titles of columns mean.
    fn abbreviations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.language {
            Language::English => {
                "SL: answered in time, of all that were offered (Avaya) or all but short abandons (net). \
                 ASA: average speed of answer.\n\
                 AHT: average handling time, of talk, hold and after-call work (ACW). AUX: away for a reason."
            }
            Language::Spanish => {
                "NS: nivel de servicio, contestadas a tiempo, de todas las ofrecidas (Avaya) o sin las abandonadas cortas \
                 (neto).\n\
                 TME: tiempo medio de espera de las contestadas (ASA). TMO: tiempo medio de operación (AHT), que suma\n\
                 conversación, retención y trabajo posterior a la llamada (post., en inglés ACW). AUX: pausa con motivo."
            }
        };
        writeln!(f, "{words}")
    }

    fn aux_word(&self, reason: AuxReason) -> &str {
        match reason {
            AuxReason::Planned(at) => self.day.aux_reasons.get(usize::from(at)).map_or("?", String::as_str),
            AuxReason::Rona => "RONA",
            AuxReason::Incompatible => self.say("phone unfit", "teléfono incompatible"),
            AuxReason::Unreachable => self.say("unreachable", "sin línea"),
            AuxReason::LoggedIn => self.say("logged in", "al entrar"),
            AuxReason::Microphone => self.say("no microphone", "sin micrófono"),
        }
    }

    fn words(&self, pairs: &[(&'static str, &'static str)]) -> Vec<String> {
        pairs.iter().map(|&(english, spanish)| self.say(english, spanish).to_owned()).collect()
    }
}

fn queue_row(name: &str, waiting: u64, figures: &QueueFigures) -> Vec<String> {
    let aht = figures.aht();
    vec![
        name.to_owned(),
        figures.offered().to_string(),
        figures.answered.to_string(),
        figures.abandoned.to_string(),
        figures.abandoned_short.to_string(),
        figures.outflowed.to_string(),
        figures.dequeued.to_string(),
        waiting.to_string(),
        percent(figures.service_level_avaya()),
        percent(figures.service_level_net()),
        clock(figures.asa()),
        clock(aht.map(|aht| aht.total())),
        clock(aht.map(|aht| aht.talk)),
        clock(aht.map(|aht| aht.hold)),
        clock(aht.map(|aht| aht.acw)),
        percent(figures.handled_within_target()),
    ]
}

/// Each column is as wide as its widest cell. The first is aligned left, the others right.
fn write_rows(f: &mut fmt::Formatter<'_>, rows: &[Vec<String>]) -> fmt::Result {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            if column == 0 { write!(f, "{cell:<width$}")? } else { write!(f, "  {cell:>width$}")? }
        }
        writeln!(f)?;
    }
    Ok(())
}

fn percent(ratio: Option<f64>) -> String {
    ratio.map_or("-".to_owned(), |ratio| format!("{:.1} %", ratio * 100.0))
}

/// Minutes and seconds.
fn clock(span: Option<Duration>) -> String {
    span.map_or("-".to_owned(), |span| format!("{}:{:02}", span.as_secs() / 60, span.as_secs() % 60))
}

/// Hours, minutes and seconds.
fn hours(span: Duration) -> String {
    let seconds = span.as_secs();
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
