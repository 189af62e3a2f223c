//! Broken variants: callers in menus.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[Variant {
    fault: "a caller who presses keys stays in menus for ever",
    file: "crates/engine/src/menus.rs",
    right: "        self.on_menu(call, MenuEvent::TooLong, now);",
    wrong: "        self.on_menu(call, MenuEvent::Silence, now);",
    site: SMALL,
    seeds: 320,
}];
