//! A report as a page: one file without scripts, for screen and paper, light and dark.

mod bars;
mod blocks;
mod escape;
mod heat;
mod lines;
mod scale;
mod series;
mod table;
mod tiles;

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use turno_history::report::Report;
use turno_model::Language;

use crate::page::escape::escaped;
use crate::page::series::{by_name, by_time};
use crate::words::{days, in_language, title};

/// How the page looks. Its hash stands in the policy, so no other style is taken.
const STYLE: &str = include_str!("page/style.css");

/// The page.
pub(crate) fn page(report: &Report) -> String {
    let language = report.language;
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    let (title, site, days) = (escaped(&title(report)), escaped(&report.site), escaped(&days(report)));
    let code = match language {
        Language::English => "en",
        Language::Spanish => "es",
    };
    let policy =
        format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title} · {site} · {days}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<header>\n<p class=\"site\">{site}</p>\n<h1>{title}</h1>\n\
         <p class=\"days\">{days}</p>\n</header>\n<main>\n{}{}{}</main>\n<footer><p>{}</p></footer>\n</body>\n</html>\n",
        tiles::tiles(report),
        plots(report),
        table::tables(report),
        note(language)
    )
}

/// What fits the report: bars and lines by time, bars by name, a map of weekdays and hours.
fn plots(report: &Report) -> String {
    let times = by_time(report);
    let mut all = String::new();
    if times.len() > 1 {
        all += &bars::contacts_by_time(report, &times);
        all += &lines::service_by_time(report, &times);
        all += &lines::answer_by_time(report, &times);
    }
    all += &heat::heat_map(report);
    let names = by_name(report);
    if names.len() > 1 {
        all += &bars::figures_by_name(report, &names);
    }
    all
}

const fn note(language: Language) -> &'static str {
    in_language(
        language,
        "Service levels: Avaya = answered in time / offered; net = without short abandons; Genesys = of answered and abandoned; \
         Asterisk = of answered alone. Made by turno.",
        "Niveles de servicio: Avaya = atendidas a tiempo / ofrecidas; neto = sin abandonos cortos; Genesys = de atendidas y \
         abandonadas; Asterisk = solo de atendidas. Hecho por turno.",
    )
}
