//! Broken variants: callers in menus, and what they hear before.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "a caller who presses keys stays in menus for ever",
        file: "crates/engine/src/menus.rs",
        right: "        self.on_menu(call, MenuEvent::TooLong, now);",
        wrong: "        self.on_menu(call, MenuEvent::Silence, now);",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "after a restart nobody hears the emergency announcement any more",
        file: "crates/engine/src/recover.rs",
        right: "        for line in images.of(Table::Emergency) {",
        wrong: "        for line in images.of(Table::Emergency).take(0) {",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "callers in a menu do not hear the emergency announcement",
        file: "crates/engine/src/switching_emergency.rs",
        right: "            for call in self.calls.in_menus() {\n",
        wrong: "            for call in self.calls.in_menus().into_iter().take(0) {\n",
        site: SMALL,
        seeds: 320,
    },
];
