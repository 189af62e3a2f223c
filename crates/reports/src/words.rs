//! Words of reports in both languages.

use turno_history::report::Report;
use turno_model::Language;
use turno_model::plan::{ReportBy, ReportOf};

/// The word of a plan and of the command line.
pub(crate) fn of_key(of: ReportOf) -> &'static str {
    ReportOf::WORDS.iter().find(|(_, known)| *known == of).map_or("", |(word, _)| word)
}

/// The word of a plan and of the command line.
pub(crate) fn by_key(by: ReportBy) -> &'static str {
    ReportBy::WORDS.iter().find(|(_, known)| *known == by).map_or("", |(word, _)| word)
}

/// Whose figures and by which time, as a title.
pub(crate) fn title(report: &Report) -> String {
    let (of, by) = (report.question.of, report.question.by);
    let (of, by) = match report.language {
        Language::English => (
            match of {
                ReportOf::Line => "The line",
                ReportOf::Queues => "Queues",
                ReportOf::Agents => "Agents",
                ReportOf::Fairness => "Fairness between agents",
                ReportOf::Trunks => "Trunks",
                ReportOf::Codes => "Wrap-up codes",
                ReportOf::Procedures => "Procedures",
                ReportOf::Numbers => "Dialled numbers",
                ReportOf::Callers => "Callers",
            },
            match by {
                ReportBy::HalfHour => " by half hour",
                ReportBy::Hour => " by hour",
                ReportBy::Day => " by day",
                ReportBy::Week => " by week",
                ReportBy::Month => " by month",
                ReportBy::Whole => "",
            },
        ),
        Language::Spanish => (
            match of {
                ReportOf::Line => "La línea",
                ReportOf::Queues => "Colas",
                ReportOf::Agents => "Agentes",
                ReportOf::Fairness => "Equidad entre agentes",
                ReportOf::Trunks => "Troncales",
                ReportOf::Codes => "Códigos de cierre",
                ReportOf::Procedures => "Trámites",
                ReportOf::Numbers => "Números marcados",
                ReportOf::Callers => "Llamantes",
            },
            match by {
                ReportBy::HalfHour => " por media hora",
                ReportBy::Hour => " por hora",
                ReportBy::Day => " por día",
                ReportBy::Week => " por semana",
                ReportBy::Month => " por mes",
                ReportBy::Whole => "",
            },
        ),
    };
    format!("{of}{by}")
}

/// The days of a report.
pub(crate) fn days(report: &Report) -> String {
    let (from, to) = (report.question.from, report.question.to);
    if from == to {
        return from.to_string();
    }
    match report.language {
        Language::English => format!("{from} to {to}"),
        Language::Spanish => format!("{from} a {to}"),
    }
}

/// The text in the report's language.
pub(crate) const fn in_language<'a>(language: Language, english: &'a str, spanish: &'a str) -> &'a str {
    match language {
        Language::English => english,
        Language::Spanish => spanish,
    }
}
