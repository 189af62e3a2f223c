//! Colours and bars of the demo's view.

use core::time::Duration;

use ratatui::style::{Color, Style};
use turno_model::{AgentState, AuxReason};

/// The width of a call's bar, in cells.
pub(crate) const BAR: usize = 12;

/// Green, then yellow from the warning on, then red from the target on.
pub(crate) fn colour(handling: Duration, target: Duration, warning: Duration) -> Color {
    if handling >= target {
        Color::Red
    } else if handling.saturating_add(warning) >= target {
        Color::Yellow
    } else {
        Color::Green
    }
}

/// How much of the target is over.
pub(crate) fn bar(handling: Duration, target: Duration) -> String {
    let part = handling.as_secs_f64() / target.as_secs_f64().max(0.001);
    let full = ((part * BAR as f64) as usize).min(BAR);
    "█".repeat(full) + &"░".repeat(BAR - full)
}

/// The colour of an agent's state.
pub(crate) fn state_colour(state: AgentState) -> Color {
    match state {
        AgentState::LoggedOut => Color::DarkGray,
        AgentState::Available => Color::Green,
        AgentState::Ringing => Color::Yellow,
        AgentState::Talking => Color::Cyan,
        AgentState::Holding => Color::Magenta,
        AgentState::Acw | AgentState::OtherCall => Color::Blue,
        AgentState::Aux(AuxReason::Rona | AuxReason::Unreachable) => Color::Red,
        AgentState::Aux(AuxReason::Incompatible | AuxReason::Microphone) => Color::Red,
        AgentState::Aux(AuxReason::Planned(_) | AuxReason::LoggedIn) => Color::Gray,
    }
}

/// What stands behind the figures.
pub(crate) fn faint() -> Style {
    Style::new().fg(Color::DarkGray)
}
