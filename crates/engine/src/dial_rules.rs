//! Which outside numbers may be dialled, by patterns.

use turno_calls::normalised;
use turno_model::Plan;
use turno_model::plan::{TrunkPlan, bare_number};

/// Whether a number may be dialled. The pattern with most leading digits decides. A tie is a refusal.
pub(crate) fn may_be_dialled((allow, deny): (&[String], &[String]), number: &str) -> bool {
    let closest = |patterns: &[String]| {
        let fitting = patterns.iter().filter(|pattern| matches_pattern(pattern, number));
        fitting.map(|pattern| digits_before_any(pattern)).max()
    };
    closest(allow) > closest(deny)
}

/// A number as it is dialled inside the trunk's country: with the national prefix, and a foreign one with `00`.
/// However a person writes a number, this is the same.
pub(crate) fn national(number: &str, trunk: &TrunkPlan) -> String {
    let (country, prefix) = (trunk.country_code.as_deref(), trunk.national_prefix.as_deref());
    let number = normalised(number, country, prefix);
    let Some(international) = number.strip_prefix('+') else { return bare_number(&number) };
    match country.and_then(|country| international.strip_prefix(country)) {
        Some(rest) => bare_number(&format!("{}{rest}", prefix.unwrap_or_default())),
        None if country.is_some() => bare_number(&format!("00{international}")),
        None => bare_number(international),
    }
}

/// A number in the one form by which the site knows it, however it is written.
pub(crate) fn site_form(plan: &Plan, number: &str) -> String {
    home_trunk(plan).map_or_else(|| number.to_owned(), |trunk| national(number, trunk))
}

/// A number with its country, digits alone; `None`: its country is not known.
pub(crate) fn whole(plan: &Plan, number: &str) -> Option<String> {
    let trunk = home_trunk(plan)?;
    let (country, prefix) = (trunk.country_code.as_deref(), trunk.national_prefix.as_deref());
    normalised(number, country, prefix).strip_prefix('+').map(str::to_owned)
}

/// The trunk whose country is the site's: the one by which people are dialled, else the first that has a country.
fn home_trunk(plan: &Plan) -> Option<&TrunkPlan> {
    let dialled = plan.dial_out.trunk.and_then(|trunk| plan.trunks.get(trunk.index()));
    dialled.or_else(|| plan.trunks.iter().find(|trunk| trunk.country_code.is_some()))
}

fn digits_before_any(pattern: &str) -> usize {
    bare_number(pattern).bytes().take_while(u8::is_ascii_digit).count()
}

/// Whether `number` fits: `X` is any digit, a last `.` any more digits.
pub(crate) fn matches_pattern(pattern: &str, number: &str) -> bool {
    let (pattern, is_open) = pattern.strip_suffix('.').map_or((pattern, false), |prefix| (prefix, true));
    let pattern = bare_number(pattern);
    if number.len() < pattern.len() || (!is_open && number.len() > pattern.len()) {
        return false;
    }
    let fits = |(p, n): (u8, u8)| n.is_ascii_digit() && (p.eq_ignore_ascii_case(&b'x') || p == n);
    pattern.bytes().zip(number.bytes()).all(fits) && number.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use turno_model::sample;

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn only_listed_numbers_can_be_dialled() {
        assert!(matches_pattern("02XXXXXXX", "023952300"));
        assert!(!matches_pattern("02XXXXXXX", "0239523001"));
        assert!(matches_pattern("09.", "0991234567"));
        assert!(!matches_pattern("09.", "08"));
        assert!(!matches_pattern("XXX.", "911;ext=1"));
        assert!(!matches_pattern("", "0"));
    }

    #[test]
    fn the_closest_pattern_decides_and_a_tie_is_a_refusal() {
        let allow = texts(&["0.", "0900123456", "02XXXXXXX"]);
        let deny = texts(&["00.", "0900.", "029999999", "02XXXXX99"]);
        for number in ["0991234567", "0900123456", "023952300"] {
            assert!(may_be_dialled((&allow, &deny), number), "{number}");
        }
        for number in ["0088213", "0900555555", "029999999", "023952399", "911", ""] {
            assert!(!may_be_dialled((&allow, &deny), number), "{number}");
        }
        assert!(!may_be_dialled((&[], &[]), "0991234567"));
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written_and_a_foreign_one_is_known_as_such() {
        let mut trunk = sample::trunk("carrier");
        trunk.country_code = Some("593".to_owned());
        trunk.national_prefix = Some("0".to_owned());
        for written in ["0991234567", "+593991234567", "593991234567", "00593991234567", "099 123-4567"] {
            assert_eq!(national(written, &trunk), "0991234567", "{written}");
        }
        assert_eq!(national("+12125550100", &trunk), "0012125550100");
        assert_eq!(national("0012125550100", &trunk), "0012125550100");
    }
}
