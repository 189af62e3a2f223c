//! The plans for tests.

use std::path::Path;

use turno_ground::Moment;
use turno_model::{Plan, PromptName};

/// A Tuesday, 10:00 in Quito.
pub const TUESDAY_AT_TEN: Moment = Moment::from_secs(1_795_532_400);
/// The same Tuesday, 17:00 in Quito: outside opening hours.
pub const TUESDAY_AT_FIVE: Moment = Moment::from_secs(1_795_557_600);
/// The independence of Cuenca, 10:00 in Quito: a holiday.
pub const HOLIDAY_AT_TEN: Moment = Moment::from_secs(1_793_718_000);

/// The test bench's own site.
pub fn site() -> Plan {
    load("tests/src/stage/site.toml")
}

/// The site that is built into turno.
pub fn quito() -> Plan {
    load("sip-config/quito")
}

/// The plan for load tests.
pub fn lab() -> Plan {
    load("sip-config/lab")
}

/// The id of the prompt with this name.
pub fn prompt(plan: &Plan, name: &str) -> PromptName {
    let place = plan.prompts.iter().position(|prompt| prompt.name == name).expect("the prompt is planned");
    PromptName(u32::try_from(place).expect("few prompts"))
}

fn load(path: &str) -> Plan {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lie in the workspace");
    match turno_config::load(&root.join(path)) {
        Ok((plan, _)) => plan,
        Err(refused) => panic!("{refused}"),
    }
}
