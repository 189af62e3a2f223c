//! The keys of [[hours]].

use turno_model::Hours;

use crate::difference_names::{dates, open_spans};
use crate::key::keys;
use crate::told::Said;
use crate::words::{Own, REQUIRED, own};

keys! {
    /// The keys of [[hours]].
    HOURS: HoursKeys of Hours beside { name, zone, weekly, holidays } {
        /// the name in the plan
        name: Own = REQUIRED, reload { name };
        /// a time zone of the IANA database, such as `America/Guayaquil`
        zone: Own = REQUIRED, reload { by |_, hours| Said(hours.zone.iana_name().unwrap_or("no name").to_owned()) };
        /// open spans, `["07:50-12:00", "12:30-16:30"]`; the end is no longer open. A night shift is two spans:
        /// `22:00-24:00` and, on the next day, `00:00-06:00`
        monday: Own = own("closed", "00:00 to 24:00"), reload { by |_, hours| open_spans(hours, 0) };
        /// the same
        tuesday: Own = own("closed", ""), reload { by |_, hours| open_spans(hours, 1) };
        /// the same
        wednesday: Own = own("closed", ""), reload { by |_, hours| open_spans(hours, 2) };
        /// the same
        thursday: Own = own("closed", ""), reload { by |_, hours| open_spans(hours, 3) };
        /// the same
        friday: Own = own("closed", ""), reload { by |_, hours| open_spans(hours, 4) };
        /// the same
        saturday: Own = own("closed", ""), reload { by |_, hours| open_spans(hours, 5) };
        /// the same
        sunday: Own = own("closed", ""), reload { by |_, hours| open_spans(hours, 6) };
        /// the same for five days, instead of naming them
        monday_to_friday: Own = own("closed", ""), reload { with monday };
        /// days closed altogether, `["2026-12-25"]`
        holidays: Own = own("none", "each once"), reload { by |_, hours| dates(hours) };
    }
}
