//! Normalises callers' numbers.

/// `number` in the form `+CC…` where possible: removes separators, replaces `00` before a country code by `+`, and a
/// national prefix by the country code. Extensions and short numbers stay unchanged.
pub fn normalised(number: &str, country_code: Option<&str>, national_prefix: Option<&str>) -> String {
    let bare: String = number.chars().filter(|c| !matches!(c, '-' | '.' | ' ' | '(' | ')')).collect();
    if bare.starts_with('+') || bare.len() < 7 || !bare.bytes().all(|b| b.is_ascii_digit()) {
        return bare;
    }
    let Some(country) = country_code else { return bare };
    if let Some(rest) = bare.strip_prefix("00") {
        return format!("+{rest}");
    }
    let national = national_prefix.filter(|prefix| !prefix.is_empty());
    if let Some(rest) = national.and_then(|prefix| bare.strip_prefix(prefix)) {
        return format!("+{country}{rest}");
    }
    if bare.starts_with(country) { format!("+{bare}") } else { bare }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mobile_of_quito_reads_the_same_however_the_carrier_writes_it() {
        for written in ["0991234567", "+593991234567", "593991234567", "00593991234567", "099-123 4567"] {
            assert_eq!(normalised(written, Some("593"), Some("0")), "+593991234567", "{written}");
        }
    }

    #[test]
    fn an_extension_and_a_name_stay_as_they_are() {
        assert_eq!(normalised("1001", Some("593"), Some("0")), "1001");
        assert_eq!(normalised("anonymous", Some("593"), Some("0")), "anonymous");
        assert_eq!(normalised("0991234567", None, None), "0991234567");
    }
}
