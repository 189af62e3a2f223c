//! The plan's procedures for other commands: what `turno check` says of them, their names in reports.

use jiff::Zoned;
use jiff::civil::Date;
use turno_history::report::Report;
use turno_knowledge::Library;
use turno_model::Plan;
use turno_model::plan::ReportOf;

/// What `turno check` says of the procedures: the words of what is refused, or those of what is old.
pub(crate) fn check(plan: &Plan) -> Result<Vec<String>, String> {
    let Some(folder) = &plan.knowledge.procedures else { return Ok(Vec::new()) };
    let library =
        Library::read(folder, &|code| plan.takes_code(code)).map_err(|refused| refused.to_string())?;
    let notices = library.notices(today(), plan.knowledge.checked_days);
    Ok(notices.iter().map(ToString::to_string).collect())
}

/// Gives a report of procedures their names. What is wrong with them `turno check` says; a report stays with the codes.
pub(crate) fn name_procedures(report: &mut Report, plan: &Plan) {
    if report.question.of != ReportOf::Procedures {
        return;
    }
    let folder = plan.knowledge.procedures.as_deref();
    let library = folder.and_then(|folder| Library::read(folder, &|code| plan.takes_code(code)).ok());
    if let Some(library) = library {
        report.name_procedures(|code| library.of_code(code).map(|procedure| procedure.name.clone()));
    }
}

/// The day here.
pub(crate) fn today() -> Date {
    Zoned::now().date()
}
