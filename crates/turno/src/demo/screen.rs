//! Which panels the demo shows, by the size of the terminal and the keys that were pressed.

use ratatui::crossterm::event::KeyCode;

/// From this size on everything fits side by side, and keys change nothing.
pub(crate) const WHOLE_WIDTH: u16 = 138;
/// See [`WHOLE_WIDTH`].
pub(crate) const WHOLE_HEIGHT: u16 = 30;

/// The panels that a small terminal shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Screen {
    /// Queues, the day's figures and what happens.
    #[default]
    Overview,
    /// Each call's clock against its target.
    Calls,
    /// Each agent's state.
    Agents,
}

/// What a key asks of the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Another screen.
    Show(Screen),
    /// Further down in a list, or up by a negative number.
    Scroll(i16),
    /// The demo ends.
    End,
}

impl Screen {
    /// The next screen, round and round.
    const fn next(self) -> Self {
        match self {
            Self::Overview => Self::Calls,
            Self::Calls => Self::Agents,
            Self::Agents => Self::Overview,
        }
    }

    /// What this key means while the screen is shown.
    pub(crate) fn wish(self, key: KeyCode, with_control: bool) -> Option<Wish> {
        // A key of no meaning here is left alone.
        if key == KeyCode::Char('q') || (with_control && key == KeyCode::Char('c')) {
            return Some(Wish::End);
        }
        let keys = [
            (KeyCode::Char('1'), Wish::Show(Self::Overview)),
            (KeyCode::Char('2'), Wish::Show(Self::Calls)),
            (KeyCode::Char('3'), Wish::Show(Self::Agents)),
            (KeyCode::Tab, Wish::Show(self.next())),
            (KeyCode::Down, Wish::Scroll(1)),
            (KeyCode::Up, Wish::Scroll(-1)),
            (KeyCode::PageDown, Wish::Scroll(10)),
            (KeyCode::PageUp, Wish::Scroll(-10)),
        ];
        keys.into_iter().find(|(known, _)| *known == key).map(|(_, wish)| wish)
    }
}

/// What the view shows, as the keys have left it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shown {
    /// The panels of a small terminal.
    pub(crate) screen: Screen,
    /// How many rows of the calls or agents are above the panel.
    pub(crate) scrolled: usize,
}

impl Shown {
    /// As the wish wants it; an end is not its matter.
    pub(crate) fn change(&mut self, wish: Wish) {
        match wish {
            Wish::Show(screen) => *self = Self { screen, scrolled: 0 },
            Wish::Scroll(rows) => self.scrolled = self.scrolled.saturating_add_signed(isize::from(rows)),
            Wish::End => {}
        }
    }
}
