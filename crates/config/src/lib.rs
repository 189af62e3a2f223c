//! TOML to a valid plan, or a refusal with file, line and the nearest name.
//!
//! [`load`] reads a file or a folder, [`read`] texts, [`built_in`] the site that turno carries with it. Each hands out
//! a whole [`Plan`](turno_model::Plan) or nothing: every fault is gathered before anything is refused, so that its
//! writer mends them all at once. What is allowed but odd is a [`Notice`]. docs/CONFIG.md lists every key.
//!
//! A key stands in one place, its row in `keys/`: [`differences`], [`needs_start`] and [`page_of_keys`] follow from it.

mod difference;
mod difference_lines;
mod difference_lists;
mod difference_names;
mod duration_text;
mod fault;
#[cfg(test)]
mod history_tests;
mod key;
mod keys;
mod limits;
mod load;
#[cfg(test)]
mod mail_tests;
mod nearest;
mod node;
mod open_file;
#[cfg(test)]
mod own_number_tests;
mod page;
mod password;
#[cfg(test)]
mod phone_tests;
#[cfg(test)]
mod pin_tests;
mod ranges;
mod read_addressing;
mod read_api;
mod read_browser;
mod read_callback;
mod read_callers;
mod read_cards;
mod read_chat;
mod read_codes;
mod read_dependencies;
mod read_emergency;
mod read_encryption;
mod read_exports;
mod read_fence;
mod read_handling;
mod read_history;
mod read_hours;
mod read_journal;
mod read_knowledge;
mod read_languages;
mod read_mail;
mod read_media;
mod read_menus;
mod read_numbers;
mod read_oidc;
mod read_patterns;
mod read_phones;
mod read_plan;
mod read_queues;
mod read_recording;
mod read_reports;
mod read_seats;
mod read_shifts;
mod read_signalling;
mod read_steps;
mod read_survey;
mod read_trace;
mod read_trunks;
mod read_voicemail;
mod read_webhooks;
mod read_whatsapp;
mod read_written;
mod reading;
mod regular;
#[cfg(test)]
mod reports_tests;
mod section;
mod sections;
mod shipped;
mod source;
#[cfg(test)]
mod steps_tests;
mod summary;
mod tables;
mod time_of_day;
mod told;
mod values;
mod words;

#[cfg(test)]
mod browser_tests;
#[cfg(test)]
mod difference_tests;
#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod shipped_tests;
#[cfg(test)]
mod suggested_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod whatsapp_tests;

pub use difference::{differences, needs_start};
pub use duration_text::parse as span;
pub use fault::{Fault, FaultKind, Notice, PlanRefused};
pub use load::{built_in, load, read};
pub use page::page as page_of_keys;
pub use shipped::FOLDER_VARIABLE;
pub use source::Location;
pub use summary::summary;
