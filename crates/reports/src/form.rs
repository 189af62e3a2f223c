//! The forms of a report.

use turno_history::report::Report;
use turno_model::plan::ReportFormat;

use crate::not_made::NotMade;
use crate::page;
use crate::text;
use crate::workbook;

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Aligned columns, with all together in the last line.
    Table,
    /// RFC 4180, with a line of names for programs.
    Csv,
    /// A list of objects.
    Json,
    /// A workbook of one sheet.
    Xlsx,
    /// A page for screen and paper: one file without scripts.
    Html,
}

impl From<ReportFormat> for Form {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Html => Self::Html,
            ReportFormat::Xlsx => Self::Xlsx,
            ReportFormat::Csv => Self::Csv,
            ReportFormat::Json => Self::Json,
        }
    }
}

impl Form {
    /// The end of a file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Table => "txt",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
            Self::Html => "html",
        }
    }

    /// What it is, for HTTP.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Table => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Html => "text/html; charset=utf-8",
        }
    }
}

/// The report in this form. The page is in the report's language.
///
/// # Errors
/// [`NotMade`]: a workbook has at most 1,048,576 rows.
pub fn render(report: &Report, form: Form) -> Result<Vec<u8>, NotMade> {
    let with_end = |text: String| (text + "\n").into_bytes();
    Ok(match form {
        Form::Table => with_end(text::as_table(report)),
        Form::Csv => (text::as_csv(report) + "\r\n").into_bytes(),
        Form::Json => with_end(text::as_json(report)),
        Form::Html => page::page(report).into_bytes(),
        Form::Xlsx => return workbook::workbook(report),
    })
}
