//! A report as a workbook: one sheet, with numbers that a spreadsheet calculates with.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use turno_history::report::{Cell, Report};

use crate::not_made::NotMade;
use crate::words::{days, in_language, title};

/// The longest name of a sheet.
const SHEET_NAME_MAX: usize = 31;

/// Seconds of a day, which is 1 in a spreadsheet.
const DAY_SECONDS: f64 = 86_400.0;

/// Widths of columns in characters.
const NAME_WIDTH: f64 = 24.0;
const FIGURE_WIDTH: f64 = 12.0;

impl From<XlsxError> for NotMade {
    fn from(error: XlsxError) -> Self {
        Self(error.to_string())
    }
}

/// The forms of cells, and those of the last line.
struct Forms {
    head: Format,
    text: Format,
    count: Format,
    share: Format,
    span: Format,
    mean: Format,
    money: Format,
}

impl Forms {
    fn new(is_total: bool) -> Self {
        let form = || {
            let form = Format::new();
            if is_total { form.set_bold().set_border_top(FormatBorder::Thin) } else { form }
        };
        let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
        Self {
            head: head.set_border_bottom(FormatBorder::Thin),
            text: form(),
            count: form().set_num_format("#,##0"),
            share: form().set_num_format("0.0%"),
            span: form().set_num_format("[h]:mm:ss"),
            mean: form().set_num_format("0.00"),
            money: form().set_num_format("#,##0.00"),
        }
    }
}

/// The bytes of the workbook.
pub(crate) fn workbook(report: &Report) -> Result<Vec<u8>, NotMade> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let name: String = title(report).chars().take(SHEET_NAME_MAX).collect();
    sheet.set_name(name)?;
    let (forms, of_total) = (Forms::new(false), Forms::new(true));
    for (column, head) in (0_u16..).zip(&report.heads) {
        sheet.write_string_with_format(0, column, *head, &forms.head)?;
        let is_name = usize::from(column) < report.names;
        sheet.set_column_width(column, if is_name { NAME_WIDTH } else { FIGURE_WIDTH })?;
    }
    let mut line = 0;
    for row in &report.rows {
        line += 1;
        write(sheet, line, row, &forms)?;
    }
    let last_column = u16::try_from(report.heads.len().saturating_sub(1)).unwrap_or(u16::MAX);
    if line > 0 {
        sheet.autofilter(0, 0, line, last_column)?;
    }
    if let Some(total) = report.total.as_ref().filter(|_| report.rows.len() > 1) {
        line += 1;
        write(sheet, line, total, &of_total)?;
        if report.names > 0 {
            let all = in_language(report.language, "all", "total");
            sheet.write_string_with_format(line, 0, all, &of_total.text)?;
        }
    }
    // The heads and the names stay in sight.
    sheet.set_freeze_panes(1, u16::try_from(report.names).unwrap_or_default())?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    sheet.set_header(format!("&L{} · {}&R{}", header(&report.site), header(&title(report)), days(report)));
    sheet.set_footer("&Cturno&R&P / &N");
    Ok(workbook.save_to_buffer()?)
}

/// In a header `&` begins a word of the spreadsheet's own.
fn header(text: &str) -> String {
    text.replace('&', "&&")
}

fn write(sheet: &mut Worksheet, line: u32, row: &[Cell], forms: &Forms) -> Result<(), NotMade> {
    for (column, cell) in (0_u16..).zip(row) {
        match cell {
            Cell::Text(text) => sheet.write_string_with_format(line, column, text, &forms.text)?,
            #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
            Cell::Count(count) => {
                sheet.write_number_with_format(line, column, *count as f64, &forms.count)?
            }
            Cell::Share(Some(share)) => sheet.write_number_with_format(line, column, *share, &forms.share)?,
            Cell::Span(Some(span)) => {
                let days = span.as_secs_f64() / DAY_SECONDS;
                sheet.write_number_with_format(line, column, days, &forms.span)?
            }
            Cell::Mean(Some(mean)) => sheet.write_number_with_format(line, column, *mean, &forms.mean)?,
            Cell::Money(amount) => sheet.write_number_with_format(line, column, *amount, &forms.money)?,
            Cell::Share(None) | Cell::Span(None) | Cell::Mean(None) => {
                sheet.write_blank(line, column, &forms.text)?
            }
        };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};

    use super::*;
    use crate::text::tests::report;

    #[test]
    fn a_spreadsheet_reads_numbers_and_takes_no_name_for_a_formula() {
        let bytes = workbook(&report()).expect("a workbook");
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).expect("it opens");
        assert_eq!(book.sheet_names(), ["Colas"]);
        let sheet = book.worksheet_range("Colas").expect("a sheet");
        let rows: Vec<&[Data]> = sheet.rows().collect();
        assert_eq!(rows[0][0], Data::String("cola".to_owned()));
        assert_eq!(rows[1][0], Data::String("=luae, \"x\"".to_owned()), "a text");
        assert_eq!(rows[1][1], Data::Float(17.0));
        assert_eq!(rows[1][2], Data::Float(0.764_705));
        let Data::DateTime(span) = &rows[2][3] else { panic!("{:?} is no time", rows[2][3]) };
        assert!(span.is_duration(), "hours go on beyond 24");
        let span = span.as_f64();
        assert!((span * DAY_SECONDS - 31_207.0).abs() < 0.001, "days: {span}");
        assert!(matches!(rows[2][2], Data::Empty) && matches!(rows[1][4], Data::Empty));
        assert_eq!(rows[3][0], Data::String("total".to_owned()));
        assert!(book.worksheet_formula("Colas").expect("a sheet").is_empty(), "nothing is calculated");
    }
}
