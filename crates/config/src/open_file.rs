//! Files with secrets that every user of the machine may read.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::reading::Reading;
use crate::source::SourceSpan;

/// The permission of everybody else to read a file.
const READ_BY_OTHERS: u32 = 0o004;

/// Says that everybody on the machine may read a file with a secret, where that is so.
pub(crate) fn notice_readable(reading: &mut Reading<'_>, place: SourceSpan, file: &Path) {
    let is_open = fs::metadata(file).is_ok_and(|about| about.permissions().mode() & READ_BY_OTHERS != 0);
    if is_open {
        let shown = file.display();
        reading.notice(place, format!("every user of this machine may read {shown}: `chmod o-rwx {shown}`"));
    }
}
